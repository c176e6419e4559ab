import Elasticsearch
import YAML

/// `/etc/esvault/esvault.yml`: the volumes of this machine.
///
/// Operators write it, and `provision` writes back what it learned. An edit touches only the values
/// concerned; comments, order and everything else stay as they are.
package struct Configuration: Equatable, Sendable {
  package static let defaultPath = "/etc/esvault/esvault.yml"
  /// The newest version that this program understands.
  package static let currentVersion = 1

  package var volumes: [RecordedVolume] = []
  package var policy = Policy()
  let document: Document

  /// A configuration without volumes, as on a new machine.
  package static var empty: Configuration {
    // An empty text is a document that says nothing: it cannot fail to be read.
    Configuration(volumes: [], policy: Policy(), document: try! Document.parse([]))
  }

  package func volume(named name: String) -> RecordedVolume? {
    volumes.first { $0.name == name }
  }
}

/// What is wrong with the configuration, and where.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package let line: Int?
  package let problem: String

  package var description: String { line.map { "line \($0): \(problem)" } ?? problem }

  /// The refusal that a command ends in.
  package func refusal(path: String) -> Refusal {
    Refusal(
      "the configuration '\(path)' cannot be used: \(self)", advice: "Mend it: editor \(path)")
  }
}

extension Configuration {
  /// Reads a configuration file.
  ///
  /// - Throws: ``ConfigurationError`` with the line, for YAML that is broken, a newer version, a key
  ///   that does not exist, or a value that cannot be.
  package static func parse(_ bytes: [UInt8]) throws(ConfigurationError) -> Configuration {
    let document: Document
    do { document = try Document.parse(bytes) } catch {
      throw ConfigurationError(line: error.line, problem: error.problem)
    }
    guard let root = document.root else { return empty }
    // First: a newer version may have any key.
    try checkVersion(of: root)
    _ = try ConfigurationReader(
      root, of: "the configuration", allows: ["version", "volumes", "policy"])
    let volumes = try readVolumes(root["volumes"])
    return Configuration(
      volumes: volumes, policy: try readPolicy(root["policy"]), document: document)
  }

  private static func checkVersion(of root: Node) throws(ConfigurationError) {
    guard let node = root["version"], !node.isNull else {
      throw ConfigurationError(line: root.line, problem: "it has no 'version: 1'")
    }
    let line = node.line
    let text = node.text ?? ""
    guard let version = Int(text) else {
      throw ConfigurationError(line: line, problem: "'\(text)' is not a version")
    }
    guard version <= currentVersion else {
      throw ConfigurationError(
        line: line,
        problem:
          "version \(version) is newer than this program, which reads version \(currentVersion)")
    }
    guard version == currentVersion else {
      throw ConfigurationError(line: line, problem: "there is no version \(version)")
    }
  }

  private static func readVolumes(_ node: Node?) throws(ConfigurationError) -> [RecordedVolume] {
    guard let node, !node.isNull else { return [] }
    guard let items = node.items else {
      throw ConfigurationError(line: node.line, problem: "'volumes' is not a list")
    }
    var volumes: [RecordedVolume] = []
    for item in items {
      let volume = try RecordedVolume.read(item)
      if volumes.contains(where: { $0.name == volume.name }) {
        throw ConfigurationError(
          line: item.line, problem: "there are two volumes with the name '\(volume.name)'")
      }
      volumes.append(volume)
    }
    return volumes
  }

  private static func readPolicy(_ node: Node?) throws(ConfigurationError) -> Policy {
    var policy = Policy()
    guard let node, !node.isNull else { return policy }
    let reader = try ConfigurationReader(node, of: "the policy", allows: ["cipher", "key-bits"])
    policy.cipher = try reader.text("cipher") { $0 == "aes-xts-plain64" } ?? policy.cipher
    if let bits = try reader.text("key-bits", where: { $0 == "512" || $0 == "256" }) {
      policy.keyBits = Int(bits) ?? policy.keyBits
    }
    return policy
  }
}

extension RecordedVolume {
  static func read(_ node: Node) throws(ConfigurationError) -> RecordedVolume {
    let reader = try ConfigurationReader(
      node, of: "a volume",
      allows: ["name", "device", "uuid", "mount", "data", "node", "key", "elasticsearch"])
    guard let name = try reader.text("name", where: VolumeName.isValid) else {
      throw ConfigurationError(line: node.line, problem: "a volume has no 'name'")
    }
    let mount = try reader.text("mount", where: AbsolutePath.mayBeMountPoint)
    var volume = RecordedVolume(
      name: name, device: try reader.text("device"),
      // As headers are read: in lower case.
      uuid: try reader.text("uuid", where: UUIDText.isValid)?.lowercased(), mount: mount,
      data: try reader.text("data", where: AbsolutePath.isNormalised))
    volume.node = try reader.text("node", where: NodeState.isNodeID)
    if let key = node["key"], !key.isNull { try volume.readKey(key) }
    if let elasticsearch = node["elasticsearch"], !elasticsearch.isNull {
      volume.elasticsearch = try RecordedElasticsearch.read(elasticsearch)
    }
    return volume
  }
}

extension RecordedVolume {
  fileprivate mutating func readKey(_ node: Node) throws(ConfigurationError) {
    let reader = try ConfigurationReader(
      node, of: "a key", allows: ["file", "credential", "generate"])
    let file = try reader.text("file", where: AbsolutePath.isNormalised)
    let credential = try reader.text("credential", where: CredentialName.isValid)
    guard file == nil || credential == nil else {
      throw ConfigurationError(
        line: node.line, problem: "a key is a file or a credential, not both")
    }
    key = file.map(RecordedKey.file) ?? credential.map(RecordedKey.credential)
    generatesKey = try reader.flag("generate") ?? false
    guard !generatesKey || file != nil else {
      throw ConfigurationError(line: node.line, problem: "a key is generated into a 'file'")
    }
  }
}

extension RecordedElasticsearch {
  fileprivate static func read(_ node: Node) throws(ConfigurationError) -> RecordedElasticsearch {
    let reader = try ConfigurationReader(
      node, of: "'elasticsearch'",
      allows: ["config", "service", "heap", "confine", "keep-diagnostics"])
    var recorded = RecordedElasticsearch(
      configuration: try reader.text("config", where: AbsolutePath.isNormalised),
      service: try reader.text("service"),
      heap: try reader.text("heap") { Heap.parse($0) != nil })
    recorded.confines = try reader.flag("confine")
    recorded.keepsDiagnostics = try reader.flag("keep-diagnostics")
    return recorded
  }
}
