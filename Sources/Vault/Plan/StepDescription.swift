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
    case .units: "units"
    case .heap: "heap"
    case .dataPath: "data-path"
    case .enable: "enable"
    case .start: "start"
    case .verify: "verify"
    case .stop: "stop"
    case .unmount: "unmount"
    case .close: "close"
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
    case .mount(let mounting): mounting.path
    case .directory(let directory): directory.path
    case .record(let volume, _): volume.name
    case .units(let units): units.subject
    case .heap(let setting): setting.path
    case .dataPath(let configuration, _, _): "\(configuration)/elasticsearch.yml"
    case .enable(let units): units.joined(separator: " ")
    case .start(let service, _, _): service
    case .verify(let verification): verification.data
    case .stop(let service, _): service
    case .unmount(let closing): closing.mount
    case .close(let closing): "/dev/mapper/\(closing.name)"
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
    case .open(let opening): "open the volume with its key as /dev/mapper/\(opening.name)"
    case .filesystem(let opening): "make the ext4 filesystem \(opening.filesystem)"
    case .guardMountPoint(let path): "make the empty directory \(path) immutable"
    case .mount(let mounting): "mount the volume at \(mounting.path) with noatime,nodev,nosuid"
    case .directory(let directory):
      "make the data directory\(directory.others.map { " and \($0)" }.joined()), owned by \(directory.userName), mode 0750, below a root of mode 0711"
    case .record(_, nil): "record the volume in the configuration"
    case .record(_, _?): "record the volume in the configuration, and this disk in its token"
    case .units:
      "write the units that open the volume at boot and hold Elasticsearch back without it"
    case .heap(let setting): setting.summary
    case .dataPath(_, let path, let logs):
      "set "
        + SettingsChange(data: path, logs: logs).settings
        .map { "\($0.setting) to \($0.value)" }.joined(separator: " and ")
    case .enable(let units): "start \(units.joined(separator: " and ")) at boot"
    case .start: "start Elasticsearch"
    case .verify(let verification):
      "wait up to \(verification.timeout) s for Elasticsearch's node state on the volume"
    case .stop(_, let timeout):
      "stop Elasticsearch, and wait up to \(timeout) s until it has stopped"
    case .unmount(let closing): "unmount the volume from \(closing.mount)"
    case .close: "close the volume: without its key nobody reads it"
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

extension JVMSetting {
  fileprivate var summary: String {
    let parts = [
      wishes.heap.map { "set Elasticsearch's heap to \($0 >> 20) MiB, initial and maximum" },
      wishes.diagnostics.map { "let heap dumps and crash reports go to \($0)" },
      wishes.gcLog.map { "let the garbage collector's log go to \($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: "; ")
  }
}
