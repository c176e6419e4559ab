/// A whole block device, as the kernel describes it.
package struct Disk: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// Has a device of a bus behind it: NVMe, SCSI, virtio, Xen…
    case physical
    /// The backing file is nil when the kernel does not tell it.
    case loop(backingFile: String?)
    /// Made by device-mapper: LVM, dm-crypt, multipath.
    case mapping(name: String, uuid: String)
    /// Made by md.
    case raid
    /// Nothing of the above: nbd, bcache…
    case virtual
  }

  /// The kernel's name, such as nvme1n1; it may change at every boot.
  package var name: String
  package var path: String
  package var number: DeviceNumber
  /// The kernel's count of all disks that ever came, which no other has until the next boot; nil before
  /// Linux 5.15 (`diskseq` of sysfs-block in the kernel's Documentation/ABI/stable).
  package var sequence: UInt64?
  package var bytes: UInt64
  package var logicalBlockSize: Int
  package var physicalBlockSize: Int
  package var model: String?
  /// The device's own serial number; on EC2 an EBS volume's id, such as vol0123456789abcdef0. nil where
  /// it has none, or shares it with others.
  package var serial: String?
  package var isReadOnly: Bool
  package var isRemovable: Bool
  /// Kernel names.
  package var partitions: [String]
  /// Who is built upon the disk or its partitions: "md0", "dm-0 (LVM vg-lv)".
  package var holders: [String]
  package var kind: Kind
  /// The names in /dev/disk/by-id that lead here.
  package var links: [String]
  /// The paths below /dev/disk/azure that lead here.
  package var azureLinks: [String] = []
  /// Whether EC2's Xen offers it, which tells neither model nor serial.
  package var isXenOfEC2 = false
  /// The name under which EC2 attached it. Only the disk itself knows it: nil until it was asked.
  package var deviceName: EC2DeviceName?

  package init(
    name: String, path: String, number: DeviceNumber, bytes: UInt64,
    logicalBlockSize: Int = 512, physicalBlockSize: Int = 512,
    model: String? = nil, serial: String? = nil,
    isReadOnly: Bool = false, isRemovable: Bool = false,
    partitions: [String] = [], holders: [String] = [],
    kind: Kind = .physical, links: [String] = []
  ) {
    self.name = name
    self.path = path
    self.number = number
    self.bytes = bytes
    self.logicalBlockSize = logicalBlockSize
    self.physicalBlockSize = physicalBlockSize
    self.model = model
    self.serial = serial
    self.isReadOnly = isReadOnly
    self.isRemovable = isRemovable
    self.partitions = partitions
    self.holders = holders
    self.kind = kind
    self.links = links
  }
}
