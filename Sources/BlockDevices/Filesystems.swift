/// What kinds of filesystem there are, as far as it matters for where their bytes are.
enum FilesystemKind: Equatable {
  /// On the one block device whose number it has.
  case onDevice
  case inMemory
  case onNetwork
  case overlay
  case btrfs
  /// Nobody can say from here: why.
  case opaque(String)

  /// By the type in the mount table.
  init(_ type: String) {
    switch type {
    case "tmpfs", "ramfs", "devtmpfs", "hugetlbfs": self = .inMemory
    case "overlay": self = .overlay
    case "btrfs": self = .btrfs
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "lustre",
      "glusterfs", "vboxsf", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs":
      self = .onNetwork
    case "autofs": self = .opaque("it is mounted when somebody goes there")
    case "zfs", "bcachefs", "f2fs":
      self = .opaque("\(type) does not say in sysfs on which devices it is")
    case _ where type == "fuse" || type == "fuseblk" || type.hasPrefix("fuse."):
      self = .opaque("only the program behind \(type) knows where it writes")
    default: self = .onDevice
    }
  }
}

extension Mount {
  var kind: FilesystemKind { FilesystemKind(type) }

  /// Whether its filesystem can be asked without waiting for another machine or a program, and without
  /// something being mounted.
  var mayBeAsked: Bool {
    switch kind {
    case .onNetwork: false
    case .opaque: !type.hasPrefix("fuse") && type != "autofs"
    default: true
    }
  }

  /// Whether files in it have other device numbers than the mount table says (stat(2) on btrfs's
  /// subvolumes and on overlays).
  var hasManyNumbers: Bool { kind == .btrfs || kind == .overlay || type == "bcachefs" }

  /// The value of an option of the filesystem.
  func option(_ name: String) -> String? {
    superOptions.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}
