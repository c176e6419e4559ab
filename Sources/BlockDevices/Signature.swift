/// What blkid recognises on a device: a filesystem, a container or a partition table.
package struct Signature: Equatable, Sendable, CustomStringConvertible {
  /// What a signature is for, in blkid's classes.
  package enum Usage: String, Sendable {
    case filesystem, raid, crypto, other
    case partitionTable = "partition table"
  }

  /// blkid's TYPE or PTTYPE: ext4, xfs, swap, crypto_LUKS, linux_raid_member, gpt, dos…
  package let type: String
  package let usage: Usage
  package let label: String?
  package let uuid: String?

  package init(type: String, usage: Usage, label: String? = nil, uuid: String? = nil) {
    self.type = type
    self.usage = usage
    self.label = label
    self.uuid = uuid
  }

  package var description: String {
    var text = type
    switch usage {
    case .filesystem: text += " filesystem"
    case .partitionTable: text += " partition table"
    case .raid, .crypto, .other: break
    }
    if let label { text += " '\(label)'" }
    if let uuid { text += " (UUID \(uuid))" }
    return text
  }
}
