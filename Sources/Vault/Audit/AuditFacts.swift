import LUKS

/// What an audit judges: the machine as it looks now, or disks that are not attached to it.
package struct AuditFacts: Sendable {
  package var isRoot: Bool
  /// Memory of the machine in bytes.
  package var memory: UInt64
  /// The volumes of the configuration.
  package var volumes: [AuditedVolume]
  /// Why disks of the machine cannot become a volume, where one is not made yet.
  package var obstacles: [String] = []
  /// Where the data goes.
  package var places: [AuditedPlace]
  /// What else decides whether the data stays behind encryption.
  package var writing = WritingFacts()
  /// Disks, images and snapshots that are not attached to it.
  package var images: [ImageFacts]

  package init(
    isRoot: Bool = true, memory: UInt64 = 0, volumes: [AuditedVolume] = [],
    places: [AuditedPlace] = [], images: [ImageFacts] = []
  ) {
    self.isRoot = isRoot
    self.memory = memory
    self.volumes = volumes
    self.places = places
    self.images = images
  }
}

/// What an audit knows of one volume.
package struct AuditedVolume: Sendable {
  package var spec: VolumeSpec
  package var chain: ChainFacts
  /// What Elasticsearch's files and its unit say; nil where they were not looked at.
  package var elasticsearch: ElasticsearchFacts?
  /// Whether it comes back after a reboot.
  package var boot = BootFacts()
  /// How Elasticsearch uses it.
  package var use = NodeUseFacts()
  /// The keyslot that the stored key fits; nil where it was not tried, `nothing` where it fits none.
  package var keyTrial: Sight<Int>?

  package init(spec: VolumeSpec, chain: ChainFacts) {
    self.spec = spec
    self.chain = chain
  }
}
