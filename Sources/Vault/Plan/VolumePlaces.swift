/// Where Elasticsearch writes on the volume what is not its data.
///
/// Outside of path.data: Elasticsearch takes files there that it does not know for damage.
package struct VolumePlaces: Equatable, Sendable {
  package let diagnostics: String
  package let logs: String
  package let temporary: String

  package init(mount: String) {
    diagnostics = mount + "/diagnostics"
    logs = mount + "/logs"
    temporary = mount + "/tmp"
  }

  package var gcLog: String { logs + "/gc.log" }
}

extension VolumeSpec {
  package var places: VolumePlaces { VolumePlaces(mount: mount) }

  /// The directories that Elasticsearch needs on the volume, besides its data.
  package var otherDirectories: [String] {
    (keepsDiagnostics ? [] : [places.diagnostics])
      + (confines ? [places.logs, places.temporary] : [])
  }

  /// Whether a path leads onto the volume, beside the data.
  package func isOnVolume(_ path: String) -> Bool {
    AbsolutePath.isNormalised(path) && AbsolutePath.isBelow(path, mount)
      && path != data && !AbsolutePath.isBelow(path, data)
  }
}
