import Glibc

/// Whether the kernel has claimed a device: mounted (perhaps in another namespace), swapped on,
/// or held by a mapping; nil when that cannot be found out.
///
/// Only for looking, long before an activation: the moment of exclusive opening would make a
/// concurrent activation fail. The corresponding C function is `open` with `O_EXCL`.
package func isInUse(_ path: String) -> Bool? {
  var status = stat()
  // On anything but a block device O_EXCL without O_CREAT is undefined, see open(2).
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFBLK else { return nil }
  let descriptor = open(path, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK)
  guard descriptor < 0 else {
    close(descriptor)
    return false
  }
  return errno == EBUSY ? true : nil
}
