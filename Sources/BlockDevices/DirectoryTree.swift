/// The tree of directories as a process sees it: its mounts, below its root directory.
///
/// A service with `PrivateTmp=` or `BindPaths=` (systemd.exec(5)) sees others than a person's shell does.
package struct DirectoryTree: Sendable {
  /// How this process gets to that root: nothing for its own, or `/proc/PID/root` (proc_pid_root(5)).
  let prefix: String
  let mounts: MountTree

  init(prefix: String = "", mounts: MountTree) {
    self.prefix = prefix
    self.mounts = mounts
  }

  /// One of which nothing is known: no path in it lies on anything.
  package static var unknown: DirectoryTree {
    DirectoryTree(mounts: MountTree(MountTable(mounts: [])))
  }

  package static func own() throws(BlockDeviceError) -> DirectoryTree {
    DirectoryTree(mounts: MountTree(try .current()))
  }

  /// That of another process; only root may look through its eyes.
  package static func seen(by process: Int) throws(BlockDeviceError) -> DirectoryTree {
    DirectoryTree(
      prefix: "/proc/\(process)/root", mounts: MountTree(try .seen(by: process)))
  }
}
