import CCryptsetup
import Glibc

/// A block device or file that is, or is about to be, a LUKS container.
///
/// ```swift
/// var device = try LUKSDevice.open("/dev/nvme1n1")
/// try device.load()
/// try device.activate(as: "esvol", with: key, allowDiscards: false)
/// ```
package struct LUKSDevice: ~Copyable {
  /// The path as the caller gave it; it is the object in every error.
  package let path: String
  let handle: OpaquePointer
  let log: Log

  private init(path: String, handle: OpaquePointer, log: Log) {
    self.path = path
    self.handle = handle
    self.log = log
  }

  deinit { withExtendedLifetime(log) { crypt_free(handle) } }

  /// Opens a device without reading its header.
  ///
  /// The corresponding C function is `crypt_init`.
  package static func open(_ path: String) throws(LUKSError) -> LUKSDevice {
    try open(path, calling: path)
  }

  /// Opens `path`, and speaks of it as `name` in errors.
  static func open(_ path: String, calling name: String) throws(LUKSError) -> LUKSDevice {
    _ = Log.global.take()
    var handle: OpaquePointer?
    try LUKSError.check(crypt_init(&handle, path), "open", name, log: .global)
    guard let handle else { preconditionFailure("crypt_init succeeded without a handle") }
    let log = Log()
    log.receive(from: handle)
    return LUKSDevice(path: name, handle: handle, log: log)
  }

  /// Reads the LUKS header, version 1 or 2, to work with it.
  ///
  /// libcryptsetup repairs a damaged copy of a LUKS2 header here by writing to the device; to look
  /// and change nothing, use ``Header/read(from:)``.
  ///
  /// The corresponding C function is `crypt_load`.
  package mutating func load() throws(LUKSError) {
    try LUKSError.check(crypt_load(handle, nil, nil), "load the header of", path, log: log)
  }

  /// Opens the volume as `/dev/mapper/<name>`; needs root and device-mapper.
  ///
  /// Throws `wrongKey`, `nameInUse` or `deviceBusy`. With `allowDiscards` the disk learns which
  /// blocks are free. This blocks for as long as udev does.
  ///
  /// The corresponding C function is `crypt_activate_by_passphrase`.
  package mutating func activate(
    as name: String, with key: borrowing Secret, allowDiscards: Bool
  ) throws(LUKSError) {
    let flags = allowDiscards ? ESVAULT_ACTIVATE_ALLOW_DISCARDS : 0
    let (handle, path) = (handle, path)
    let result = key.withUnsafeBytes { key in
      crypt_activate_by_passphrase(
        handle, name, CRYPT_ANY_SLOT, key.baseAddress?.assumingMemoryBound(to: CChar.self),
        key.count, flags)
    }
    try LUKSError.check(result, "open", path, log: log) { errno in
      switch errno {
      case EPERM: .wrongKey(device: path)
      case EEXIST: .nameInUse(name)
      case EBUSY: .deviceBusy(path)
      default: nil
      }
    }
  }
}
