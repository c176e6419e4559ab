import Testing

@Suite struct InspectTests {
  /// Captured from a real node of Elasticsearch 7.0.0.
  private static let state: [UInt8] = {
    let digits = Array(
      """
      3fd76c1705737461746500000001000000013a290a05fa866e6f64655f6964555f63526977323837535279453743\
      686b596e57497777fbc02893e800000000000000006e57a651
      """)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)!
    }
  }()
  private static let place = "data/nodes/0/_state/node-17.st"
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  @Test(arguments: ["data", "data/nodes/0/_state", place])
  func aNodeStateIsFound(_ path: String) throws {
    let file = try scratch.file(Self.place, Self.state)
    let outcome = try Tool.run("inspect", "\(scratch.path)/\(path)")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output == """
        node id       _cRiw287SRyE7ChkYnWIww
        node version  not recorded (before 7.2)
        file          \(file)
        generation    17

        """)
  }

  @Test func theDocumentFollowsItsSchema() throws {
    let file = try scratch.file(Self.place, Self.state)
    let outcome = try Tool.run("inspect", scratch.path + "/data", "--format", "json")
    try expect(outcome.output, follows: "inspect-v1")
    #expect(outcome.output.contains("\"file\" : \"\(file)\""))
  }

  @Test func anInterruptedUpgradeIsShown() throws {
    _ = try scratch.file(Self.place, Self.state)
    _ = try scratch.file("data/_state/node-18.st", Self.state)
    let outcome = try Tool.run("inspect", scratch.path + "/data")
    #expect(
      outcome.output.hasSuffix(
        "upgrade       interrupted on the way from 7 to 8: a part is still in 'nodes/0'\n"))
    let document = try Tool.run("inspect", scratch.path + "/data", "--format", "json").output
    try expect(document, follows: "inspect-v1")
    #expect(document.contains("\"isHalfUpgraded\" : true"))
  }

  @Test func nothingFoundIs1() throws {
    for path in [scratch.path, scratch.path + "/none"] {
      let outcome = try Tool.run("inspect", path, "--format", "json")
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors.hasPrefix("esvault: could not ") && outcome.errors.contains("'\(path)'"))
    }
  }

  @Test(arguments: [0, 10, 30, 50, 70])
  func aDamagedFileIs1(_ place: Int) throws {
    var bytes = Self.state
    bytes[place] ^= 1
    let file = try scratch.file("node-1.st", bytes)
    let outcome = try Tool.run("inspect", file)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("'\(file)'"))
  }

  @Test func aTruncatedFileIs1() throws {
    for count in [0, 1, 20, 70] {
      let file = try scratch.file("node-1.st", Array(Self.state.prefix(count)))
      #expect(try Tool.run("inspect", file).status == 1)
    }
  }
}
