/// An `elasticsearch.yml` put together by chance, in any of the forms that Elasticsearch reads.
struct GeneratedSettings {
  private(set) var text = ""
  private var random: Numbers
  private var count = 0

  init(seed: UInt64) {
    random = Numbers(seed: seed)
    let isFlow = random.below(8) == 0
    var entries = (0..<random.below(9)).map { _ in isFlow ? inFlow() : block() }
    if let path = isFlow ? pathInFlow() : path() {
      entries.insert(path, at: random.below(entries.count + 1))
    }
    if isFlow {
      let comma = entries.isEmpty || random.below(3) > 0 ? "" : ","
      text = "{" + entries.joined(separator: oneOf([", ", ",", " ,\n  "])) + comma + "}\n"
    } else {
      text = entries.joined(separator: "\n") + "\n"
    }
    if random.below(9) == 0 {
      text = "%YAML 1.1\n---\n" + text
    } else if random.below(9) == 0 {
      text = "---\n" + text
    }
    if random.below(9) == 0 { text += "...\n# the end\n" }
    if random.below(3) == 0 { text = String(text.dropLast()) }
    if random.below(4) == 0 { text = text.replacing("\n", with: "\r\n") }
    if random.below(5) == 0 { text = "\u{FEFF}" + text }
  }

  /// `path.data` in one of the forms that can be edited, or none.
  private mutating func path() -> String? {
    let path = oneOf(["/x", "'/x'", "\"/x\"", "/my data", "${ES_DATA}/x", "/dätä", "~", "", "/x,"])
    let rest = oneOf(["", "  # here", "   "])
    switch random.below(12) {
    case 0: return nil
    case 1: return "'path.data': " + path + rest
    case 2: return "path:\n  data: " + path + rest + "\n  logs2: /l"
    case 3: return "path:\n    logs2: /l\n    # c\n    data: " + path
    case 4: return "path: {data: " + oneOf(["/x", "'/x'", ""]) + ", more: 1}" + rest
    case 5: return "path.data: [" + oneOf(["/x", " '/x' ", "\"/a,b\",", ""]) + "]" + rest
    case 6: return "path.data:\n" + oneOf(["- ", "  - ", "  -   "]) + oneOf(["/x", "'/x'"]) + rest
    case 7: return "path.data.0: /x" + rest
    case 8: return "path.data: /not-this\nforce.path.data: /x" + rest
    case 9: return "path.data:\n   /x" + rest
    case 10: return "? path.data\n: /x" + rest
    default: return "path.data: " + path + rest
    }
  }

  private mutating func pathInFlow() -> String? {
    oneOf([nil, "path.data: /x", "'path.data': '/x'", "path: {data: /x}", "\"path.data\":\"/x\""])
  }

  /// Whole lines that give some other settings, or none.
  private mutating func block() -> String {
    let name = name()
    switch random.below(16) {
    case 0: return oneOf(["# c: '[", "", "   ", "#path.data: /no", "# é 😀", "\n# --- \n"])
    case 1: return "\(name):\n  one: \(value())\n  two.three: \(value())"
    case 2: return "\(name):\n  - a\n  - 'b, c'\n  - 12"
    case 3: return "\(name):\n- a\n# between\n- \"b\""
    case 4: return "\(name): [a, 'b', \"c\", 1, yes]"
    case 5: return "\(name): {one: 1, two: {three: [4, 5]}}"
    case 6: return "\(name): |\n  path.data: /no\n   # text\n"
    case 7: return "\(name): >-\n  folded\n  text\n\n  of paragraphs"
    case 8: return "\(name): several\n  lines"
    case 9: return "\(name): &a\(count) v\n\(name).other: *a\(count)"
    case 10: return "\(name): !!str yes\n\(name).other: !!bool y"
    case 11: return "\(name).0: first\n\(name).1: second"
    case 12: return "force.\(name): forced\n\(name): not this"
    case 13: return "\(name): ${ES_DATA}/\(count)${NOPE:}"
    default: return "\(oneOf([name, "'\(name)'", "\"\(name)\"", "\(name) "])): \(value())"
    }
  }

  private mutating func inFlow() -> String {
    let name = name()
    return oneOf([
      "\(name): 1", "\(name): 'a, b'", "\"\(name)\": \"c\"", "\(name): [1, 'two']",
      "\(name): {one: 1}", "? \(name) : v",
    ])
  }

  private mutating func name() -> String {
    count += 1
    return oneOf(["name\(count)", "some.name\(count)", "é\(count).x", "path2.data\(count)"])
  }

  private mutating func value() -> String {
    let word = oneOf([
      "/var/lib/x", "true", "42", "with blank", "ü", "a#b", "0x1F", "2001-12-14", "No", "1:30",
      ".5",
      "a:b", "*", "{", "it's", "\\", "${ES_DATA}", "path.data: /no",
    ])
    let rest = oneOf(["", "  # note", "   ", "\t# after a tab"])
    switch random.below(3) {
    case 0: return "'" + word.replacing("'", with: "''") + "'" + (rest.contains("\t") ? "" : rest)
    case 1:
      return "\"" + word.replacing("\\", with: "\\\\") + "\"" + (rest.contains("\t") ? "" : rest)
    default:
      let isPlain = !["*", "{", "path.data: /no"].contains(word)
      return (isPlain ? word : "plain") + rest
    }
  }

  private mutating func oneOf<Choice>(_ choices: [Choice]) -> Choice {
    choices[random.below(choices.count)]
  }
}

/// A small generator of numbers that are the same in every run (xorshift).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) {
    state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<4 { _ = below(2) }
  }

  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 16) % max(bound, 1)
  }
}
