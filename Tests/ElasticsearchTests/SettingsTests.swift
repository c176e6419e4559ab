import Testing

@testable import Elasticsearch

func settings(_ text: String) throws(SettingsError) -> SettingsFile {
  try SettingsFile.parse(Array(text.utf8))
}

@Suite struct SettingsTests {
  @Test(arguments: [
    ("path.data: /x\n", 1), ("'path.data': /x", 1), ("\"path.data\": \"/x\"\n", 1),
    ("path:\n  data: /x\n", 2), ("path:\n    logs: /l\n    data: '/x'\n", 3),
    ("# c\n\n  path.data: /x # c\n", 3), ("\u{FEFF}path.data: /x\r\n", 1),
    ("path.logs: /l\npath:\n  data: /x", 3), ("path: {data: /x}\n", 1),
    ("{a: 1,\n path.data: /x}\n", 2), ("path.data: [/x]\n", 1), ("path.data:\n  - /x\n", 2),
    ("path.data: /z\nforce.path.data: /x\n", 2), ("path.data.0: /x\n", 1),
    ("cluster.name: a\n---\n", 0),
  ])
  func pathDataIsFoundInEveryPlainForm(_ text: String, line: Int) throws {
    guard line > 0 else {
      #expect(throws: SettingsError.self) { try settings(text) }
      return
    }
    #expect(try settings(text).value(of: "path.data") == Setting(value: "/x", line: line))
  }

  @Test func dotsMayBeCutAnywhere() throws {
    for text in [
      "a.b.c: v", "a:\n  b.c: v", "a.b:\n  c: v", "a:\n  b:\n    c: v", "a:\n  x: 1\na.b:\n  c: v",
    ] {
      #expect(try settings(text).value(of: "a.b.c")?.value == "v", "\(text)")
    }
  }

  @Test(arguments: [
    "", "# path.data: /x\n", "path.datas: /x\n", "path:\n  logs: /l\n", "path: x\n",
  ])
  func whatIsNotGivenIsNil(_ text: String) throws {
    #expect(try settings(text).value(of: "path.data") == nil)
  }

  @Test(arguments: [
    ("path.data: /x\npath.data: /y\n", "path.data", [1, 2]),
    ("path.data: /x\npath:\n  data: /y\n", "path.data", [1, 3]),
    ("path:\n  data: /y\n\npath.data: /x\n", "path.data", [2, 4]),
    ("path:\n  data: /y\n  data: /x\n", "path.data", [2, 3]),
  ])
  func aSettingGivenTwiceIsRefusedWithBothLines(_ text: String, name: String, lines: [Int]) {
    #expect(throws: SettingsError.givenTwice(setting: name, lines: lines)) {
      try settings(text).value(of: "path.data")
    }
  }

  @Test(arguments: [
    ("path.data: [/a, /b]\n", 1, "a list"), ("path.data:\n  - ${A}\n", 2, "a list"),
    ("path.data: \"/a,b\"\n", 1, "a list with commas"),
    ("path.data: ${HOME}/es\n", 1, "a variable (${…})"),
  ])
  func whatIsNotOneTextIsNoValue(_ text: String, line: Int, form: String) {
    let refusal = SettingsError.unsupported(setting: "path.data", line: line, form: form)
    #expect(throws: refusal) { try settings(text).value(of: "path.data") }
  }

  @Test(arguments: [
    ("path.data: {a: b}\n", 1, "a mapping"), ("path.data.1: /x\n", 1, "a mapping"),
    ("path.data: >\n  /x\n", 1, "a value of several lines"),
    ("path.data: /x\n  y\n", 1, "a value of several lines"),
    ("path.data: [\n]\n", 1, "a list"), ("path.data: [!!str /x]\n", 1, "a tag"),
    ("path.data: !!str /x\n", 1, "a tag"), ("path.data: &x /x\n", 1, "an anchor (&name)"),
    ("path.data: [&x /x]\n", 1, "an anchor (&name)"), ("path.data: [*x]\n", 1, "an alias (*name)"),
    ("&x path: {data: /x}\n", 1, "an anchor (&name)"),
    ("&x\npath.data: /x\n", 2, "an anchor (&name)"),
    ("path.data: *x\n", 1, "an alias (*name)"), ("path: *x\n", 1, "an alias (*name)"),
    ("a: 1\n<<: *x\n", 2, "a merge key (<<)"), ("path: {<<: {data: /x}}\n", 1, "a merge key (<<)"),
  ])
  func formsThatCannotBeEditedAreRefusedByName(_ text: String, line: Int, form: String) {
    let refusal = SettingsError.unsupported(setting: "path.data", line: line, form: form)
    #expect(throws: refusal) { try settings(text).setting("path.data", to: "/new") }
  }

  @Test(arguments: [
    ("path.data: [/a, /b]\n", 1), ("path.data: '/a,/b'\n", 1),
    ("path:\n  data:\n  - /a\n  - /b\n", 3),
    ("path.data.0: /a\npath.data.1: /b\n", 2),
  ])
  func severalPathsAreNotReplacedByOne(_ text: String, line: Int) {
    #expect(throws: SettingsError.several(setting: "path.data", line: line)) {
      try settings(text).setting("path.data", to: "/a")
    }
  }

  @Test func aFileThatElasticsearchWouldRefuseIsNotEdited() {
    #expect(throws: SettingsError.null(setting: "http", line: 2)) {
      try settings("path.data: /x\nhttp:\n").setting("path.data", to: "/new")
    }
    #expect(throws: SettingsError.self) {
      try settings("path.data: /x\na: 1\na.0: 2\n").setting("path.data", to: "/new")
    }
  }

  @Test func sixRefusesWhatSevenReads() throws {
    let file = try settings("a.b: 1\na:\n  b: 2\n")
    let loaded = try file.loaded(by: ElasticsearchVersion(7, 0, 0)).value(of: "a.b")
    #expect(loaded == .text("2"))
    #expect(throws: SettingsError.givenTwice(setting: "a.b", lines: [1, 3])) {
      try file.loaded(by: ElasticsearchVersion(6, 8, 13))
    }
  }

  @Test func severalSettingsAreSetAtOnce() throws {
    let bytes = try settings("path:\n  data: /x\na: 1\n")
      .setting([("path.data", "/d"), ("path.logs", "/l")])
    #expect(String(decoding: bytes, as: UTF8.self) == "path:\n  data: /d\na: 1\npath.logs: /l\n")
  }

  @Test func everyRefusalSaysWhatToDo() {
    let refusals: [SettingsError] = [
      .broken(line: 1, column: 1, problem: "x"), .broken(line: nil, column: nil, problem: "x"),
      .givenTwice(setting: "a", lines: [1, 2]), .unsupported(setting: "a", line: 1, form: "x"),
      .unusable(setting: "a", value: "v", reason: "x"), .null(setting: "a", line: 1),
      .several(setting: "a", line: 1), .unresolved(setting: "a", variable: "V"),
      .notEditable(setting: "a", line: 1, problem: "x"),
    ]
    for refusal in refusals {
      #expect(refusal.description.hasPrefix("could not ") && !refusal.description.hasSuffix("."))
      #expect(refusal.advice.hasSuffix("."), "\(refusal)")
    }
  }

  @Test(arguments: [
    "- a\n", "text\n", "*x : 1\n", "a: [[b]]\n", "a: 1\n---\nb: 2\n", "\tb: 1\n", "a:\t1\n",
  ])
  func whatIsNoSettingsFileIsBroken(_ text: String) {
    do throws(SettingsError) {
      _ = try settings(text)
      Issue.record("read: \(text)")
    } catch {
      guard case .broken(.some, _, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func errorsReadAsSentences() {
    #expect(
      SettingsError.givenTwice(setting: "path.data", lines: [1, 3]).description
        == "could not read 'path.data': it is given more than once, on lines 1 and 3")
    #expect(
      SettingsError.unsupported(setting: "path.data", line: 2, form: "a list").description
        == "could not read 'path.data': line 2 has a list")
    #expect(
      SettingsError.broken(line: 2, column: 5, problem: "x").description
        == "could not read the settings: line 2, column 5: x")
  }

  @Test(arguments: ["", "/a,/b", "/a,\u{301}b", "${HOME}", "${\u{301}}", "/a\n/b", " /a", "/a "])
  func valuesThatWouldBeReadOtherwiseAreRefused(_ value: String) throws {
    do throws(SettingsError) {
      _ = try settings("path.data: /x\n").setting("path.data", to: value)
      Issue.record("set: \(value)")
    } catch {
      guard case .unusable = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
