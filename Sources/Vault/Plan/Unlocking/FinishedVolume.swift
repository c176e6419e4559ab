import LUKS

/// A finished volume, as the header of a disk describes it.
struct FinishedVolume {
  let header: Header
  let token: VolumeToken

  /// - Parameter name: the name that it must have; nil takes any.
  /// - Throws: ``Refusal`` for what is no volume of ours, is not finished, or is not believed.
  init(on disk: DiskFacts, named name: String? = nil) throws(Refusal) {
    let path = disk.disk.path
    header = try Self.header(of: disk)
    let tokens = header.tokens.filter { $0.type == VolumeToken.type }
    guard let first = tokens.first, tokens.count == 1 else {
      throw Refusal(
        "the header of '\(path)' has \(tokens.count) esvault tokens, and a finished volume has one",
        advice: "Look at them: cryptsetup luksDump \(path)")
    }
    do { token = try VolumeToken.decode(first.json) } catch {
      throw Refusal(
        "the volume on '\(path)' cannot be opened: \(error)",
        advice: "Look at it, and use the esvault that wrote it: cryptsetup luksDump \(path)")
    }
    if let name, token.name != name || header.label != VolumeName.label(name) {
      throw Refusal(
        "'\(path)' is the volume '\(token.name)' with the label '\(header.label)', not '\(name)'",
        advice: "Look at it: cryptsetup luksDump \(path)")
    }
    guard token.phase == .ready else {
      throw Refusal(
        "volume '\(token.name)' on '\(path)' was never finished",
        advice: "Finish it: esvault provision --name \(token.name)")
    }
  }

  private static func header(of disk: DiskFacts) throws(Refusal) -> Header {
    let path = disk.disk.path
    switch disk.header {
    case .header(let header) where header.isEsvault: return header
    case .unreadable(let why):
      throw Refusal(
        "'\(path)' has a LUKS header that cannot be read: \(why)",
        advice:
          "Restore a header backup: cryptsetup luksHeaderRestore \(path) --header-backup-file FILE")
    case .header, .none:
      throw Refusal(
        "'\(path)' is no volume of esvault: it holds \(disk.belongings ?? "nothing")",
        advice: "See what this machine has: esvault devices")
    }
  }
}
