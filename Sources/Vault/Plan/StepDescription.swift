/// How a step is shown: the names that scripts rely on, and a sentence for people.
extension Step {
  /// The step's name in JSON output; never renamed.
  package var id: String {
    switch self {
    case .wipe: "wipe"
    case .key: "key"
    case .format: "format"
    case .open: "open"
    case .filesystem: "filesystem"
    case .guardMountPoint: "guard"
    case .mount: "mount"
    case .directory: "directory"
    case .record: "record"
    case .heap: "heap"
    case .dataPath: "data-path"
    case .start: "start"
    case .verify: "verify"
    }
  }

  /// What the step acts on.
  package var subject: String {
    switch self {
    case .wipe(let wiping): wiping.disk.path
    case .key(let path): path
    case .format(let formatting): formatting.disk.path
    case .open(let opening): "/dev/mapper/\(opening.name)"
    case .filesystem(let opening): "/dev/mapper/\(opening.name)"
    case .guardMountPoint(let path): path
    case .mount(_, let path): path
    case .directory(let directory): directory.path
    case .record(let volume): volume.name
    case .heap(let setting): setting.path
    case .dataPath(let configuration, _): "\(configuration)/elasticsearch.yml"
    case .start(let service, _): service
    case .verify(let verification): verification.data
    }
  }

  /// Whether the step writes over a disk.
  package var destroys: Bool {
    switch self {
    case .wipe: true
    case .format(let formatting): formatting.start != .keyed
    case .filesystem: true
    default: false
    }
  }

  /// Whether the step changes anything, rather than only looking.
  package var changes: Bool {
    if case .verify = self { false } else { true }
  }

  /// Whether the step needs the volume's key.
  package var needsKey: Bool {
    switch self {
    case .format, .open: true
    default: false
    }
  }

  package var summary: String {
    switch self {
    case .wipe(let wiping):
      "destroy \(wiping.contents), \(wiping.overwrite ? "writing over every sector" : "discarding its sectors where the disk can")"
    case .key(let path): "make a random key of 512 bits and store it in \(path)"
    case .format(let formatting): formatting.summary
    case .open(let opening): "open the volume with its stored key as /dev/mapper/\(opening.name)"
    case .filesystem(let opening): "make the ext4 filesystem \(opening.filesystem)"
    case .guardMountPoint(let path): "make the empty directory \(path) immutable"
    case .mount(_, let path): "mount the volume at \(path) with noatime,nodev,nosuid"
    case .directory(let directory):
      "make the data directory, owned by \(directory.userName), mode 0750, below a root of mode 0711"
    case .record: "record the volume in the configuration"
    case .heap(let setting): setting.summary
    case .dataPath(_, let path): "set path.data to \(path)"
    case .start: "start Elasticsearch"
    case .verify(let verification):
      "wait up to \(verification.timeout) s for Elasticsearch's node state on the volume"
    }
  }
}

extension Formatting {
  fileprivate var summary: String {
    guard start != .keyed else { return "write the token that is missing in the LUKS2 header" }
    let again = start == .interrupted ? ", which an interrupted run had begun" : ""
    return
      "write a LUKS2 header: \(header.cipher)-\(header.mode), \(header.keyBits)-bit key, \(header.hash), sector size \(header.sectorSize)\(again)"
  }
}

extension HeapSetting {
  fileprivate var summary: String {
    "set Elasticsearch's heap to \(bytes >> 20) MiB, initial and maximum"
  }
}
