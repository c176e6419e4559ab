/// A mapping of device-mapper, and the devices that it is built on.
package struct StackedDisk: Equatable, Sendable {
  package var disk: Disk
  /// Empty when the kernel has forgotten them: the disk was pulled out.
  package var beneath: [Disk]
  /// Whether reading and writing waits until somebody resumes it (dmsetup(8)).
  package var isSuspended: Bool

  package init(disk: Disk, beneath: [Disk], isSuspended: Bool = false) {
    self.disk = disk
    self.beneath = beneath
    self.isSuspended = isSuspended
  }
}

extension BlockDevices {
  /// The mapping with a name; nil when there is none.
  ///
  /// Sysfs alone is asked: everybody may, no disk is read, and no node below /dev is needed.
  package func mapping(named name: String) -> StackedDisk? {
    let folders = sys.names("block").filter { $0.hasPrefix("dm-") }.map { "block/\($0)" }
    guard let folder = folders.first(where: { sys.text("\($0)/dm/name") == name }),
      let disk = disk(in: folder, links: [])
    else { return nil }
    let links = linksByName()
    return StackedDisk(
      disk: disk,
      beneath: sys.names("\(folder)/slaves").compactMap {
        self.disk(in: "\(folder)/slaves/\($0)", links: links[$0] ?? [])
      },
      isSuspended: sys.isSet("\(folder)/dm/suspended"))
  }
}
