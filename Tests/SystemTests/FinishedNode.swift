import Lab
import Testing

/// A node on an encrypted volume, made from a blank disk, with three documents in it.
struct FinishedNode: Sendable {
  static let marker = "marker-of-a-secret-document"

  let machine: Machine
  /// The raw disk beneath the volume, as this computer sees it.
  let disk: Image
  /// What the run that made it answered.
  let made: Provisioning
  /// elasticsearch.yml as it was before.
  let settings: String

  var node: Node { Node(machine: machine) }

  private init(on machine: Machine, disk: Image) throws {
    self.machine = machine
    self.disk = disk
    settings = try machine.bash("cat /etc/elasticsearch/elasticsearch.yml")
    made = try machine.provision("\(machine.link("vol1")) --generate-key")
    try #require(made.output.status == 0, "\(made.output.stderr)")
    try Node(machine: machine).waitUntilGreen()
    try Node(machine: machine).index((1...3).map { "\(Self.marker) secret \($0)" })
  }

  /// Makes the node that the tests of a suite look at.
  struct Shared: SuiteTrait, TestScoping {
    @TaskLocal fileprivate static var current: FinishedNode?

    func provideScope(
      for test: Test, testCase: Test.Case?,
      performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
      try await Image.withSparse(bytes: 512 << 20) { image in
        let disk = Machine.Disk(serial: "vol1", file: image.path, bytes: nil)
        try await Machine.withEsvault(disks: [disk]) { machine in
          let node = try FinishedNode(on: machine, disk: image)
          try await Self.$current.withValue(node) { try await body() }
        }
      }
    }
  }

  /// The node of the suite that is running.
  static var shared: FinishedNode {
    get throws { try #require(Shared.current, "the suite has no node") }
  }
}

extension Trait where Self == FinishedNode.Shared {
  static var finishedNode: Self { FinishedNode.Shared() }
}
