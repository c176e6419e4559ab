import BlockDevices
import Glibc
import SystemPackage

/// Looks through the machine for those who hold a volume.
///
/// It is a best effort, for words in an error: what goes away meanwhile or cannot be read is left out.
/// Nothing here touches the filesystem itself, nor another that a process has open: a disk or a
/// server that does not answer would hang the search as well.
struct Holders {
  private let number: DeviceNumber
  private let devices: BlockDevices
  private let processes: [HoldingProcess]
  /// By mount namespace.
  private var tables: [String: MountTable] = [:]

  private init(of number: DeviceNumber, devices: BlockDevices) {
    self.number = number
    self.devices = devices
    processes = HoldingProcess.all()
    for process in processes where tables[process.namespace] == nil {
      tables[process.namespace] = try? MountTable.seen(by: process.id)
    }
    // Whole, even if the first process of our namespace has another root.
    tables[HoldingProcess.own.namespace] = try? MountTable.current()
  }

  /// Every mount of a device, in every mount namespace that a process lives in.
  static func mounts(of number: DeviceNumber) -> [Mount] {
    Holders(of: number, devices: BlockDevices()).tables.values.flatMap { $0.mounts(of: number) }
  }

  /// Who holds a mounted filesystem.
  static func ofMount(on number: DeviceNumber, devices: BlockDevices) -> [Holder] {
    let search = Holders(of: number, devices: devices)
    return search.withinFilesystem + search.users.map { .process($0.id, name: $0.name) }
  }

  /// Who holds the device itself.
  static func ofDevice(_ number: DeviceNumber, devices: BlockDevices) -> [Holder] {
    let search = Holders(of: number, devices: devices)
    let mounts = search.ownTable.mounts(of: number).map { Holder.mount($0.target) }
    let above = ((try? devices.disk(number: number))?.holders ?? []).map(Holder.device)
    let users = search.users
    return mounts + search.withinFilesystem + above
      + users.map { .process($0.id, name: $0.name) }
      + search.strangers(besides: users).map { .namespace($0.id, name: $0.name) }
  }

  private var ownTable: MountTable {
    tables[HoldingProcess.own.namespace] ?? MountTable(mounts: [])
  }

  /// What the kernel itself uses of the filesystem: other mounts, swap, loop devices.
  private var withinFilesystem: [Holder] {
    let table = ownTable
    let ids = Set(table.mounts(of: number).map(\.id))
    let within = table.mounts.filter { ids.contains($0.parent) && !ids.contains($0.id) }
    let swaps = ((try? Swaps.current())?.areas ?? []).filter {
      $0.type == "file" && isInside($0.path)
    }
    let loops: [Holder] = ((try? devices.disks()) ?? []).compactMap { disk in
      guard case .loop(let file?) = disk.kind, isInside(file) else { return nil }
      return .loop(device: disk.path, file: file)
    }
    return within.map { .mountWithin($0.target) } + swaps.map { .swap(file: $0.path) } + loops
  }

  private func isInside(_ path: String) -> Bool {
    ownTable.mount(containing: path)?.number == number
  }

  private var users: [HoldingProcess] {
    let known = Dictionary(
      tables.values.flatMap { $0.mounts.map { ($0.id, $0.number) } }, uniquingKeysWith: { $1 })
    return processes.filter { process in
      process.holds(number, mounts: known, table: tables[process.namespace])
    }
  }

  /// One process of each other mount namespace that has the volume mounted, and that no user is of.
  private func strangers(besides users: [HoldingProcess]) -> [HoldingProcess] {
    var seen = Set(users.map(\.namespace)).union([HoldingProcess.own.namespace])
    return processes.filter { process in
      tables[process.namespace]?.mounts(of: number).isEmpty == false
        && seen.insert(process.namespace).inserted
    }
  }
}
