import CBlkid
import Glibc

/// One low-level look of libblkid at an open file; it neither reads nor writes blkid's cache.
struct Probe: ~Copyable {
  enum Outcome {
    case nothing
    case found(Signature)
    case ambivalent([String])
  }

  private let handle: blkid_probe
  private let path: String

  deinit { blkid_free_probe(handle) }

  /// Prepares a look at superblocks and partition tables of the whole file.
  /// The corresponding C function is `blkid_probe_set_device`.
  static func of(_ file: borrowing OpenFile) throws(BlockDeviceError) -> Probe {
    guard let handle = blkid_new_probe() else {
      throw .failed(verb: "probe", object: file.path, errno: ENOMEM)
    }
    let probe = Probe(handle: handle, path: file.path)
    try probe.check(
      blkid_probe_set_device(
        handle, file.descriptor, blkid_loff_t(file.start), blkid_loff_t(file.size)))
    try probe.check(blkid_probe_enable_superblocks(handle, 1))
    try probe.check(blkid_probe_set_superblocks_flags(handle, esvault_blkid_superblocks))
    try probe.check(blkid_probe_enable_partitions(handle, 1))
    return probe
  }

  /// What is there. The corresponding C function is `blkid_do_safeprobe`.
  func outcome() throws(BlockDeviceError) -> Outcome {
    errno = 0
    let status = blkid_do_safeprobe(handle)
    switch status {
    case 0: return signature().map { .found($0) } ?? .ambivalent([])
    case 1: return .nothing
    case -2: return .ambivalent(try allTypes())
    default: throw failure(status)
    }
  }

  /// Walks through every signature, one at a time; the corresponding C function is `blkid_do_probe`.
  private func allTypes() throws(BlockDeviceError) -> [String] {
    var types: [String] = []
    blkid_reset_probe(handle)
    // A broken device must not keep us here: nobody needs more names than these.
    for _ in 0..<16 {
      let status = blkid_do_probe(handle)
      guard status == 0 else { break }
      if let type = value("TYPE") ?? value("PTTYPE"), !types.contains(type) { types.append(type) }
    }
    return types
  }

  /// The table that ``outcome()`` has found.
  ///
  /// The corresponding C function is `blkid_probe_get_partitions`.
  func partitionTable(type: String) -> PartitionTable {
    var table = PartitionTable(type: type)
    guard let list = blkid_probe_get_partitions(handle) else { return table }
    for index in 0..<max(blkid_partlist_numof_partitions(list), 0) {
      guard let entry = blkid_partlist_get_partition(list, index),
        blkid_partition_is_extended(entry) == 0
      else { continue }
      let number = Int(blkid_partition_get_partno(entry))
      // In sectors of 512 bytes, whatever the disk's are.
      let (start, size) = (blkid_partition_get_start(entry), blkid_partition_get_size(entry))
      if let partition = Partition(number: number, start: start, sectors: size) {
        table.partitions.append(partition)
      } else {
        table.unusable.append(number)
      }
    }
    return table
  }

  private func signature() -> Signature? {
    if let type = value("TYPE") {
      let usage = value("USAGE").flatMap(Signature.Usage.init(rawValue:)) ?? .other
      return Signature(type: type, usage: usage, label: value("LABEL"), uuid: value("UUID"))
    }
    return value("PTTYPE").map {
      Signature(type: $0, usage: .partitionTable, uuid: value("PTUUID"))
    }
  }

  /// The corresponding C function is `blkid_probe_lookup_value`.
  private func value(_ name: String) -> String? {
    var data: UnsafePointer<CChar>?
    guard blkid_probe_lookup_value(handle, name, &data, nil) == 0, let data else { return nil }
    let text = String(cString: data)
    return text.isEmpty ? nil : text
  }

  private func check(_ status: Int32) throws(BlockDeviceError) {
    guard status == 0 else { throw failure(status) }
  }

  /// libblkid says -1 for most failures and leaves the reason in errno, if anywhere.
  private func failure(_ status: Int32) -> BlockDeviceError {
    let number = status < -1 ? -status : errno != 0 ? errno : EIO
    return .failed(verb: "probe", object: path, errno: number)
  }
}
