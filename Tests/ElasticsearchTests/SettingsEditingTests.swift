import Testing

@testable import Elasticsearch

@Suite struct SettingsEditingTests {
  private func edited(_ text: String, _ value: String = "/mnt/es/data") throws -> String {
    String(decoding: try settings(text).setting("path.data", to: value), as: UTF8.self)
  }

  /// Like the file of a package: nearly all of it is comments, a few settings in between.
  private let packaged = """
    # Settings of this node. Everything that is commented out has its default.
    #
    # ---------------------------------- Names -----------------------------------
    #cluster.name: logs-production
    node.name: es-1   # as in DNS
    # ---------------------------------- Places ----------------------------------
    #
    # Where documents are kept (several places with commas):
    #
    path.data: /var/lib/elasticsearch
    #
    # Where the log is written:
    path.logs: /var/log/elasticsearch
    # ---------------------------------- Memory ----------------------------------
    #bootstrap.memory_lock: true
    # --------------------------------- Discovery --------------------------------
    discovery.seed_hosts: ["host1", "host2"]
    cluster.initial_master_nodes:
      - es-1
      - "es-2"
    #--- BEGIN SECURITY AUTO CONFIGURATION ---
    xpack.security.http.ssl:
      enabled: true
      keystore.path: certs/http.p12
    #--- END SECURITY AUTO CONFIGURATION ---

    """

  @Test func inThePackagesFileExactlyOneLineChanges() throws {
    let before = packaged.split(separator: "\n", omittingEmptySubsequences: false)
    let after = try edited(packaged).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(before.count == after.count)
    let different = zip(before, after).filter { $0 != $1 }
    #expect(different.map { String($0.0) } == ["path.data: /var/lib/elasticsearch"])
    #expect(different.map { String($0.1) } == ["path.data: /mnt/es/data"])
  }

  @Test(arguments: [
    ("path.data: /x  # c\r\na: 1\r\n", "path.data: /mnt/es/data  # c\r\na: 1\r\n"),
    ("a: 1\npath.data: /x", "a: 1\npath.data: /mnt/es/data"),
    ("\u{FEFF}path.data: /x\n", "\u{FEFF}path.data: /mnt/es/data\n"),
    ("path.data: '/x' # 'c'\n", "path.data: '/mnt/es/data' # 'c'\n"),
    ("\"path.data\":   \"/x\"   \n", "\"path.data\":   \"/mnt/es/data\"   \n"),
    ("path:\n  data: /x\n  logs: /l\n", "path:\n  data: /mnt/es/data\n  logs: /l\n"),
    (
      "path:\n    logs: /l\n    # c\n    data: /x",
      "path:\n    logs: /l\n    # c\n    data: /mnt/es/data"
    ),
    ("path.data: /mnt/es/data", "path.data: /mnt/es/data"),
    ("path.data: '/mnt/es/data'\n", "path.data: '/mnt/es/data'\n"),
    ("é: ü\npath.data: /x#y #z\n", "é: ü\npath.data: /mnt/es/data #z\n"),
  ])
  func onlyTheBytesOfTheValueChange(_ before: String, _ after: String) throws {
    #expect(try edited(before) == after)
  }

  @Test(arguments: [
    ("", "path.data: /mnt/es/data\n"), ("# c", "# c\npath.data: /mnt/es/data"),
    ("a: 1\n", "a: 1\npath.data: /mnt/es/data\n"), ("a: 1", "a: 1\npath.data: /mnt/es/data"),
    ("a: 1\r\n# end\r\n", "a: 1\r\n# end\r\npath.data: /mnt/es/data\r\n"),
    (" a: 1\n", " a: 1\n path.data: /mnt/es/data\n"),
    ("path:\n  logs: /l\n\n", "path:\n  logs: /l\n\npath.data: /mnt/es/data\n"),
    ("a: |\n  text\n", "a: |\n  text\npath.data: /mnt/es/data\n"),
    ("---\na: 1\n", "---\na: 1\npath.data: /mnt/es/data\n"),
  ])
  func aMissingSettingBecomesTheLastLine(_ before: String, _ after: String) throws {
    #expect(try edited(before) == after)
  }

  @Test(arguments: ["{a: 1}\n", "a: 1\n...\n", "~\n", "a: |\n  a last line without its end"])
  func whereNoLineCanBeAddedTheEditIsRefused(_ text: String) {
    #expect(throws: SettingsError.self) { try edited(text) }
  }

  @Test func aValueWithABlankGetsQuotes() throws {
    #expect(try edited("path.data: /x\n", "/my data") == "path.data: \"/my data\"\n")
  }

  @Test func twoSpellingsOfOneLetterAreTwoPaths() throws {
    let after = try settings("path.data: /e\u{301}\n").setting("path.data", to: "/\u{E9}")
    #expect(after == Array("path.data: \"/\u{E9}\"\n".utf8))
  }

  /// Files out of random pieces: after the edit the setting has its new value, every other one its
  /// old, and every line but one is the same.
  @Test func whateverTheFileLooksLikeOnlyTheOneSettingChanges() throws {
    for seed in 1...400 {
      let made = GeneratedSettings(seed: UInt64(seed))
      let before = try settings(made.text)
      let bytes = try before.setting("path.data", to: "/new/\(seed)")
      let after = try SettingsFile.parse(bytes)
      #expect(try after.value(of: "path.data")?.value == "/new/\(seed)")
      for name in made.names where name != "path.data" {
        #expect(try after.value(of: name)?.value == before.value(of: name)?.value, "\(made.text)")
      }
      let feed = UInt8(ascii: "\n")
      let old = Array(made.text.utf8).split(separator: feed, omittingEmptySubsequences: false)
      let new = bytes.split(separator: feed, omittingEmptySubsequences: false)
      let changed = new.difference(from: old)
      #expect(changed.insertions.count <= 2 && changed.removals.count <= 1, "\(made.text)")
    }
  }
}

/// An `elasticsearch.yml` put together by chance, in any of the plain forms.
struct GeneratedSettings {
  private(set) var text = ""
  private(set) var names: [String] = []
  private var random: UInt64

  init(seed: UInt64) {
    random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let newline = below(3) == 0 ? "\r\n" : "\n"
    var lines: [String] = []
    var isPlaced = below(6) == 0
    for index in 0..<(2 + below(12)) {
      if !isPlaced, below(4) == 0 {
        isPlaced = true
        lines += block("path", ["data"])
      }
      switch below(4) {
      case 0: lines.append(["# c: '[", "", "   ", "#path.data: /no", "# é"][below(5)])
      case 1: lines += block("group\(index)", ["one", "two.three"])
      case 2: lines += ["list\(index):", "  - a", "  - 'b'"]
      default: lines.append(entry("plain.name\(index)"))
      }
    }
    text = (below(5) == 0 ? "\u{FEFF}" : "") + lines.joined(separator: newline)
    if below(3) > 0 { text += newline }
  }

  /// Flat, or indented by two or four.
  private mutating func block(_ prefix: String, _ keys: [String]) -> [String] {
    let width = [0, 2, 4][below(3)]
    guard width > 0 else { return keys.map { entry(prefix + "." + $0) } }
    names += keys.map { prefix + "." + $0 }
    let margin = String(repeating: " ", count: width)
    return [prefix + ":"] + keys.map { margin + $0 + ": " + value() }
  }

  private mutating func entry(_ name: String) -> String {
    names.append(name)
    return (below(4) == 0 ? "'\(name)'" : name) + ": " + value()
  }

  private mutating func value() -> String {
    let word = ["/var/lib/x", "true", "42", "with blank", "ü", "a#b"][below(6)]
    let written = [word, "'\(word)'", "\"\(word)\""][below(3)]
    return written + ["", "  # note", "   "][below(3)]
  }

  private mutating func below(_ bound: Int) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return Int(random >> 16) % bound
  }
}
