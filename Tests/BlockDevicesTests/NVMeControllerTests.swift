import Testing

@testable import BlockDevices

/// The name that EC2 gives a volume, out of what its controller says.
@Suite struct NVMeControllerTests {
  /// As an EBS volume answers: vendor, serial, model, firmware and the vendor's own bytes stand where
  /// the NVM Express Base Specification and amazon-ec2-utils' ebsnvme-id have them, and hold what
  /// `nvme id-ctrl -V` prints in the EBS user guide, "Map NVMe device to volume ID". What nobody reads is
  /// zero.
  private func controller(
    vendor: [UInt8] = [0x0F, 0x1D], model: String = "Amazon Elastic Block Store",
    name: [UInt8] = Array("/dev/sdf".utf8), padding: UInt8 = 0x20
  ) throws -> NVMeController {
    var bytes = [UInt8](repeating: 0, count: 4096)
    func put(_ text: [UInt8], _ range: Range<Int>, padding: UInt8 = 0x20) {
      let fill = [UInt8](repeating: padding, count: range.count - text.count)
      bytes.replaceSubrange(range, with: text + fill)
    }
    bytes.replaceSubrange(0..<4, with: vendor + [0x0F, 0x1D])
    put(Array("vol01234567890abcdef".utf8), 4..<24)
    put(Array(model.utf8), 24..<64)
    put(Array("1.0".utf8), 64..<72)
    put(name, 3072..<3104, padding: padding)
    return try #require(NVMeController(bytes))
  }

  @Test func anEBSVolumeTellsTheNameThatTheConsoleShows() throws {
    let volume = try controller()
    #expect(volume.serial == "vol01234567890abcdef")
    #expect(volume.model == "Amazon Elastic Block Store")
    #expect(volume.deviceName?.path == "/dev/sdf")
    // Attached at launch it has no folder; and some are padded with zero bytes.
    #expect(try controller(name: Array("sda1".utf8), padding: 0).deviceName?.path == "/dev/sda1")
    // As long as the field.
    #expect(try controller(name: Array(repeating: 0x61, count: 32)).deviceName == nil)
  }

  @Test func nobodyElseIsAsked() throws {
    #expect(try controller(vendor: [0x36, 0x1B]).deviceName == nil)
    // Instance store has a text of its own there.
    let store = try controller(
      model: "Amazon EC2 NVMe Instance Storage", name: Array("ephemeral0:sdh".utf8), padding: 0)
    #expect(store.deviceName == nil)
    #expect(try controller(name: []).deviceName == nil)
    #expect(NVMeController([]) == nil)
  }

  @Test(arguments: [
    "sdf": "/dev/sdf", "/dev/sdf": "/dev/sdf", "xvdba": "/dev/xvdba", "/dev/xvdf": "/dev/xvdf",
    "sdaa15": "/dev/sdaa15",
  ])
  func aNameOfEC2IsBelieved(_ word: String, _ path: String) {
    #expect(EC2DeviceName(word)?.path == path)
  }

  @Test(arguments: [
    "", "sd", "xvd", "sdF", "sdabc", "sdf01", "sdf100", "sdf/../vda", "/dev//sdf", "/dev/sdf ",
    "dev/sdf", "nvme1n1", "/dev/nvme1n1", "sdf\n", "sdf\u{1B}[2J", "sd\u{E9}", "ephemeral0:sdh",
    "/dev/disk/by-id/x",
  ])
  func whatEC2DoesNotGiveIsNotBelieved(_ word: String) {
    #expect(EC2DeviceName(word) == nil)
  }

  @Test func onlyANVMeDiskAnswers() {
    #expect(throws: BlockDeviceError.self) { try NVMeController.identify("/dev/null") }
    #expect(throws: BlockDeviceError.self) { try NVMeController.identify(#filePath) }
  }
}
