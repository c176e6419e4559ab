import CCryptsetup
import Glibc

/// What device-mapper has in its table for one mapping at this moment.
struct MappingTable: Equatable {
  /// Device-mapper's own UUID, as in "CRYPT-LUKS2-<32 digits>-<name>".
  var uuid: String
  /// The kind of each target: "crypt", "linear", "error"…
  var targets: [String]
  /// The parameters of the first target; a key in them is zeros.
  var parameters: String
  /// How many have the mapping open: mounts, processes, devices above it.
  var openCount = 0

  /// Whether it is a LUKS mapping that has no table (yet).
  var isUnfinished: Bool { targets.isEmpty && Mapping.luksUUID(in: uuid) != nil }

  /// Enough for the table of any mapping of ours; a table that is larger is cut, and not of LUKS.
  private static let room = 16 << 10
  /// linux/dm-ioctl.h: DM_STATUS_TABLE_FLAG asks for the table rather than for its state, and
  /// DM_SECURE_DATA_FLAG makes the kernel wipe its copy.
  private static let flags: UInt32 = 1 << 4 | 1 << 15

  /// Asks the kernel; nil when there is no mapping with this name. Needs root.
  ///
  /// The corresponding request is `DM_TABLE_STATUS` of `/dev/mapper/control`.
  static func load(_ name: String) throws(LUKSError) -> MappingTable? {
    guard name.utf8.count < Int(DM_NAME_LEN) else { return nil }
    let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 8)
    defer {
      // The table holds the volume key where the kernel's keyring does not.
      explicit_bzero(answer.baseAddress!, answer.count)
      answer.deallocate()
    }
    guard try ask(ESVAULT_DM_TABLE_STATUS, of: name, to: "look for", answer) else { return nil }
    return MappingTable(answer: answer)
  }

  /// Takes away the mapping with this name; nothing happens when there is none. Needs root.
  ///
  /// Throws `deviceBusy` while somebody has it open. The corresponding request is `DM_DEV_REMOVE` of
  /// `/dev/mapper/control`.
  static func remove(_ name: String) throws(LUKSError) {
    let answer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: MemoryLayout<dm_ioctl>.size, alignment: 8)
    defer { answer.deallocate() }
    _ = try ask(ESVAULT_DM_DEV_REMOVE, of: name, to: "remove", answer)
  }

  /// Makes a request of device-mapper; false when there is no mapping with this name.
  private static func ask(
    _ request: UInt, of name: String, to verb: String, _ answer: UnsafeMutableRawBufferPointer
  ) throws(LUKSError) -> Bool {
    let control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC)
    guard control >= 0 else { throw .lastErrno(verb, name) }
    defer { close(control) }
    fill(answer, asking: name)
    if ioctl(control, request, answer.baseAddress!) == 0 { return true }
    switch errno {
    case ENXIO: return false
    case EBUSY: throw .deviceBusy(name)
    default: throw .lastErrno(verb, name)
    }
  }

  private static func fill(_ request: UnsafeMutableRawBufferPointer, asking name: String) {
    request.initializeMemory(as: UInt8.self, repeating: 0)
    var header = dm_ioctl()
    header.version = (4, 0, 0)
    header.data_size = UInt32(request.count)
    header.data_start = UInt32(MemoryLayout<dm_ioctl>.size)
    header.flags = flags
    request.storeBytes(of: header, as: dm_ioctl.self)
    let start = MemoryLayout<dm_ioctl>.offset(of: \.name)!
    request[start...].copyBytes(from: name.utf8)
  }

  /// What the answer says; its key is overwritten, so that no copy of it is made.
  init(answer buffer: UnsafeMutableRawBufferPointer) {
    let answer = UnsafeRawBufferPointer(buffer)
    let header = answer.load(as: dm_ioctl.self)
    uuid = Self.text(
      answer, at: MemoryLayout<dm_ioctl>.offset(of: \.uuid)!, limit: Int(DM_UUID_LEN))
    openCount = Int(header.open_count)
    targets = []
    parameters = ""
    let start = Int(header.data_start)
    var place = start
    for index in 0..<Int(header.target_count) {
      guard place + MemoryLayout<dm_target_spec>.size <= answer.count else { break }
      let target = answer.loadUnaligned(fromByteOffset: place, as: dm_target_spec.self)
      let type = place + MemoryLayout<dm_target_spec>.offset(of: \.target_type)!
      targets.append(Self.text(answer, at: type, limit: Int(DM_MAX_TYPE_NAME)))
      let words = place + MemoryLayout<dm_target_spec>.size
      if index == 0 {
        if targets == ["crypt"] {
          Self.eraseKey(in: UnsafeMutableRawBufferPointer(rebasing: buffer[words...]))
        }
        parameters = Self.text(answer, at: words, limit: answer.count - words)
      }
      // `next` counts from where the targets begin.
      place = start + Int(target.next)
    }
  }

  /// The second word of a crypt target is its key in hexadecimal digits, unless a colon says that the
  /// keyring has it; "-" is none.
  private static func eraseKey(in parameters: UnsafeMutableRawBufferPointer) {
    let words = parameters.prefix { $0 != 0 }.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count > 1, words[1].count > 1, words[1].first != UInt8(ascii: ":") else { return }
    for place in words[1].indices { parameters[place] = UInt8(ascii: "0") }
  }

  init(uuid: String, targets: [String], parameters: String) {
    self.uuid = uuid
    self.targets = targets
    self.parameters = parameters
  }

  private static func text(_ bytes: UnsafeRawBufferPointer, at place: Int, limit: Int) -> String {
    let end = min(place + limit, bytes.count)
    return String(decoding: bytes[place..<end].prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// The kernel's dm-crypt target: "cipher key iv_offset device offset [options]", as its
/// Documentation/admin-guide/device-mapper/dm-crypt.rst describes it.
package struct CryptTarget: Equatable {
  /// As in "aes-xts-plain64".
  package var cipher: String
  package var keyBits: Int
  /// major:minor of the disk below.
  package var device: String
  /// Where the data begins, in bytes.
  package var offset: UInt64
  /// The unit of encryption in bytes.
  package var sectorSize: Int

  /// Nil for a table that is not one single dm-crypt target.
  init?(_ table: MappingTable) {
    guard table.targets == ["crypt"] else { return nil }
    self.init(parameters: table.parameters)
  }

  /// Nil for parameters that are not understood.
  package init?(parameters: String) {
    // By bytes: an accent behind a blank hides it from Swift.
    let words = parameters.utf8.split(separator: UInt8(ascii: " "))
    guard words.count >= 5, let sectors = UInt64(Substring(words[4])),
      let bits = Self.keyBits(words[1]), let size = Self.sectorSize(words.dropFirst(5))
    else { return nil }
    let (offset, isTooFar) = sectors.multipliedReportingOverflow(by: 512)
    guard !isTooFar else { return nil }
    cipher = String(Substring(words[0]))
    keyBits = bits
    device = String(Substring(words[3]))
    self.offset = offset
    sectorSize = size
  }

  private static func sectorSize(_ options: ArraySlice<Substring.UTF8View>) -> Int? {
    let option = "sector_size:".utf8
    guard let word = options.first(where: { $0.starts(with: option) }) else { return 512 }
    return Int(Substring(word.dropFirst(option.count))).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The size of a key that is written in hexadecimal digits, or kept in the kernel's keyring and
  /// named as ":<bytes>:<type>:<description>"; "-" is the key of the null cipher.
  private static func keyBits(_ word: Substring.UTF8View) -> Int? {
    if word.elementsEqual("-".utf8) { return 0 }
    let colon = UInt8(ascii: ":")
    guard word.first == colon else { return word.count * 4 }
    // Far more than any key has.
    let size = word.dropFirst().prefix { $0 != colon }
    return UInt16(Substring(size)).map { Int($0) * 8 }
  }
}
