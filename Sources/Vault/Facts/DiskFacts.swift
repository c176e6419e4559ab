import BlockDevices
import LUKS

/// What is known about one disk: what it is, what is on it, and who uses it.
package struct DiskFacts: Equatable, Sendable {
  package var disk: Disk
  package var contents: Contents
  /// What lies behind the header area; nil where that was not asked.
  package var behindHeader: Contents?
  /// The LUKS header, where one is on it.
  package var header: HeaderFacts
  package var uses: [Use]
  /// Nothing could be read of it within ``BoundedLook/limit``, not even an error.
  package var isSilent = false

  package init(
    disk: Disk, contents: Contents, behindHeader: Contents? = nil, header: HeaderFacts = .none,
    uses: [Use] = []
  ) {
    self.disk = disk
    self.contents = contents
    self.behindHeader = behindHeader
    self.header = header
    self.uses = uses
  }
}

/// What is known about a disk's LUKS header.
package enum HeaderFacts: Equatable, Sendable {
  case none
  case header(Header)
  case unreadable(String)
}

/// Somebody who uses a disk.
package enum Use: Equatable, Sendable {
  /// The root filesystem lies on it, directly or through mappings.
  case root
  case mounted(String)
  case swap
  /// md, LVM, multipath or another mapping holds it; the volume's own mapping does not count.
  case held(String)
  /// The kernel has it claimed by somebody who is not visible from here.
  case claimed
}
