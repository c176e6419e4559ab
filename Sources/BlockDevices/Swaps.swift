/// The swap areas in use, from /proc/swaps (proc_swaps(5)).
package struct Swaps: Equatable, Sendable {
  package struct Area: Equatable, Sendable {
    /// The device, or the file.
    package var path: String
    /// "partition" for every block device, or "file".
    package var type: String
    package var bytes: UInt64

    package init(path: String, type: String, bytes: UInt64) {
      self.path = path
      self.type = type
      self.bytes = bytes
    }
  }

  package var areas: [Area]

  package init(areas: [Area]) { self.areas = areas }

  /// Reads the text of /proc/swaps, whose first line is a heading; no text means no swap.
  package static func parse(_ text: String) throws(BlockDeviceError) -> Swaps {
    var areas: [Area] = []
    for line in KernelLine.lines(text).dropFirst() {
      let fields = KernelLine.fields(Array(line), omittingEmpty: true)
      guard fields.count == 5, let kibibytes = UInt64(fields[2]) else {
        throw .malformed("swaps", line: String(decoding: line, as: UTF8.self))
      }
      areas.append(Area(path: fields[0], type: fields[1], bytes: kibibytes * 1024))
    }
    return Swaps(areas: areas)
  }

  /// The areas of this moment; none where the kernel was built without swap.
  package static func current() throws(BlockDeviceError) -> Swaps {
    do {
      return try parse(String(decoding: KernelTree.contents(of: "/proc/swaps"), as: UTF8.self))
    } catch .failed(_, _, errno: 2) {
      return Swaps(areas: [])
    }
  }
}
