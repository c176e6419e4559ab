/// Builds nodes out of events, and refuses what an edit could not keep apart.
struct Composition: ~Copyable {
  /// Deeper nesting is nobody's configuration, and would eat the stack.
  static let greatestDepth = 64

  private var events: EventStream
  /// The byte offset of each character, and of the end.
  private let offsets: [Int]
  private let forms: Document.Forms

  private init(events: consuming EventStream, offsets: [Int], forms: Document.Forms) {
    self.events = events
    self.offsets = offsets
    self.forms = forms
  }

  /// The root of the only document of a text, nil if there is nothing but comments; and where its
  /// end is written (`...`).
  static func onlyDocument(
    of bytes: [UInt8], _ forms: Document.Forms
  ) throws(YAMLError) -> (root: Node?, end: Int?) {
    var composition = Composition(
      events: try EventStream.over(bytes), offsets: characterOffsets(of: bytes), forms: forms)
    return try composition.onlyDocument()
  }

  private mutating func onlyDocument() throws(YAMLError) -> (root: Node?, end: Int?) {
    _ = try events.next()
    guard case .documentStart = try events.next().kind else { return (nil, nil) }
    let root = try node(events.next(), depth: 0)
    let end = bytes(try events.next())
    let next = try events.next()
    if case .documentStart = next.kind {
      throw YAMLError(
        .unsupported, line: next.line, problem: "a second document begins here; one is expected")
    }
    return (root, end.isEmpty ? nil : end.lowerBound)
  }

  private mutating func node(_ event: Event, depth: Int) throws(YAMLError) -> Node {
    guard depth < Self.greatestDepth else {
      throw refusal(event, "nested deeper than \(Self.greatestDepth) levels")
    }
    if forms == .plain, event.anchor != nil {
      throw refusal(event, "anchors (&name) are not supported")
    }
    switch event.kind {
    case .scalar(let text, let style): return node(event, .scalar(text, style), end: nil)
    case .sequenceStart(let style): return try sequence(event, style, depth: depth)
    case .mappingStart(let style): return try mapping(event, style, depth: depth)
    case .alias(let name) where forms == .all: return node(event, .alias(name), end: nil)
    default: throw refusal(event, "aliases (*name) are not supported")
    }
  }

  private mutating func sequence(
    _ start: Event, _ style: Node.CollectionStyle, depth: Int
  ) throws(YAMLError) -> Node {
    var items: [Node] = []
    var event = try events.next()
    while !event.endsCollection {
      items.append(try node(event, depth: depth + 1))
      event = try events.next()
    }
    let end = style == .flow ? bytes(event).upperBound : items.last?.range.upperBound
    return node(start, .sequence(items, style), end: end)
  }

  private mutating func mapping(
    _ start: Event, _ style: Node.CollectionStyle, depth: Int
  ) throws(YAMLError) -> Node {
    var entries: [Node.Entry] = []
    var lines: [String: Int] = [:]
    var event = try events.next()
    while !event.endsCollection {
      let key = try node(event, depth: depth + 1)
      if forms == .plain { try check(key, event, seen: &lines) }
      entries.append(Node.Entry(key: key, value: try node(events.next(), depth: depth + 1)))
      event = try events.next()
    }
    let end = style == .flow ? bytes(event).upperBound : entries.last?.value.range.upperBound
    return node(start, .mapping(entries, style), end: end)
  }

  private func check(
    _ key: Node, _ event: Event, seen lines: inout [String: Int]
  ) throws(YAMLError) {
    guard let text = key.text else {
      throw refusal(event, "a collection as a key is not supported")
    }
    if key.tag != nil { throw refusal(event, "a tag on a key is not supported") }
    if key.range.isEmpty { throw refusal(event, "a key is missing before the colon") }
    if case .scalar("<<", .plain) = key.content {
      throw refusal(event, "merge keys (<<) are not supported")
    }
    if let first = lines.updateValue(key.line, forKey: text) {
      throw YAMLError(
        .duplicate(key: text, first: first), line: event.line, column: event.column,
        problem: "'\(text)' is already on line \(first)")
    }
  }

  private func node(_ event: Event, _ content: Node.Content, end: Int?) -> Node {
    let own = bytes(event)
    return Node(
      content: content, tag: event.tag, anchor: event.anchor, line: event.line,
      column: event.column,
      range: own.lowerBound..<max(own.lowerBound, end ?? own.upperBound))
  }

  private func bytes(_ event: Event) -> Range<Int> {
    let last = offsets.count - 1
    return offsets[
      min(event.characters.lowerBound, last)]..<offsets[min(event.characters.upperBound, last)]
  }

  private func refusal(_ event: Event, _ problem: String) -> YAMLError {
    YAMLError(.unsupported, line: event.line, column: event.column, problem: problem)
  }

  /// libyaml counts characters and not bytes, and does not count the byte order mark.
  private static func characterOffsets(of bytes: [UInt8]) -> [Int] {
    let start = bytes.starts(with: Document.byteOrderMark) ? Document.byteOrderMark.count : 0
    return (start..<bytes.count).filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
  }
}

extension Event {
  fileprivate var endsCollection: Bool {
    if case .collectionEnd = kind { true } else { false }
  }
}
