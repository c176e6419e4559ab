import BlockDevices
import Foundation
import Testing

@testable import Vault

/// Who holds a filesystem, found among the processes of the machine that the tests run on.
@Suite struct HolderSearchTests {
  @Test func aProcessIsFoundByWhatItHasOpen() throws {
    let scratch = try Scratch()
    let file = try scratch.file("file", [1])
    for script in ["exec sleep 60 3<'\(file)'", "cd '\(scratch.path)'; exec sleep 60"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", script]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      // Not SIGTERM, which children of the test runner ignore.
      defer { kill(process.processIdentifier, SIGKILL) }
      let number = DeviceNumber(scratch.status("file").st_dev)
      let id = Int(process.processIdentifier)
      var found: [Holder] = []
      for _ in 1...100 where !found.contains(.process(id, name: "sleep")) {
        found = Holders.ofMount(on: number, devices: BlockDevices())
      }
      #expect(found.contains(.process(id, name: "sleep")))
    }
  }
}
