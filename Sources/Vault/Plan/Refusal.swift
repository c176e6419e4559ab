/// Why no safe plan exists: nothing was changed.
///
/// The description is lower case, without a full stop, and names the object in single quotes. The
/// advice is a full sentence, with a command to paste where there is one.
package struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  package let advice: String
  /// How long it is worth to wait and look again: disks of a cloud appear one after the other.
  package let patience: Duration

  package init(_ description: String, advice: String, patience: Duration = .zero) {
    self.description = description
    self.advice = advice
    self.patience = patience
  }
}
