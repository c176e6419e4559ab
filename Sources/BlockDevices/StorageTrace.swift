/// The way from a path down to what holds its bytes, each thing on it with everything beneath it.
package struct StorageTrace: Equatable, Sendable {
  package struct Link: Equatable, Sendable {
    package enum Kind: Hashable, Sendable {
      case path
      case symbolicLink
      case mount(type: String)
      /// Made by device-mapper; its UUID says by whom: `CRYPT-LUKS2-…`, `LVM-…`.
      case mapping(name: String, uuid: String)
      case partition, array, loop, disk
      /// What may be swapped out is on a disk as soon as memory is short.
      case memory(canSwap: Bool)
      /// What is written there leaves the machine.
      case network
      /// Nobody can say what is beneath.
      case unknown
    }

    /// How deep: what stands directly beneath has one more.
    package var level: Int
    package var kind: Kind
    package var name: String
    package var detail: String?

    package init(level: Int, kind: Kind, name: String, detail: String? = nil) {
      self.level = level
      self.kind = kind
      self.name = name
      self.detail = detail
    }
  }

  /// Depth first.
  package var links: [Link]
  /// The path without symbolic links, as far as it exists; nil where that could not be seen.
  package var place: String?
  /// Whether there is something at the path.
  package var exists: Bool

  package init(links: [Link] = [], place: String? = nil, exists: Bool = false) {
    self.links = links
    self.place = place
    self.exists = exists
  }
}

extension StorageTrace {
  /// What nothing more is beneath, each with what stands above it, from the top.
  package var ends: [[Link]] {
    var above: [Link] = []
    var ends: [[Link]] = []
    for (index, link) in links.enumerated() {
      above.removeAll { $0.level >= link.level }
      above.append(link)
      let next = index + 1 < links.count ? links[index + 1].level : 0
      if next <= link.level { ends.append(above) }
    }
    return ends
  }
}
