import BlockDevices

/// How Elasticsearch uses a volume, beyond what its chain shows.
package struct NodeUseFacts: Equatable, Sendable {
  /// The directories of the volume; `nothing` while it is not mounted.
  package var directories: Sight<DirectoryFacts> = .nothing
  /// The device that the node state lies on; nil where there is none.
  package var stateDevice: DeviceNumber?
  /// Whether the service's control group has processes: some may outlive their service.
  package var hasProcesses = false
  /// What the processes of the service have open; `nothing` where none runs.
  package var openFiles: Sight<OpenDataFiles> = .nothing

  package init() {}
}

/// The data files that processes have open or mapped into memory, also those that are deleted already.
package struct OpenDataFiles: Equatable, Sendable {
  /// How many lie below the data path and on the volume.
  package var onVolume = 0
  /// All others, by path.
  package var elsewhere: [String: DeviceNumber] = [:]

  package init(onVolume: Int = 0, elsewhere: [String: DeviceNumber] = [:]) {
    self.onVolume = onVolume
    self.elsewhere = elsewhere
  }
}
