import CLinux
import Glibc
import SystemPackage

/// The beginning of a device, copied into memory, for the library to do with as it likes.
///
/// The file in memory has the device's size, but only the header area has contents.
struct HeaderCopy: ~Copyable {
  /// Two copies of a LUKS2 header, each at most 4 MiB (LUKS2 On-Disk Format Specification, 2.1).
  private static let area = 8 << 20
  private static let primaryMagic: [UInt8] = Array("LUKS".utf8) + [0xBA, 0xBE]
  private static let secondaryMagic: [UInt8] = Array("SKUL".utf8) + [0xBA, 0xBE]
  /// Where the second copy can begin: 16 KiB to 4 MiB, one place for each size of the first.
  private static let secondaryOffsets = (14...22).map { 1 << $0 }

  private let memory: FileDescriptor
  private let original: [UInt8]
  private let device: String

  private init(memory: FileDescriptor, original: [UInt8], device: String) {
    self.memory = memory
    self.original = original
    self.device = device
  }

  deinit { try? memory.close() }

  /// Copies what `device`, or a part of it, begins with; opens it for reading only.
  ///
  /// - Parameter bytes: how much of it; nil: what tells all about the header, without the keyslots' areas.
  static func taken(
    from device: String, part: Range<UInt64>? = nil, bytes: Int? = nil
  ) throws(LUKSError) -> HeaderCopy {
    do {
      // Without waiting, so that a named pipe is an error and not a hang.
      let source = try FileDescriptor.open(
        device, .readOnly, options: [.nonBlocking, .closeOnExec])
      defer { try? source.close() }
      let end = UInt64(try source.seek(offset: 0, from: .end))
      let part = (part ?? 0..<end).clamped(to: 0..<end)
      let (start, size) = (Int(part.lowerBound), part.count)
      let wanted = try bytes ?? needed(from: source, at: start)
      let original = try Self.bytes(of: source, from: start, upTo: min(wanted, size))
      let memory = esvault_memory_file("esvault-header")
      guard memory >= 0 else { throw LUKSError.lastErrno("copy the header of", device) }
      let copy = HeaderCopy(
        memory: FileDescriptor(rawValue: memory), original: original, device: device)
      guard ftruncate(memory, off_t(size)) == 0 else {
        throw LUKSError.lastErrno("copy the header of", device)
      }
      try copy.memory.writeAll(toAbsoluteOffset: 0, original)
      return copy
    } catch let error as LUKSError {
      throw error
    } catch {
      throw .system(error, "read the header of", device)
    }
  }

  /// How many bytes tell all about the header: usually 32 KiB.
  ///
  /// A LUKS2 header begins with its size; the second copy follows. Where either is not in its place,
  /// one copy may be damaged, and the other one anywhere in the whole area.
  private static func needed(from source: FileDescriptor, at place: Int) throws -> Int {
    let start = try bytes(of: source, from: place, upTo: 4096)
    // The version, 2 bytes, and the size, 8 bytes, follow the magic bytes, the highest byte first.
    guard start.starts(with: primaryMagic), start.dropFirst(6).starts(with: [0, 2]),
      start.count >= 16
    else { return area }
    let size = start[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let offset = secondaryOffsets.first(where: { UInt64($0) == size }),
      try bytes(of: source, from: place + offset, upTo: secondaryMagic.count) == secondaryMagic
    else { return area }
    return 2 * offset
  }

  /// A path that opens the copy, in this process only.
  var path: String { "/proc/self/fd/\(memory.rawValue)" }

  /// Whether either copy of a header begins with LUKS's magic bytes.
  var hasSignature: Bool {
    original.starts(with: Self.primaryMagic)
      || Self.secondaryOffsets.contains { offset in
        original.dropFirst(offset).starts(with: Self.secondaryMagic)
      }
  }

  /// Whether the library found a damaged copy of the header, and mended it in memory.
  func wasRepaired() throws(LUKSError) -> Bool {
    do {
      return try Self.bytes(of: memory, upTo: original.count) != original
    } catch {
      throw .system(error, "read the header of", device)
    }
  }

  private static func bytes(
    of file: FileDescriptor, from start: Int = 0, upTo limit: Int
  ) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while count < limit {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let got = try file.read(fromAbsoluteOffset: Int64(start + count), into: rest)
        if got == 0 { break }
        count += got
      }
    }
  }
}
