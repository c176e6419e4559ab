import Foundation
import Lab
import Testing

/// What the other tests of this folder stand on: the machines do what they are told.
@Suite(.serialized) struct LabTests {
  @Test func aMachineRunsCommandsAndLosesADisk() async throws {
    let disk = Machine.Disk(serial: "vol0abc")
    try await Machine.with(disks: [disk]) { machine in
      #expect(try machine.run("exit 7").status == 7)
      #expect(try machine.run("cat; echo oops >&2", input: "hello").stdout == "hello")
      let link = "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_vol0abc"
      #expect(try machine.run("blockdev --getsize64 \(link)").stdout == "1073741824\n")
      try machine.detach("vol0abc")
      #expect(try machine.run("test -b \(link)").status != 0)
    }
  }

  @Test func aMarkerIsFoundAcrossPieces() throws {
    let path = NSTemporaryDirectory() + "esvault-\(UUID().uuidString).raw"
    let image = try Image.sparse(path, bytes: 16 << 20)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let blank = try image.sha256()
    #expect(try !image.contains("marker"))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.seek(toOffset: (4 << 20) - 3)
    try handle.write(contentsOf: Data("marker".utf8))
    try handle.close()
    #expect(try image.offset(of: "marker".utf8) == (4 << 20) - 3)
    #expect(try image.sha256() != blank)
  }
}
