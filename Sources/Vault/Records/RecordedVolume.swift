/// One volume of the configuration file, as it is written there.
package struct RecordedVolume: Equatable, Sendable {
  package var name: String
  /// Serial, volume id or by-id link; nil for a disk without a serial.
  package var device: String?
  /// LUKS UUID; nil until the volume was provisioned.
  package var uuid: String?
  package var mount: String?
  package var data: String?
  /// The id of the node whose data it holds; nil until a node was seen on it.
  package var node: String?
  package var key: RecordedKey?
  /// Whether a key file that is not there yet is made, as long as the volume is not.
  package var generatesKey = false
  package var elasticsearch = RecordedElasticsearch()

  package init(
    name: String, device: String? = nil, uuid: String? = nil, mount: String? = nil,
    data: String? = nil, node: String? = nil, key: RecordedKey? = nil,
    elasticsearch: RecordedElasticsearch = RecordedElasticsearch()
  ) {
    self.name = name
    self.device = device
    self.uuid = uuid
    self.mount = mount
    self.data = data
    self.node = node
    self.key = key
    self.elasticsearch = elasticsearch
  }
}

/// The `key:` part of a volume's entry: where a stored key is.
package enum RecordedKey: Equatable, Sendable {
  /// An absolute path.
  case file(String)
  /// The name of a credential of systemd.
  case credential(String)
}

/// The `elasticsearch:` part of a volume's entry.
package struct RecordedElasticsearch: Equatable, Sendable {
  package var configuration: String?
  package var service: String?
  /// As written: `auto`, `15g`, `50%`, `keep`.
  package var heap: String?
  /// nil where nothing is written, which means the same as false.
  package var confines: Bool?
  package var keepsDiagnostics: Bool?

  package init(configuration: String? = nil, service: String? = nil, heap: String? = nil) {
    self.configuration = configuration
    self.service = service
    self.heap = heap
  }

  /// What the configuration must say of a spec. A switch that is off is written only where it was.
  package init(_ spec: VolumeSpec, before: RecordedElasticsearch?) {
    self.init(
      configuration: spec.elasticsearchConfiguration, service: spec.service,
      heap: spec.heap.description)
    confines = spec.confines ? true : before?.confines
    keepsDiagnostics = spec.keepsDiagnostics ? true : before?.keepsDiagnostics
  }
}
