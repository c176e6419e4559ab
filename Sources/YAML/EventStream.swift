import CYaml

/// What libyaml reports next, with its place in the source.
struct Event {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(String, Node.ScalarStyle)
    case sequenceStart(Node.CollectionStyle)
    case mappingStart(Node.CollectionStyle)
    case collectionEnd
  }

  let kind: Kind
  let tag: String?
  let anchor: String?
  /// Counted from 1.
  let line: Int
  /// Counted from 1.
  let column: Int
  /// Positions in characters, a byte order mark not counted: that is how libyaml counts.
  let characters: Range<Int>
}

/// The events of one YAML text, one at a time.
struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// libyaml reads from here as it goes, so the bytes have to stay where they are.
  private let input: UnsafeMutableBufferPointer<UInt8>

  private init(
    parser: UnsafeMutablePointer<yaml_parser_t>, input: UnsafeMutableBufferPointer<UInt8>
  ) {
    self.parser = parser
    self.input = input
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// Starts to read a text.
  ///
  /// The corresponding C functions are `yaml_parser_initialize` and `yaml_parser_set_input_string`.
  static func over(_ bytes: [UInt8]) throws(YAMLError) -> EventStream {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLError(.broken, problem: "not enough memory to read it")
    }
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    _ = input.initialize(from: bytes)
    yaml_parser_set_input_string(parser, UnsafePointer(input.baseAddress), bytes.count)
    return EventStream(parser: parser, input: input)
  }

  /// The next event.
  ///
  /// The corresponding C function is `yaml_parser_parse`.
  mutating func next() throws(YAMLError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { yaml_event_delete(&event) }
    return Event(event)
  }

  /// What libyaml complains about, in its words.
  private var failure: YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not enough memory"
    guard parser.pointee.error != YAML_READER_ERROR else {
      let before = input.prefix(parser.pointee.problem_offset)
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      return YAMLError(.broken, line: line, problem: problem)
    }
    let mark = parser.pointee.problem_mark
    return YAMLError(
      .broken, line: Int(mark.line) + 1, column: Int(mark.column) + 1, problem: problem)
  }
}
