import CBlkid
import Glibc

/// What an NVMe controller says of itself.
///
/// These are the 4096 bytes of the Identify Controller data structure (NVM Express Base Specification,
/// "Identify Controller Data Structure"): numbers are little-endian, texts padded with blanks, and what
/// begins at byte 3072 is the vendor's own.
package struct NVMeController: Equatable, Sendable {
  package static let size = 4096
  private let bytes: [UInt8]

  /// nil: it is not as long as the structure.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    self.bytes = bytes
  }

  /// Asks the controller of a disk. Changes nothing; needs root.
  ///
  /// - Throws: ``BlockDeviceError``, also for a disk that is no NVMe disk.
  package static func identify(_ path: String) throws(BlockDeviceError) -> NVMeController {
    let file = try OpenFile.reading(path)
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBytes {
      esvault_identify_nvme_controller(file.descriptor, $0.baseAddress)
    }
    guard status == 0, let controller = NVMeController(bytes) else {
      throw .failed(verb: "identify", object: path, errno: status < 0 ? errno : EIO)
    }
    return controller
  }

  package var serial: String { text(4..<24) }
  package var model: String { text(24..<64) }

  /// The name under which EC2 attached the volume, as its console shows it; nil for any other disk.
  ///
  /// Amazon's vendor (1D0Fh) puts it into the first 32 of its own bytes, with blanks behind it, and with
  /// `/dev/` or without: ebsnvme-id of amazon-ec2-utils, and "Map NVMe device to volume ID" in the EBS
  /// user guide.
  package var deviceName: EC2DeviceName? {
    guard bytes[0] == 0x0F, bytes[1] == 0x1D, model == EC2DeviceName.model else { return nil }
    return EC2DeviceName(text(3072..<3104))
  }

  /// The text up to a zero byte, without the blanks behind it.
  private func text(_ range: Range<Int>) -> String {
    let field = bytes[range].prefix { $0 != 0 }.reversed().drop { $0 == 0x20 }
    return String(decoding: field.reversed(), as: UTF8.self)
  }
}

/// A name under which EC2 attaches a volume: `/dev/sdf`, `/dev/xvdba`, `/dev/sda1`.
///
/// It need not be the name of any device of the kernel. It comes from outside of the machine, and is
/// believed only if it is one that EC2 gives ("Device names on Linux instances" in the EC2 user guide).
package struct EC2DeviceName: Equatable, Sendable {
  /// The model of the disks that have one.
  package static let model = "Amazon Elastic Block Store"

  /// With `/dev/` before it.
  package let path: String

  /// nil: EC2 gives no such name.
  package init?(_ word: String) {
    let name = word.hasPrefix("/dev/") ? word.dropFirst(5) : word[...]
    guard let prefix = ["sd", "xvd"].first(where: { name.hasPrefix($0) }) else { return nil }
    let rest = name.utf8.dropFirst(prefix.utf8.count)
    let letters = rest.prefix { (0x61...0x7A).contains($0) }
    let digits = rest.dropFirst(letters.count)
    guard (1...2).contains(letters.count), digits.count <= 2, digits.first != 0x30,
      digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    path = "/dev/\(name)"
  }
}

extension BlockDevices {
  /// The name under which EC2 attached a disk; nil where it has none, or does not tell it.
  package func deviceName(of disk: Disk) -> EC2DeviceName? {
    guard disk.model == EC2DeviceName.model else { return nil }
    return (try? NVMeController.identify(disk.path))?.deviceName
  }
}
