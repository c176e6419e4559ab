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

  /// What provisioning needs.
  func check() throws(Refusal) {
    guard facts.isRoot else {
      throw Refusal("only root can make a volume", advice: "Run it as root: sudo esvault provision")
    }
    try checkVolume()
    if let place = spec.otherDirectories.first(where: {
      spec.data == $0 || AbsolutePath.isBelow(spec.data, $0)
    }) {
      throw Refusal(
        "the data path '\(spec.data)' takes the place of '\(place)', which is for what Elasticsearch writes besides",
        advice: "Use another directory: --data \(spec.mount.shellWord)/elasticsearch")
    }
    try checkElasticsearch()
  }

  /// What opening needs.
  func checkVolume() throws(Refusal) {
    guard facts.isRoot else {
      throw Refusal("only root can open a volume", advice: "Run it as root: sudo esvault unlock")
    }
    guard facts.hasDeviceMapper else {
      throw Refusal(
        "this kernel has no device-mapper with dm-crypt", advice: "Load it: modprobe dm-crypt")
    }
    try checkPaths()
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
    if case .credential(let name, _) = spec.key, !CredentialName.isValid(name) {
      throw Refusal(
        "'\(name)' cannot be the name of a credential",
        advice: "Use letters, digits, '.', '-' and '_': --key-credential \(spec.name)")
    }
    guard AbsolutePath.isNormalised(spec.elasticsearchConfiguration) else {
      throw Refusal(
        "'\(spec.elasticsearchConfiguration)' is not an absolute path",
        advice: "Begin at the root: --es-config /etc/elasticsearch")
    }
  }

  private func checkElasticsearch() throws(Refusal) {
    let elasticsearch = facts.elasticsearch
    // The facts differ: other file names, other variables, other users. Refused rather than half done.
    guard elasticsearch.product == .elasticsearch else {
      throw Refusal(
        "'\(spec.service)' runs \(elasticsearch.product.rawValue), and esvault sets up Elasticsearch alone",
        advice: "Name the unit that runs Elasticsearch: --service UNIT")
    }
    switch facts.settings(for: spec) {
    case .missing:
      throw Refusal(
        "Elasticsearch is not installed: there is no '\(elasticsearch.configuration)/elasticsearch.yml'",
        advice: "Install it, or say where its configuration is: --es-config DIR")
    case .unusable(let why, let advice):
      throw Refusal(
        "'\(elasticsearch.configuration)/elasticsearch.yml' cannot be edited safely: \(why)",
        advice: advice)
    case .dataPaths(let paths):
      throw Refusal(
        "'\(elasticsearch.configuration)/elasticsearch.yml' has several data paths, and not all are on volumes: "
          + paths.map { "'\($0)'" }.joined(separator: ", "),
        advice:
          "Several data paths are deprecated since Elasticsearch 7.13. Move the data to one path, and leave only that in path.data."
      )
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
    // It would start with another path.data, and write its data in the clear.
    if let told = elasticsearch.elsewhere {
      throw Refusal(
        "'\(spec.service)' reads its configuration from \(told.quoted), not from '\(elasticsearch.configuration)'",
        advice: "Name the directory that it reads: --es-config \(told.text.shellWord)")
    }
    if case .missing(let name) = elasticsearch.user {
      throw Refusal(
        "there is no user '\(name)', as whom '\(spec.service)' runs",
        advice: "Install Elasticsearch's package, which creates its user.")
    }
    if case .missingGroup(let name) = elasticsearch.user {
      throw Refusal(
        "there is no group '\(name)', as which '\(spec.service)' runs",
        advice: "Make it, or set the unit right: systemctl edit \(spec.service.shellWord)")
    }
  }
}
