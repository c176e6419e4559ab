import CYaml

/// What libyaml finds in a text, without the product's code in between.
struct YAMLEvents {
  /// One event, as far as it says something: a scalar's quotes do not.
  struct Event: Equatable {
    let kind: UInt32
    let anchor: String?
    let tag: String?
    let text: String?
    /// Whether a scalar could be something else than a text, such as null.
    let isPlain: Bool
    /// In characters, a byte order mark not counted.
    let start: Int
    let end: Int

    static func == (one: Event, other: Event) -> Bool {
      one.kind == other.kind && one.isPlain == other.isPlain && same(one.text, other.text)
        && same(one.anchor, other.anchor) && same(one.tag, other.tag)
    }

    /// Byte by byte, which Swift's texts are not compared.
    static func same(_ one: String?, _ other: String?) -> Bool {
      one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
    }

    var isScalar: Bool { kind == YAML_SCALAR_EVENT.rawValue }
    var isListStart: Bool { kind == YAML_SEQUENCE_START_EVENT.rawValue }
    var isListEnd: Bool { kind == YAML_SEQUENCE_END_EVENT.rawValue }
  }

  let events: [Event]
  private let offsets: [Int]

  /// Nil where libyaml finds an error.
  init?(_ bytes: [UInt8]) {
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    offsets = (mark..<max(mark, bytes.count)).filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
    var events: [Event] = []
    let isWhole = bytes.withUnsafeBufferPointer { input in
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return false }
      defer { yaml_parser_delete(&parser) }
      // Not even an empty text may be nil.
      let nothing: [UInt8] = [0]
      return nothing.withUnsafeBufferPointer { nothing in
        yaml_parser_set_input_string(&parser, input.baseAddress ?? nothing.baseAddress, input.count)
        return Self.read(&parser, into: &events)
      }
    }
    guard isWhole else { return nil }
    self.events = events
  }

  /// The bytes of an event.
  func range(_ event: Event) -> Range<Int> {
    let last = offsets.count - 1
    return offsets[min(event.start, last)]..<offsets[min(event.end, last)]
  }

  private static func read(_ parser: inout yaml_parser_t, into events: inout [Event]) -> Bool {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { return false }
      defer { yaml_event_delete(&event) }
      events.append(Event(event))
      if event.type == YAML_STREAM_END_EVENT { return true }
    }
  }
}

extension YAMLEvents.Event {
  init(_ event: yaml_event_t) {
    kind = event.type.rawValue
    start = event.start_mark.index
    end = event.end_mark.index
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      anchor = Self.text(scalar.anchor)
      tag = Self.text(scalar.tag)
      text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      isPlain = scalar.plain_implicit == 1 && scalar.style == YAML_PLAIN_SCALAR_STYLE
    case YAML_SEQUENCE_START_EVENT:
      (anchor, tag) = (
        Self.text(event.data.sequence_start.anchor), Self.text(event.data.sequence_start.tag)
      )
      (text, isPlain) = (nil, false)
    case YAML_MAPPING_START_EVENT:
      (anchor, tag) = (
        Self.text(event.data.mapping_start.anchor), Self.text(event.data.mapping_start.tag)
      )
      (text, isPlain) = (nil, false)
    case YAML_ALIAS_EVENT:
      (anchor, tag) = (Self.text(event.data.alias.anchor), nil)
      (text, isPlain) = (nil, false)
    default: (anchor, tag, text, isPlain) = (nil, nil, nil, false)
    }
  }

  private static func text(_ start: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    start.map { String(cString: $0) }
  }
}
