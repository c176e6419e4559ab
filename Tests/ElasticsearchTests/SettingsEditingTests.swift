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

  @Test func anAccentBehindACommaHidesNoPath() throws {
    let text = "path.data: /a,\u{301}/b\n"
    #expect(throws: SettingsError.several(setting: "path.data", line: 1)) { try edited(text) }
    #expect(try settings(text).loaded().dataPaths() == ["/a", "\u{301}/b"])
  }

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
    ("a: 1\n...\n# c", "a: 1\npath.data: /mnt/es/data\n...\n# c"),
    ("{a: 1}\n", "{a: 1, path.data: /mnt/es/data}\n"),
  ])
  func aMissingSettingBecomesTheLastLine(_ before: String, _ after: String) throws {
    #expect(try edited(before) == after)
  }

  @Test(arguments: ["~\n", "---\n", "a: |\n  a last line without its end"])
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

  @Test func nothingIsPutIntoTheStanzaOfTheAutoConfiguration() throws {
    let begin = "#----- BEGIN SECURITY AUTO CONFIGURATION -----\n"
    let end = "#----- END SECURITY AUTO CONFIGURATION -----\n"
    let new = "path.data: /mnt/es/data\n"
    #expect(
      try edited("a: 1\n" + begin + "b: 2\n" + end) == "a: 1\n" + begin + "b: 2\n" + end + new)
    #expect(try edited("a: 1\n" + begin + "b: 2\n") == "a: 1\n" + new + begin + "b: 2\n")
  }
}
