import Vault

/// What holds for every `esvault.yml`: it is read or refused, what is read is safe to use, and recording
/// what was learned about one volume changes nothing else.
enum ConfigurationProperties {
  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let before: Configuration
    do {
      before = try Configuration.parse(input)
    } catch {
      _ = error.description
      return
    }
    for volume in before.volumes { try check(volume) }
    let names = before.volumes.map { Array($0.name.utf8) }
    try demand(Set(names).count == names.count, "no two volumes have one name")
    for volume in before.volumes.prefix(3) { try checkRecording(volume, in: before, input) }
  }

  private static func check(_ volume: RecordedVolume) throws(BrokenProperty) {
    try demand(
      volume.name.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || isAlphanumeric($0) },
      "a name is one for device-mapper")
    var paths = [volume.mount, volume.data, volume.elasticsearch.configuration]
    if case .file(let path) = volume.key { paths.append(path) }
    for path in paths.compactMap(\.self) {
      try demand(path.isPlainPath, "a path is absolute, and leads nowhere else: \(path)")
    }
  }

  private static func checkRecording(
    _ volume: RecordedVolume, in before: Configuration, _ input: [UInt8]
  ) throws(BrokenProperty) {
    if let same = try? before.recording(volume) {
      try demand(same == input, "recording what is there changes no byte")
    }
    var learned = volume
    learned.uuid = "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11"
    guard learned != volume, let after = try? before.recording(learned) else { return }
    let edit = try YAMLEdit(from: input, to: after)
    if edit.isAddition {
      try edit.adds(["uuid", learned.uuid!])
    } else {
      try edit.replacesOneValue(by: learned.uuid!)
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}

/// What holds for every token of a LUKS2 header, which stands on a disk that somebody else may have
/// written.
enum TokenProperties {
  static func check(_ input: [UInt8]) throws(BrokenProperty) {
    let token: VolumeToken
    do {
      token = try VolumeToken.decode(String(decoding: input, as: UTF8.self))
    } catch {
      _ = error.description
      return
    }
    for path in [token.mount, token.data] {
      try demand(path.isPlainPath, "a path is absolute, and leads nowhere else: \(path)")
    }
    try demand(
      token.data.utf8.starts(with: (token.mount + "/").utf8), "the data is below the mount")
    let again: VolumeToken
    do { again = try VolumeToken.decode(token.json()) } catch {
      throw BrokenProperty(description: "what is written is read again: \(error)")
    }
    try demand(again == token, "it is the same then")
  }
}

extension String {
  /// Begins at the root, and every part between slashes is a name.
  fileprivate var isPlainPath: Bool {
    let parts = utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { Array($0) }
    return parts.count > 1 && parts[0].isEmpty
      && parts.dropFirst().allSatisfy { part in
        !part.isEmpty && part != Array(".".utf8) && part != Array("..".utf8)
          && part.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      }
  }
}
