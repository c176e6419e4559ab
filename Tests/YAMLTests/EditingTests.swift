import Testing

@testable import YAML

@Suite struct EditingTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func replacing(_ key: String, _ value: String, in source: String) throws -> String {
    let document = try parse(source)
    return text(
      try document.replacing(scalar: try #require(document.root?[key]), with: value))
  }

  @Test(arguments: [
    ("a: x  # c\r\nb: y", "a: /new  # c\r\nb: y"),
    ("\u{FEFF}a: x   \n", "\u{FEFF}a: /new   \n"),
    ("a: 'x'\n", "a: '/new'\n"),
    ("a: \"x\" # \"x\"\n", "a: \"/new\" # \"x\"\n"),
    ("a:\nb: y\n", "a: /new\nb: y\n"),
    ("a:    # not yet\n", "a: /new    # not yet\n"),
    ("a: ~\n", "a: /new\n"),
    ("{a: x, b: y}\n", "{a: /new, b: y}\n"),
    ("'a' : x", "'a' : /new"),
    ("--- # head\na: x\n...\n", "--- # head\na: /new\n...\n"),
  ])
  func onlyTheBytesOfTheValueChange(_ before: String, _ after: String) throws {
    #expect(try replacing("a", "/new", in: before) == after)
  }

  @Test func quotesStayAndHoldWhatTheyHaveTo() throws {
    #expect(try replacing("a", "it's", in: "a: 'x'\n") == "a: 'it''s'\n")
    #expect(try replacing("a", "t\tb", in: "a: 'x'\n") == "a: \"t\\tb\"\n")
    #expect(try replacing("a", "x y", in: "a: x\n") == "a: \"x y\"\n")
  }

  @Test(arguments: [
    ("a: |\n  x\n", 1), ("b: 1\na: >-\n  x\n", 2), ("a: x\n  y\n", 1), ("a: 'x\n  y'\n", 1),
    ("a: [x]\n", 1), ("a: {x: y}\n", 1), ("a:\n  - x\n", 2), ("a: !!str x\n", 1),
  ])
  func whatIsNoPlainValueIsNotReplaced(_ source: String, line: Int) throws {
    let document = try parse(source)
    let node = try #require(document.root?["a"])
    do throws(YAMLError) {
      _ = try document.replacing(scalar: node, with: "n")
      Issue.record("edited: \(source)")
    } catch {
      #expect(error.kind == .notEditable && error.line == line)
    }
  }

  private let volumes = """
    version: 1
    # the volumes
    volumes:
      - name: esvol   # first
        mount: /mnt/es   # here

      # the second
      -   name: two
          key: {file: /k}
    policy: {cipher: aes}  # last

    """

  @Test func anEntryIsAddedAfterTheLastOneOfAnItem() throws {
    let document = try parse(volumes)
    let items = try #require(document.root?["volumes"]?.items)
    #expect(
      text(try document.setting("uuid", to: "3f0c1a2b-0000-4000-8000-123456789abc", in: items[0]))
        == volumes.replacing(
          "# here\n", "# here\n    uuid: 3f0c1a2b-0000-4000-8000-123456789abc\n"))
    #expect(
      text(try document.setting("device", to: "vol01", in: items[1]))
        == volumes.replacing("/k}\n", "/k}\n      device: vol01\n"))
  }

  @Test func anEntryThatIsThereIsReplaced() throws {
    let document = try parse(volumes)
    let item = try #require(document.root?["volumes"]?.items?.first)
    #expect(
      text(try document.setting("mount", to: "/mnt/x", in: item))
        == volumes.replacing("/mnt/es ", "/mnt/x "))
  }

  @Test func anItemIsAppendedInTheStyleOfTheFirst() throws {
    let item = Value.mapping([
      .init("name", .text("three")), .init("confine", .bare("false")),
      .init("key", .mapping([.init("file", .text("/k 3"))])),
    ])
    let document = try parse(volumes)
    #expect(
      text(try document.appending(item, toListAt: "volumes"))
        == volumes.replacing(
          "/k}\n",
          "/k}\n  - name: three\n    confine: false\n    key: {file: \"/k 3\"}\n"))
  }

  @Test(arguments: [
    ("", "volumes:\n  - name: x\n    k: 1\n"),
    ("# c", "# c\nvolumes:\n  - name: x\n    k: 1"),
    ("\u{FEFF}", "\u{FEFF}volumes:\n  - name: x\n    k: 1\n"),
    ("version: 1\r\n", "version: 1\r\nvolumes:\r\n  - name: x\r\n    k: 1\r\n"),
    ("version: 1", "version: 1\nvolumes:\n  - name: x\n    k: 1"),
    ("volumes:  # none\nz: 1\n", "volumes:  # none\n  - name: x\n    k: 1\nz: 1\n"),
    ("volumes:\n- name: y\n# end", "volumes:\n- name: y\n- name: x\n  k: 1\n# end"),
    ("volumes:\n-   name: y", "volumes:\n-   name: y\n-   name: x\n    k: 1"),
    ("volumes:\n  -\n    name: y\n", "volumes:\n  -\n    name: y\n  - name: x\n    k: 1\n"),
    ("  volumes:\n    - a\n", "  volumes:\n    - a\n    - name: x\n      k: 1\n"),
  ])
  func aListGrowsWhereverItIs(_ before: String, _ after: String) throws {
    let item = Value.mapping([.init("name", .text("x")), .init("k", .bare("1"))])
    #expect(text(try parse(before).appending(item, toListAt: "volumes")) == after)
  }

  @Test(arguments: [
    "volumes: []\n", "volumes: [{name: y}]\n", "{volumes: }\n", "volumes: ~\n", "volumes: x\n",
    "a: 1\n...\n", "[x]\n",
  ])
  func listsInOtherFormsAreRefused(_ source: String) throws {
    do throws(YAMLError) {
      _ = try parse(source).appending(.text("x"), toListAt: "volumes")
      Issue.record("edited: \(source)")
    } catch {
      #expect(error.kind == .notEditable && error.line == 1, "\(error)")
    }
  }

  @Test func aMappingInBracesIsNotAddedTo() throws {
    let document = try parse("volumes: [{name: y}]\n")
    let item = try #require(document.root?["volumes"]?.items?.first)
    #expect(throws: YAMLError.self) { try document.setting("uuid", to: "x", in: item) }
  }

  @Test func aLiteralAtTheEndOfAnItemIsFollowed() throws {
    let document = try parse("v:\n  - note: |\n      text\n\n# c\nz: 1\n")
    let item = try #require(document.root?["v"]?.items?.first)
    let after = try Document.parse(try document.setting("uuid", to: "u", in: item))
    #expect(after.root?["v"]?.items?.first?["uuid"]?.text == "u")
    #expect(after.root?["z"]?.text == "1")
  }

  @Test func anEditThatWouldChangeSomethingElseIsRefused() throws {
    // Behind the end of the document nothing can be added.
    let document = try parse("a: 1\n...\n# c\n")
    #expect(throws: YAMLError.self) {
      try document.adding([.init("b", .text("x"))], to: document.root!)
    }
    // A key that is already there.
    let twice = try parse("a: 1\n")
    #expect(throws: YAMLError.self) {
      try twice.adding([.init("a", .text("x"))], to: twice.root!)
    }
  }
}

extension String {
  func replacing(_ old: String, _ new: String) -> String {
    precondition(ranges(of: old).count == 1, "not exactly once: \(old)")
    return replacing(old, with: new)
  }
}
