import BlockDevices
import LUKS

/// What must be there before any disk is looked at.
struct Prerequisites {
  let spec: VolumeSpec
  let facts: Facts

  init(_ spec: VolumeSpec, _ facts: Facts) {
    self.spec = spec
    self.facts = facts
  }

  func check() throws(Refusal) {
    guard facts.isRoot else {
      throw Refusal("only root can make a volume", advice: "Run it as root: sudo esvault provision")
    }
    guard facts.hasDeviceMapper else {
      throw Refusal(
        "this kernel has no device-mapper with dm-crypt", advice: "Load it: modprobe dm-crypt")
    }
    try checkPaths()
    try checkElasticsearch()
  }

  private func checkPaths() throws(Refusal) {
    guard VolumeName.isValid(spec.name) else {
      throw Refusal(
        "'\(spec.name)' cannot be the name of a volume",
        advice: "Use 1 to 39 letters, digits, '-' and '_': --name esvol")
    }
    guard AbsolutePath.mayBeMountPoint(spec.mount) else {
      throw Refusal(
        "'\(spec.mount)' cannot be a mount point",
        advice: "Use an absolute path that is no system directory: --mount /mnt/es")
    }
    guard AbsolutePath.isNormalised(spec.data), AbsolutePath.isBelow(spec.data, spec.mount) else {
      throw Refusal(
        "the data path '\(spec.data)' is not below the mount point '\(spec.mount)'",
        advice: "Use a directory below it: --data \(spec.mount)/elasticsearch")
    }
    // Both are recorded: later runs start elsewhere.
    if let path = spec.key.path, !AbsolutePath.isNormalised(path) {
      throw Refusal(
        "the key file '\(path)' is not named by an absolute path",
        advice: "Begin at the root: --key-file /etc/esvault/keys/\(spec.name).key")
    }
    guard AbsolutePath.isNormalised(spec.elasticsearchConfiguration) else {
      throw Refusal(
        "'\(spec.elasticsearchConfiguration)' is not an absolute path",
        advice: "Begin at the root: --es-config /etc/elasticsearch")
    }
  }

  private func checkElasticsearch() throws(Refusal) {
    let elasticsearch = facts.elasticsearch
    switch elasticsearch.settings {
    case .missing:
      throw Refusal(
        "Elasticsearch is not installed: there is no '\(elasticsearch.configuration)/elasticsearch.yml'",
        advice: "Install it, or say where its configuration is: --es-config DIR")
    case .unusable(let why):
      throw Refusal(
        "'\(elasticsearch.configuration)/elasticsearch.yml' cannot be edited safely: \(why)",
        advice: "Mend the file by hand, then run the command again.")
    case .dataPath: break
    }
    if case .unknown(let why) = elasticsearch.service {
      throw Refusal(
        "systemd does not say whether '\(spec.service)' runs: \(why)",
        advice: "See whether it answers: systemctl status \(spec.service)")
    }
    if elasticsearch.service == .missing {
      throw Refusal(
        "there is no systemd unit '\(spec.service)'",
        advice: "Name the unit that runs Elasticsearch: --service UNIT")
    }
    if case .missing(let name) = elasticsearch.user {
      throw Refusal(
        "there is no user '\(name)', as whom '\(spec.service)' runs",
        advice: "Install Elasticsearch's package, which creates its user.")
    }
  }
}

/// `--wipe DEVICE`: the second naming of the disk must mean the same disk.
struct WipeOrder {
  let spec: VolumeSpec
  let facts: Facts

  init(_ spec: VolumeSpec, _ facts: Facts) {
    self.spec = spec
    self.facts = facts
  }

  func check(against disk: DiskFacts) throws(Refusal) {
    guard let word = spec.wipe else { return }
    let wiped: DiskFacts? =
      word.hasPrefix("/")
      ? try facts.disk(named: facts.wiped, as: word)
      : facts.disks.first { $0.disk.answers(to: word) }
    guard wiped?.disk.path == disk.disk.path else {
      throw Refusal(
        "--wipe names '\(word)', and the disk is '\(disk.disk.path)'",
        advice:
          "Name the same disk twice, if it is the one to be wiped: esvault provision \(disk.disk.path) --wipe \(disk.disk.path)"
      )
    }
  }
}

/// Before an existing mapping is used, it is compared with the one that would be made.
struct MappingCheck {
  let spec: VolumeSpec
  let facts: Facts
  let disk: DiskFacts
  let uuid: String

  init(_ spec: VolumeSpec, _ facts: Facts, _ disk: DiskFacts, uuid: String) {
    self.spec = spec
    self.facts = facts
    self.disk = disk
    self.uuid = uuid
  }

  /// Whether the volume is open already.
  func isOpen() throws(Refusal) -> Bool {
    let name = "/dev/mapper/\(spec.name)"
    let advice = "See what it is: dmsetup table \(spec.name). Close it, or choose another --name."
    switch facts.mapping {
    case .none: return false
    case .other(let what):
      throw Refusal("'\(name)' exists already: \(what)", advice: advice)
    case .encrypted(let mapping, let above, _):
      guard mapping.uuid == uuid, above.contains(disk.disk.name) else {
        throw Refusal(
          "'\(name)' exists already, on another disk than '\(disk.disk.path)'", advice: advice)
      }
      guard mapping.cipher == spec.policy.cipher, mapping.keyBits == spec.policy.keyBits,
        mapping.dataOffset == VolumeLimits.dataOffset
      else {
        throw Refusal(
          "'\(name)' is encrypted with \(mapping.cipher), \(mapping.keyBits) bits, from byte \(mapping.dataOffset), not as the volume must be",
          advice: advice)
      }
      return true
    }
  }
}

extension Header {
  /// Compares a header with what esvault writes, before it is opened.
  ///
  /// - Throws: ``Refusal`` for a null or other cipher, a smaller key, another offset, or an unfinished
  ///   reencryption.
  func check(against policy: Policy, of name: String, on path: String) throws(Refusal) {
    let advice = "Do not enter its key. Compare with a header backup: cryptsetup luksDump \(path)"
    guard cipher == policy.cipher, keyBits == policy.keyBits else {
      throw Refusal(
        "the header of volume '\(name)' on '\(path)' says \(cipher) with \(keyBits) bits, not \(policy.cipher) with \(policy.keyBits)",
        advice: advice)
    }
    guard dataOffset == VolumeLimits.dataOffset else {
      throw Refusal(
        "the header of volume '\(name)' on '\(path)' places the data at byte \(dataOffset), not \(VolumeLimits.dataOffset)",
        advice: advice)
    }
    guard requirements.isEmpty else {
      throw Refusal(
        "volume '\(name)' on '\(path)' has an unfinished change: \(requirements.joined(separator: ", "))",
        advice: "Let the tool that began it finish: cryptsetup reencrypt --resume-only \(path)")
    }
  }
}
