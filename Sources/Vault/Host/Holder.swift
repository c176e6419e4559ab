/// One who keeps a volume from being unmounted or closed.
enum Holder: Equatable, CustomStringConvertible {
  /// It has a file, a directory, a mapped file or the device itself open.
  case process(Int, name: String)
  /// The volume is mounted in the mount namespace of this process, which need not use it.
  case namespace(Int, name: String)
  /// The volume is mounted here, too.
  case mount(String)
  /// Another filesystem is mounted within the volume.
  case mountWithin(String)
  case swap(file: String)
  case loop(device: String, file: String)
  /// A device that is built upon the mapping.
  case device(String)

  var description: String {
    switch self {
    case .process(let id, let name): "'\(name.printable)' (process \(id))"
    case .namespace(let id, let name):
      "process \(id) ('\(name.printable)') in another mount namespace"
    case .mount(let target): "another mount at '\(target.printable)'"
    case .mountWithin(let target): "a mount within it at '\(target.printable)'"
    case .swap(let file): "the swap file '\(file.printable)'"
    case .loop(let device, let file): "'\(device)' with its file '\(file.printable)'"
    case .device(let name): "the device '\(name.printable)' above it"
    }
  }

  /// What takes it away.
  private var command: String? {
    switch self {
    case .process, .device: nil
    // systemctl finds the unit that a process belongs to.
    case .namespace(let id, _): "systemctl status \(id)"
    case .mount(let target), .mountWithin(let target): "umount \(target.shellWord)"
    case .swap(let file): "swapoff \(file.shellWord)"
    case .loop(let device, _): "losetup -d \(device)"
    }
  }

  /// A list for a person: at most five, and how many more there are.
  static func list(_ holders: [Holder]) -> String {
    guard !holders.isEmpty else { return "somebody who could not be found" }
    let names = holders.prefix(5).map(\.description).joined(separator: ", ")
    return holders.count > 5 ? "\(names) and \(holders.count - 5) more" : names
  }

  /// What to do about them.
  ///
  /// - Parameter place: the mount point or the device that they hold.
  static func advice(_ holders: [Holder], place: String) -> String {
    for holder in holders {
      guard let command = holder.command else { continue }
      if case .namespace = holder {
        return
          "Stop the service or container that it belongs to, then run the command again. See which: \(command)"
      }
      return "Take that away, then run the command again: \(command)"
    }
    return
      "Stop what uses it, then run the command again. See all of them: fuser -vm \(place.shellWord)"
  }
}

extension String {
  /// Without control characters: whoever starts a process or mounts something may choose any name.
  var printable: String {
    String(decoding: utf8.map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
  }
}
