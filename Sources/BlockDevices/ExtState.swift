/// How an ext2, ext3 or ext4 filesystem was left when it was last used.
package struct ExtState: Equatable, Sendable {
  /// Whether it was unmounted, EXT4_VALID_FS; with a journal the kernel never takes that away.
  package var wasUnmounted: Bool
  /// Whether the kernel found an error in it, EXT4_ERROR_FS.
  package var hasErrors: Bool
  /// Whether the journal holds what is not yet in its place, EXT4_FEATURE_INCOMPAT_RECOVER. That is
  /// so while it is mounted, too.
  package var needsRecovery: Bool

  package init(wasUnmounted: Bool, hasErrors: Bool, needsRecovery: Bool) {
    self.wasUnmounted = wasUnmounted
    self.hasErrors = hasErrors
    self.needsRecovery = needsRecovery
  }

  /// Whether it can be mounted without a check.
  package var isClean: Bool { wasUnmounted && !hasErrors && !needsRecovery }

  /// Reads it from a device or an image; nil where there is no such filesystem.
  package static func read(_ path: String) throws(BlockDeviceError) -> ExtState? {
    guard let bytes = try ExtSuperblock.bytes(of: path) else { return nil }
    // s_state and the first byte of s_feature_incompat: the kernel's
    // Documentation/filesystems/ext4/super.rst.
    let (state, features) = (bytes[0x3A], bytes[0x60])
    return ExtState(
      wasUnmounted: state & 1 != 0, hasErrors: state & 2 != 0, needsRecovery: features & 4 != 0)
  }
}
