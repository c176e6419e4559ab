/// One line of /proc/self/mountinfo: what is mounted where (proc_pid_mountinfo(5)).
package struct Mount: Equatable, Sendable {
  package var id: Int
  /// The id of the mount beneath the target.
  package var parent: Int
  package var number: DeviceNumber
  /// The folder within the filesystem that is mounted; not "/" for a bind mount.
  package var root: String
  package var target: String
  package var type: String
  /// Of this mount (noatime, nodev…).
  package var options: [String]
  /// Of the filesystem, whatever its mounts say.
  package var superOptions: [String]
  package var source: String

  package init(
    id: Int, parent: Int, number: DeviceNumber, root: String = "/", target: String, type: String,
    options: [String] = [], superOptions: [String] = [], source: String
  ) {
    self.id = id
    self.parent = parent
    self.number = number
    self.root = root
    self.target = target
    self.type = type
    self.options = options
    self.superOptions = superOptions
    self.source = source
  }

  /// Reads one line; nil when it has another form.
  init?(line: some Sequence<UInt8>) {
    // Empty fields count: a source may be the empty string.
    let fields = KernelLine.fields(Array(line), omittingEmpty: false)
    guard fields.count >= 10,
      let dash = fields.indices.dropFirst(6).first(where: { fields[$0] == "-" }),
      fields.count >= dash + 4,
      let id = Int(fields[0]), let parent = Int(fields[1]), let number = DeviceNumber(fields[2])
    else { return nil }
    self.init(
      id: id, parent: parent, number: number, root: fields[3], target: fields[4],
      type: fields[dash + 1], options: Self.options(fields[5]),
      superOptions: Self.options(fields[dash + 3]),
      source: fields[dash + 2])
  }

  private static func options(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
  }
}
