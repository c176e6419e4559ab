import Foundation
import Lab
import Testing

extension Machine {
  /// Starts a machine with the release build of esvault in its path, and removes it afterwards.
  static func withEsvault(
    disks: [Disk] = [], body: (Machine) async throws -> Void
  ) async throws {
    try await Machine.with(disks: disks) { machine in
      try machine.installEsvault()
      try await body(machine)
    }
  }

  /// The program as servers get it; `Tests/run` builds it.
  private func installEsvault() throws {
    let folder = try Scratch()
    defer { folder.remove() }
    let small = folder.path + "/esvault"
    let strip = try Output(
      of: "/usr/bin/strip", ["-o", small, Checkout.folder + "/.build/release/esvault"])
    guard strip.status == 0 else {
      throw Failure(
        "\(strip.stderr)swift build -c release --static-swift-stdlib --product esvault")
    }
    try copy(small, to: "/usr/local/bin/")
    try bash("sync")
  }

  /// Runs lines of bash that must succeed; what they print, without the last end of line.
  @discardableResult
  func bash(_ script: String, input: String = "") throws -> String {
    let output = try run("set -euo pipefail\n" + script, input: input)
    guard output.status == 0 else {
      throw Failure("status \(output.status) of: \(script)\n\(output.stdout)\(output.stderr)")
    }
    return output.stdout.trimmingCharacters(in: .newlines)
  }

  /// `esvault provision` with these words of a command line.
  func provision(_ words: String = "", input: String = "") throws -> Provisioning {
    Provisioning(try run("esvault provision --yes --format json \(words)", input: input))
  }

  /// The by-id link of one of the lab's disks.
  func link(_ serial: String) -> String { "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_\(serial)" }
}

/// A machine that the tests of a suite share: it starts before the first, and ends after the last.
struct SharedMachine: SuiteTrait, TestScoping {
  @TaskLocal private static var current: Machine?
  let disks: [Machine.Disk]

  /// The machine of the suite that is running.
  static var machine: Machine {
    get throws { try #require(current, "the suite shares no machine") }
  }

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Machine.withEsvault(disks: disks) { machine in
      try await Self.$current.withValue(machine) { try await body() }
    }
  }
}

extension Trait where Self == SharedMachine {
  static func machine(_ disks: Machine.Disk...) -> Self { SharedMachine(disks: disks) }
}

/// The machine did not do what a test builds upon.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
