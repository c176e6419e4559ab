/// A place that Elasticsearch, or the kernel on its behalf, writes to; and what lies beneath it.
package struct AuditedPlace: Equatable, Sendable {
  package enum Purpose: String, Sendable, CaseIterable {
    case data, logs
    case heapDumps = "heap-dumps"
    case errorFiles = "error-files"
    case gcLogs = "gc-logs"
    case temporary, repository
    case coreDumps = "core-dumps"
    case swap
    /// A volume's stored key: no service writes it.
    case key
  }

  package var purpose: Purpose
  package var path: String
  /// What names it: "path.data in '/etc/elasticsearch/elasticsearch.yml'".
  package var origin: String
  /// Whether every disk beneath is behind LUKS; nil where that could not be seen.
  package var isEncrypted: Bool?
  /// From the path down to the disks, depth first.
  package var chain: [Link]
  /// Why it is not known to be encrypted: a phrase, with the object in single quotes.
  package var problem: String?
  /// Whether it lies in memory that the kernel may swap out.
  package var maySwap = false

  /// One thing on the way down.
  package struct Link: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
      case path, link, mount, mapping, partition, array, loop, disk, memory, network, unknown
    }

    /// How deep: what stands directly beneath has one more.
    package var level: Int
    package var kind: Kind
    package var name: String
    package var detail: String?
    /// Whether what is written is encrypted from here down.
    package var encrypts: Bool

    package init(
      level: Int, kind: Kind, name: String, detail: String? = nil, encrypts: Bool = false
    ) {
      self.level = level
      self.kind = kind
      self.name = name
      self.detail = detail
      self.encrypts = encrypts
    }
  }

  package init(
    purpose: Purpose, path: String, origin: String, isEncrypted: Bool?, chain: [Link],
    problem: String? = nil
  ) {
    self.purpose = purpose
    self.path = path
    self.origin = origin
    self.isEncrypted = isEncrypted
    self.chain = chain
    self.problem = problem
  }
}
