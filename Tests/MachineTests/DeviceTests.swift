import BlockDevices
import Foundation
import LUKS
import Testing

@testable import Vault

extension MachineTests {
  /// The wrappers on real devices: what they say where only a kernel can answer.
  @Suite struct DeviceTests {
    private static let format = HeaderFormat(
      uuid: "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11", label: "esvault:test", sectorSize: 4096)

    @Test func aVolumeIsActivatedOnceAndClosed() async throws {
      try await Machine.clean {
        let (disk, other) = (try NVMe(1), try NVMe(2))
        let key = try Secret.random(bits: 512)
        try make(disk, key)
        try activate(disk, key, as: "one")
        let mapping = try #require(try Mapping.active("one"))
        #expect(mapping.uuid == Self.format.uuid)
        #expect(mapping.cipher == "aes-xts-plain64")
        #expect(mapping.keyBits == 512)
        #expect(mapping.sectorSize == 4096)
        #expect(mapping.dataOffset == 16 << 20)
        #expect(isInUse(disk.path) == true)

        #expect(throws: LUKSError.nameInUse("one")) { try activate(disk, key, as: "one") }
        #expect(throws: LUKSError.deviceBusy(disk.path)) { try activate(disk, key, as: "two") }
        try make(other, key)
        #expect(throws: LUKSError.nameInUse("one")) { try activate(other, key, as: "one") }

        try Mapping.close("one")
        #expect(try Mapping.active("one") == nil)
        #expect(throws: LUKSError.notActive("one")) { try Mapping.close("one") }
        #expect(isInUse(disk.path) == false)
      }
    }

    /// Between the look and the step a disk may go, and another come with its name and serial.
    @Test func aDiskThatCameSinceIsNotTheOneThatWasMeant() async throws {
      try await Machine.clean {
        let host = LinuxHost(keys: KeyFile("/none"))
        var identity = try BlockDevices().disk(at: NVMe(1).path).identity
        let sequence = try #require(identity.sequence)
        _ = try host.same(identity)
        identity.sequence = sequence + 1
        let failure = #expect(throws: StepFailure.self) { try host.same(identity) }
        #expect(failure?.description == "'\(identity.path)' is another disk than a moment ago")
      }
    }

    /// EC2's names come from the same answer, and QEMU gives none.
    @Test func aControllerSaysWhatItIs() async throws {
      try await Machine.clean {
        let controller = try NVMeController.identify(NVMe(1).path)
        #expect(controller.serial == "vol1")
        #expect(controller.model == "QEMU NVMe Ctrl")
        #expect(controller.deviceName == nil)
        #expect(throws: BlockDeviceError.self) { try NVMeController.identify("/dev/vda") }
      }
    }

    @Test func aWrongKeyOpensNothing() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let key = try Secret.random(bits: 512)
        let wrong = try Secret.random(bits: 512)
        try make(disk, key)
        #expect(throws: LUKSError.wrongKey(device: disk.path)) {
          try activate(disk, wrong, as: "one")
        }
        #expect(try Mapping.active("one") == nil)
      }
    }

    @Test func aMappingInUseIsNotClosed() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let key = try Secret.random(bits: 512)
        try make(disk, key)
        try activate(disk, key, as: "one")
        try bash("mkfs.ext4 -q /dev/mapper/one; mkdir /mnt/one; mount /dev/mapper/one /mnt/one")
        #expect(throws: LUKSError.deviceBusy("one")) { try Mapping.close("one") }
        #expect(isInUse("/dev/mapper/one") == true)
        #expect(try bash("findmnt -rno SOURCE /mnt/one") == "/dev/mapper/one")
      }
    }

    @Test func aReadOnlyDiskIsSeenAsSuchAndCannotBeErased() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("blockdev --setro \(disk.path)")
        #expect(try BlockDevices().disk(at: disk.path).isReadOnly)
        let before = try DiskWrites()
        #expect(throws: BlockDeviceError.self) {
          try DeviceEraser(path: disk.path, bytes: UInt64(NVMe.bytes))
            .erase(everySector: false) { _, _ in }
        }
        #expect(try DiskWrites() == before)
      }
    }

    @Test func aMountedDiskIsNeverErased() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("mkfs.ext4 -q \(disk.path); mkdir /mnt/one; mount -o ro \(disk.path) /mnt/one")
        let before = try DiskWrites()
        #expect(throws: BlockDeviceError.self) {
          try DeviceEraser(path: disk.path, bytes: UInt64(NVMe.bytes))
            .erase(everySector: true) { _, _ in }
        }
        #expect(try DiskWrites() == before)
      }
    }

    @Test func disksAreKnownByTheirSerialsAndBlockSizes() async throws {
      try await Machine.clean {
        let devices = BlockDevices()
        for number in 1...4 {
          let disk = try devices.disk(at: NVMe(number).path)
          #expect(disk.serial == "vol\(number)")
          #expect(disk.bytes == UInt64(NVMe.bytes))
          #expect(disk.logicalBlockSize == (number == 4 ? 4096 : 512))
          #expect(disk.links.contains("nvme-QEMU_NVMe_Ctrl_vol\(number)"))
          #expect(Contents.probe(disk.path) == .blank)
        }
      }
    }

    private func make(_ disk: NVMe, _ key: borrowing Secret) throws {
      var device = try LUKSDevice.open(disk.path)
      try device.format(Self.format)
      _ = try device.addKeyslot(key, derivation: .pbkdf2Minimum)
    }

    private func activate(_ disk: NVMe, _ key: borrowing Secret, as name: String) throws {
      var device = try LUKSDevice.open(disk.path)
      try device.load()
      try device.activate(as: name, with: key, allowDiscards: false)
    }
  }
}
