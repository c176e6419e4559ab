import BlockDevices

/// A disk of the cloud's host itself, or one that may be: a stop of the machine leaves it blank, or
/// another disk.
package enum EphemeralDisk: Equatable, Sendable {
  /// "Instance store volumes" and "Data protection" in the EC2 user guide: each is encrypted with
  /// XTS-AES-256 by the hardware, with keys that are destroyed at a stop.
  case amazon
  /// azure-vm-utils, disk-identification.md: local disks, of both generations.
  case azure
  /// 65-gce-disk-naming.rules of Google's guest-configs names these `Google_EphemeralDisk`.
  case google
  /// EC2's older machines have both kinds behind Xen's driver, which tells neither model nor serial.
  case xen

  package var note: String {
    switch self {
    case .amazon:
      "instance store: EC2 encrypts it by hardware already, and it is blank after a stop of the machine"
    case .azure: "a local disk of Azure: its contents are lost when the machine is stopped or moved"
    case .google: "a local SSD of Google Cloud: its contents are lost when the machine is stopped"
    case .xen: "a disk of Xen, which does not say whether it is instance store of EC2"
    }
  }
}

extension Disk {
  /// nil: it is not known for one. Azure's temporary SCSI disk has the model of all others, and cannot be
  /// told by it.
  package var ephemeral: EphemeralDisk? {
    switch model {
    case "Amazon EC2 NVMe Instance Storage": .amazon
    case "Microsoft NVMe Direct Disk", "Microsoft NVMe Direct Disk v2": .azure
    case "EphemeralDisk": .google
    // nvme_card and nvme_card0, but not nvme_card-pd, which is a persistent disk.
    case let card? where card.hasPrefix("nvme_card"):
      card.utf8.dropFirst(9).allSatisfy { (0x30...0x39).contains($0) } ? .google : nil
    case nil: isXenOfEC2 ? .xen : nil
    default: nil
    }
  }
}
