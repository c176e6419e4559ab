import Elasticsearch

/// What is known about Elasticsearch on this machine.
package struct ElasticsearchFacts: Equatable, Sendable {
  /// Its configuration directory, and whether `elasticsearch.yml` is in it.
  package var configuration: String
  package var settings: SettingsFacts
  /// Which program the unit starts.
  package var product = Product.elasticsearch
  /// The version that would run: from the name of `lib/elasticsearch-<version>.jar`, or else from the
  /// package database; nil where neither tells it.
  package var version: ElasticsearchVersion?
  /// What the package database says; nil for an installation from an archive.
  package var packageVersion: ElasticsearchVersion?
  /// The user that the unit runs as.
  package var user: UserFacts
  package var service: ServiceFacts
  /// Whether systemd starts the service at boot; nil where that is not known, or not for systemctl to
  /// change.
  package var isEnabled: Bool?
  /// The node state at the *present* path.data.
  package var presentData: NodeStateFacts
  package var heap: HeapFacts
  /// The configuration directory that the unit names, if it is not `configuration`.
  package var elsewhere: String?
  /// Whether a process of the service has a file open below the spec's data path; nil where that
  /// cannot be seen.
  package var usesData: Bool?

  package init(
    configuration: String, settings: SettingsFacts, version: ElasticsearchVersion?,
    user: UserFacts, service: ServiceFacts, presentData: NodeStateFacts, heap: HeapFacts,
    elsewhere: String? = nil, usesData: Bool? = nil
  ) {
    self.configuration = configuration
    self.settings = settings
    self.version = version
    self.user = user
    self.service = service
    self.presentData = presentData
    self.heap = heap
    self.elsewhere = elsewhere
    self.usesData = usesData
  }
}

extension ElasticsearchFacts {
  /// What a person should know about the version, where it matters.
  var versionNote: String? {
    guard let version else {
      return
        "the version of Elasticsearch is not known: neither a jar in its 'lib' nor the package database tells it; it is set up as one before 7.7"
    }
    guard let packageVersion, packageVersion != version else { return nil }
    return
      "'lib' has \(version.title), and the package database says \(packageVersion): the first is what runs"
  }
}

/// What `elasticsearch.yml` says.
package enum SettingsFacts: Equatable, Sendable {
  case missing
  /// It cannot be read or edited safely: why, with the line.
  case unusable(String)
  /// Its `path.data`; nil where it has none.
  case dataPath(String?)
}

package enum UserFacts: Equatable, Sendable {
  case missing(name: String)
  case missingGroup(name: String)
  /// The name may be a number.
  case user(name: String, id: UInt32, group: UInt32)
}

package enum ServiceFacts: Equatable, Sendable {
  /// systemd gave no answer: why.
  case unknown(String)
  case missing
  case stopped
  case running
}

/// What lies at a data path.
package enum NodeStateFacts: Equatable, Sendable {
  case none
  case present(NodeState)
  /// Something is there, and it does not decode: a node all the same, as far as safety goes.
  case damaged(String)
}

/// What the JVM options say about the heap.
package enum HeapFacts: Equatable, Sendable {
  /// Initial and maximum size in bytes, as written in the file that esvault would write.
  case written(initial: UInt64?, maximum: UInt64?)
  case unusable(String)
}
