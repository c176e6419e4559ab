import Elasticsearch

/// What is known about Elasticsearch on this machine.
package struct ElasticsearchFacts: Equatable, Sendable {
  /// Its configuration directory, and whether `elasticsearch.yml` is in it.
  package var configuration: String
  package var settings: SettingsFacts
  /// Where the program is installed. A relative path in its settings is meant from here: its script goes
  /// there before Java starts (`elasticsearch-env`; read in 7.1, 8.0 and 9).
  package var home = Product.elasticsearch.packagedHome
  /// Which program the unit starts.
  package var product = Product.elasticsearch
  /// The version that would run: from the name of `lib/elasticsearch-<version>.jar`, else from the package
  /// database, else from the data on the volume; nil where nothing tells it.
  package var version: ElasticsearchVersion?
  /// What the package database says; nil for an installation from an archive.
  package var packageVersion: ElasticsearchVersion?
  /// Whether ``version`` is only that of the node that has written the data on the volume: this one or a
  /// later one runs.
  package var isVersionOfData = false
  /// The user that the unit runs as.
  package var user: UserFacts
  package var service: ServiceFacts
  /// Whether it does not run because it has failed: nobody has stopped it.
  package var hasFailed = false
  /// Whether systemd starts the service at boot; nil where that is not known, or not for systemctl to
  /// change.
  package var isEnabled: Bool?
  /// The node state at the *present* path.data.
  package var presentData: NodeStateFacts
  package var jvm: JVMFacts
  /// What the unit's files say of the program that it starts.
  package var definition = ServiceDefinition()
  /// How much memory the service's control groups let it have, in bytes; nil for no limit.
  package var memoryLimit: UInt64?
  /// `path.logs` as written; nil where there is none.
  package var logs: String?
  /// The configuration directory that the unit names, if it is not `configuration`.
  package var elsewhere: ServiceDefinition.Saying?
  /// Whether a process of the service has a file open below the spec's data path; nil where that
  /// cannot be seen.
  package var usesData: Bool?

  package init(
    configuration: String, settings: SettingsFacts, version: ElasticsearchVersion?,
    user: UserFacts, service: ServiceFacts, presentData: NodeStateFacts, jvm: JVMFacts,
    elsewhere: ServiceDefinition.Saying? = nil, usesData: Bool? = nil
  ) {
    self.configuration = configuration
    self.settings = settings
    self.version = version
    self.user = user
    self.service = service
    self.presentData = presentData
    self.jvm = jvm
    self.elsewhere = elsewhere
    self.usesData = usesData
  }
}

extension ElasticsearchFacts {
  /// What a person should know about the version, where it matters.
  var versionNote: String? {
    guard let version else {
      return
        "the version of Elasticsearch is not known: neither a jar in its 'lib' nor the package database tells it; it is set up as one before 7.7, unless there is a folder 'jvm.options.d'"
    }
    if isVersionOfData {
      return
        "the version of Elasticsearch is not known, neither from a jar in its 'lib' nor from the package database: it is taken for \(version), which has written the data on the volume"
    }
    guard let packageVersion, packageVersion != version else { return nil }
    return
      "'lib' has \(version.title), and the package database says \(packageVersion): the first is what runs"
  }
}

extension ElasticsearchFacts {
  /// The option that makes the heap a share of the memory, where none gives its size. Since 7.11
  /// Elasticsearch then chooses the size itself, and such an option does not count (read in 9.5; not run).
  package var heapShare: JVMOption? { version?.sizesItsHeap == true ? nil : jvm.options.heapShare }
}

/// What `elasticsearch.yml` says.
package enum SettingsFacts: Equatable, Sendable {
  case missing
  /// It cannot be read or edited safely: why, with the line, and what to do.
  case unusable(String, advice: String = "Mend the file by hand, then run the command again.")
  /// Its `path.data`, as Elasticsearch reads it; nil where it has none.
  case dataPath(String?)
  /// Several, in the order of the file; Elasticsearch has deprecated that in 7.13.
  case dataPaths([String])
}

extension SettingsFacts {
  /// The settings as one volume sees them: of several data paths its own counts, if all others are on
  /// volumes too.
  ///
  /// - Parameters:
  ///   - data: the volume's data path.
  ///   - mounts: where the volumes of the configuration are mounted.
  package func seen(from data: String, mounts: [String]) -> SettingsFacts {
    guard case .dataPaths(let paths) = self, paths.contains(data) else { return self }
    let areOnVolumes = paths.allSatisfy { path in
      path == data
        || AbsolutePath.isNormalised(path) && mounts.contains { AbsolutePath.isBelow(path, $0) }
    }
    return areOnVolumes ? .dataPath(data) : self
  }
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

  package var state: NodeState? {
    if case .present(let state) = self { state } else { nil }
  }
}

/// What Elasticsearch's Java machine is told.
package struct JVMFacts: Equatable, Sendable {
  package var options: JVMConfiguration
  /// Whether this Elasticsearch reads `jvm.options.d/`.
  package var readsFolder: Bool
  /// Why Elasticsearch would not start with these options, and where: "… in '/etc/…/jvm.options:4'".
  package var problem: String?
  /// The heap that the running node was started with; nil where it does not run, or cannot be seen.
  package var running: JVMHeap?

  package init(options: JVMConfiguration = JVMConfiguration(), readsFolder: Bool = false) {
    self.options = options
    self.readsFolder = readsFolder
  }
}
