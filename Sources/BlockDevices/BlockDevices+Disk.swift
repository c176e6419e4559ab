extension BlockDevices {
  /// Reads one disk from its folder in sysfs; nil when it went away meanwhile.
  func disk(in folder: String, named given: String? = nil, links: [String]) -> Disk? {
    let name = given ?? Self.lastComponent(folder)
    guard let number = sys.text("\(folder)/dev").flatMap({ DeviceNumber($0) }),
      let sectors = sys.text("\(folder)/size").flatMap(UInt64.init)
    else { return nil }
    let partitions = sys.names(folder).filter { sys.exists("\(folder)/\($0)/partition") }
    let kind = kind(folder)
    let model = sys.text("\(folder)/device/model")
    let serial = serial(folder)
    let shared = serial.flatMap { isShared($0, model, folder) ? $0 : nil }
    var disk = Disk(
      name: name, path: path(of: name, kind), number: number,
      // In sectors of 512 bytes whatever the logical block size is: sysfs-block in the kernel's
      // Documentation/ABI/stable.
      bytes: sectors * 512,
      logicalBlockSize: sys.text("\(folder)/queue/logical_block_size").flatMap(Int.init) ?? 512,
      physicalBlockSize: sys.text("\(folder)/queue/physical_block_size").flatMap(Int.init) ?? 512,
      model: model, serial: shared == nil ? serial : nil,
      isReadOnly: sys.isSet("\(folder)/ro"), isRemovable: sys.isSet("\(folder)/removable"),
      partitions: partitions, holders: holders(folder, partitions), kind: kind,
      links: links.filter { !$0.hasPrefix("/") && !isShared(link: $0, shared) })
    disk.azureLinks = links.filter { $0.hasPrefix("/") }
    // "Detect whether a host is an EC2 instance" in the EC2 user guide.
    disk.isXenOfEC2 =
      name.hasPrefix("xvd") && sys.text("hypervisor/uuid")?.hasPrefix("ec2") ?? false
    disk.sequence = sys.text("\(folder)/diskseq").flatMap(UInt64.init)
    return disk
  }

  /// Whether a serial is not the disk's own.
  ///
  /// An NVMe serial is the controller's, and a controller may have several disks (namespaces). Azure's
  /// `MSFT NVMe Accelerator v1.0` has all of a machine, each with the serial `SN: 000001`
  /// (azure-vm-utils, disk-identification.md; cloud-init issue 4598); so has Google's, whose serial is
  /// `nvme_card-pd` or that of a local SSD (google_nvme_id of its guest-configs). What Google's SCSI
  /// disks tell is the name under which they are attached (65-gce-disk-naming.rules, read for page 0x83,
  /// and inferred for the serial): any disk may get it.
  private func isShared(_ serial: String, _ model: String?, _ folder: String) -> Bool {
    if ["MSFT NVMe Accelerator v1.0", "PersistentDisk", "EphemeralDisk"].contains(model) {
      return true
    }
    return serial.hasPrefix("nvme_card") || sys.text("\(folder)/nsid").map { $0 != "1" } ?? false
  }

  /// Whether udev gives a link to every disk with this serial, so that it leads to any of them: before
  /// version 254 its rule made it of model and serial alone (60-persistent-storage.rules).
  private func isShared(link: String, _ serial: String?) -> Bool {
    guard let serial, link.hasPrefix("nvme-") else { return false }
    return link.hasSuffix("_" + String(serial.map { $0 == " " ? "_" : $0 }))
  }

  private func kind(_ folder: String) -> Disk.Kind {
    if let name = sys.text("\(folder)/dm/name") {
      return .mapping(name: name, uuid: sys.text("\(folder)/dm/uuid") ?? "")
    }
    if sys.exists("\(folder)/md") { return .raid }
    if sys.exists("\(folder)/loop") {
      return .loop(backingFile: sys.text("\(folder)/loop/backing_file"))
    }
    return sys.exists("\(folder)/device") ? .physical : .virtual
  }

  private func path(of name: String, _ kind: Disk.Kind) -> String {
    if case .mapping(let mapping, _) = kind { return "\(dev)/mapper/\(mapping)" }
    // A slash cannot be part of a file name: sysfs writes cciss!c0d0 for /dev/cciss/c0d0.
    return "\(dev)/" + String(name.map { $0 == "!" ? "/" : $0 })
  }

  /// NVMe and MMC, virtio, SCSI's page 0x80, and at last SCSI's world-wide name.
  private func serial(_ folder: String) -> String? {
    sys.text("\(folder)/device/serial") ?? sys.text("\(folder)/serial")
      ?? sys.bytes("\(folder)/device/vpd_pg80").flatMap(Self.unitSerial)
      ?? sys.text("\(folder)/device/wwid")
  }

  /// The ASCII behind the four bytes of header of SCSI's Unit Serial Number page (SPC-4, 7.8.18).
  private static func unitSerial(_ page: [UInt8]) -> String? {
    guard page.count > 4, page[1] == 0x80 else { return nil }
    let length = Int(page[2]) << 8 | Int(page[3])
    let text = String(decoding: page[4...].prefix(length).filter { $0 > 0x20 }, as: UTF8.self)
    return text.isEmpty ? nil : text
  }

  private func holders(_ folder: String, _ partitions: [String]) -> [String] {
    let names = ([folder] + partitions.map { "\(folder)/\($0)" }).flatMap {
      sys.names("\($0)/holders")
    }
    return Set(names).sorted().map(readable)
  }

  /// dm-0 says nothing to a person: the name of the mapping, and who made it, do.
  private func readable(_ holder: String) -> String {
    guard let name = sys.text("block/\(holder)/dm/name") else { return holder }
    let makers = ["LVM-": "LVM ", "CRYPT-": "crypt ", "mpath-": "multipath "]
    let uuid = sys.text("block/\(holder)/dm/uuid") ?? ""
    let maker = makers.first { uuid.hasPrefix($0.key) }?.value ?? ""
    return "\(holder) (\(maker)\(name))"
  }

  /// The names in /dev/disk/by-id, and the paths below /dev/disk/azure, for each kernel name.
  func linksByName() -> [String: [String]] {
    let tree = KernelTree(root: "\(dev)/disk/by-id")
    var links: [String: [String]] = [:]
    for (name, path) in tree.names("").map({ ($0, "\(tree.root)/\($0)") }) + azureLinks() {
      guard let target = KernelTree.resolve(path) else { continue }
      links[Self.lastComponent(target), default: []].append(name)
    }
    return links
  }

  /// Azure's own links, such as /dev/disk/azure/data/by-lun/0 and /dev/disk/azure/scsi1/lun0: made by
  /// the udev rules of azure-vm-utils and, before that, of the Azure Linux Agent. At most three folders
  /// deep.
  private func azureLinks() -> [(String, String)] {
    let tree = KernelTree(root: dev)
    var paths = ["disk/azure"]
    for _ in 0..<3 {
      paths = paths.flatMap { path in
        let names = tree.isFolder(path) ? tree.names(path) : []
        return names.isEmpty ? [path] : names.map { "\(path)/\($0)" }
      }
    }
    return paths.filter { !tree.isFolder($0) && tree.exists($0) }.map {
      ("/dev/\($0)", "\(dev)/\($0)")
    }
  }
}
