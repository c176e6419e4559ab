extension Unicode.Scalar {
  /// Whether it has no place in a name that is shown: it controls the terminal, ends the line, turns
  /// the direction of writing or cannot be seen, so that one name looks like another.
  package var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
