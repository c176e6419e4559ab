/// Why a block device could not be used or looked at.
package enum BlockDeviceError: Error, Equatable, CustomStringConvertible {
  case noSuchDevice(String)
  case notABlockDevice(String)
  /// Neither a disk nor a regular file: a directory, a pipe, a terminal.
  case hasNoBytes(String)
  case isPartition(String, of: String)
  /// More than one kind of signature: nobody can say what is there.
  case ambivalent(String, types: [String])
  /// Its size is another one than when the reading began.
  case changed(String)
  /// A line of a kernel table that has another form than documented.
  case malformed(String, line: String)
  /// Anything else: what was tried, on what, and the error number.
  case failed(verb: String, object: String, errno: Int32)

  package var description: String {
    switch self {
    case .noSuchDevice(let path): "could not find '\(path)': no such device"
    case .notABlockDevice(let path): "could not use '\(path)': not a block device"
    case .hasNoBytes(let path): "could not use '\(path)': neither a disk nor a regular file"
    case .isPartition(let path, let disk):
      "could not use '\(path)': it is a partition of '\(disk)'"
    case .ambivalent(let path, let types):
      "could not identify '\(path)': \(Self.several(types))"
    case .changed(let path): "could not read '\(path)': its size changed meanwhile"
    case .malformed(let table, let line): "could not read '\(table)': malformed line '\(line)'"
    case .failed(let verb, let object, let number):
      "could not \(verb) '\(object)': \(Self.text(of: number))"
    }
  }

  static func several(_ types: [String]) -> String {
    "several signatures" + (types.isEmpty ? "" : ": " + types.joined(separator: ", "))
  }
}
