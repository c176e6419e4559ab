import BlockDevices
import LUKS

extension Check {
  /// esvault's token in the header says what the volume is and how far its making has come; it is not
  /// encrypted, and somebody else may have written it. Here it is compared with the configuration, the
  /// disk and, while the volume is open, the filesystem in it.
  static let journal = Check(
    "journal", .error, "Each volume's journal says that it is finished, and whose it is.",
    reason:
      "A volume that was never finished, or is another than the recorded one, is not opened at the next boot."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        let spec = volume.spec
        let tokens = header.tokens.filter { $0.type == VolumeToken.type }
        let look = "See what its header says: cryptsetup luksDump \(disk.path.shellWord)"
        guard let first = tokens.first, tokens.count == 1 else {
          return .fail(
            volume.name, "the header on '\(disk.path)' has \(tokens.count) esvault tokens, not one",
            advice: look)
        }
        let token: VolumeToken
        do { token = try VolumeToken.decode(first.json) } catch {
          return .fail(volume.name, "'\(disk.path)' cannot be believed: \(error)", advice: look)
        }
        guard token.phase == .ready else {
          return .fail(
            volume.name, "volume '\(spec.name)' is not finished: its journal says '\(token.phase)'",
            advice: "Finish it: esvault provision --name \(spec.name)", evidence: token.evidence)
        }
        if let difference = volume.difference(from: token, header, disk) {
          return .fail(
            volume.name, difference,
            advice:
              "If this disk rightly takes the place of the recorded one, take it over: esvault unlock --adopt \(disk.path.shellWord)",
            evidence: token.evidence)
        }
        if volume.chain.isOpen(spec), volume.chain.inside.isUnknown {
          return volume.judge(volume.chain.inside, "the filesystem of volume '\(spec.name)'") { _ in
            .unknown(volume.name, "its filesystem was not seen", advice: look)
          }
        }
        return .pass(
          volume.name, "finished, and the recorded volume on its own disk", evidence: token.evidence
        )
      }
    }
  }
}

extension AuditedVolume {
  /// The first thing that is otherwise than the journal says.
  fileprivate func difference(
    from token: VolumeToken, _ header: Header, _ disk: Disk
  ) -> String? {
    if let uuid = spec.uuid, header.uuid != uuid {
      return "'\(disk.path)' has the LUKS UUID '\(header.uuid)', not the recorded '\(uuid)'"
    }
    if token.name != spec.name || header.label != VolumeName.label(spec.name) {
      return "the journal on '\(disk.path)' is of volume '\(token.name)', not '\(spec.name)'"
    }
    if token.serial != disk.serial {
      return
        "the journal on '\(disk.path)' was written for the disk '\(token.serial ?? "without a serial")', and this is '\(disk.serial ?? "without a serial")'"
    }
    if case .nothing = chain.inside, chain.isOpen(spec) {
      return "volume '\(spec.name)' is open, and holds no filesystem"
    }
    if let inside = chain.inside.value, inside.type != "ext4" || inside.uuid != token.filesystem {
      return
        "volume '\(spec.name)' should hold the ext4 filesystem \(token.filesystem), and holds \(inside)"
    }
    return nil
  }
}

extension VolumeToken {
  fileprivate var evidence: [String] {
    [
      "phase \(phase.rawValue), serial \(serial ?? "none")", "data \(data) on \(mount)",
      "filesystem \(filesystem)",
    ]
  }
}
