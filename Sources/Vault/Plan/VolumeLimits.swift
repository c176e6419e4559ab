import LUKS

/// Sizes that a volume needs.
package enum VolumeLimits {
  /// 128 MiB: the LUKS2 header area takes 16 MiB, and the smallest ext4 with a journal must follow.
  package static let minimumBytes: UInt64 = 128 << 20
  /// Where the encrypted data begins, in bytes; a header that says otherwise was tampered with.
  package static let dataOffset = HeaderFormat.dataOffset
}
