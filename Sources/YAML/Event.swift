import CYaml

extension Event {
  /// Copies what libyaml is about to free.
  init(_ event: yaml_event_t) {
    line = Int(event.start_mark.line) + 1
    column = Int(event.start_mark.column) + 1
    characters = Int(event.start_mark.index)..<max(event.start_mark.index, event.end_mark.index)
    var tag: UnsafeMutablePointer<yaml_char_t>?
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      (tag, anchor) = (scalar.tag, scalar.anchor)
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(String(decoding: bytes, as: UTF8.self), Node.ScalarStyle(scalar.style))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      (tag, anchor) = (start.tag, start.anchor)
      kind = .sequenceStart(start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      (tag, anchor) = (start.tag, start.anchor)
      kind = .mappingStart(start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
    case YAML_ALIAS_EVENT: kind = .alias(String(cString: event.data.alias.anchor))
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_STREAM_START_EVENT: kind = .streamStart
    // After the end of the stream libyaml reports empty events.
    default: kind = .streamEnd
    }
    self.tag = tag.map { String(cString: $0) }
    self.anchor = anchor.map { String(cString: $0) }
  }
}

extension Node.ScalarStyle {
  init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}
