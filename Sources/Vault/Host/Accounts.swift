import Glibc

/// Users and groups as systemd understands `User=` and `Group=`: a name, or a number, which must be in
/// the account database as well (systemd.exec(5)).
enum Accounts {
  static func user(_ text: String) -> (id: uid_t, group: gid_t)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    let status =
      UInt32(text).map { getpwuid_r($0, &entry, &buffer, buffer.count, &found) }
      ?? getpwnam_r(text, &entry, &buffer, buffer.count, &found)
    return status == 0 && found != nil ? (entry.pw_uid, entry.pw_gid) : nil
  }

  static func group(_ text: String) -> gid_t? {
    var entry = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    // A group may have many members, who are listed here.
    var buffer = [CChar](repeating: 0, count: 256 << 10)
    let status =
      UInt32(text).map { getgrgid_r($0, &entry, &buffer, buffer.count, &found) }
      ?? getgrnam_r(text, &entry, &buffer, buffer.count, &found)
    return status == 0 && found != nil ? entry.gr_gid : nil
  }
}
