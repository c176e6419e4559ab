import Elasticsearch

extension VolumeRequest {
  /// The recorded volumes with these names; without names, all that were finished.
  ///
  /// - Throws: ``Refusal`` for a name that the configuration does not have.
  package func specs(
    of names: [String], in configuration: Configuration
  ) throws(Refusal) -> [VolumeSpec] {
    var volumes = configuration.volumes.filter { $0.uuid != nil }
    if !names.isEmpty {
      volumes = []
      for name in names {
        guard let volume = configuration.volume(named: name) else {
          throw Refusal(
            "the configuration has no volume '\(name)'",
            advice: "See what it has: esvault status")
        }
        if !volumes.contains(volume) { volumes.append(volume) }
      }
    }
    return volumes.flatMap { volume in
      var request = self
      request.name = volume.name
      return request.specs(in: configuration)
    }
  }

  /// What is asked for of a volume that is taken over: as the operator says, else as its token says.
  ///
  /// - Parameter candidate: nil while the disk is not looked at yet.
  package func adopting(_ candidate: Candidate?, in configuration: Configuration) -> VolumeSpec {
    var request = self
    if let token = candidate?.token {
      request.name = name ?? token.name
      request.mount = mount ?? token.mount
      request.data =
        data
        ?? mount.map { AbsolutePath.moved(token.data, from: token.mount, to: $0) } ?? token.data
    } else {
      // A name that no recorded volume has, so that its record does not speak for the disk.
      request.name = name ?? "esvol"
    }
    var spec = request.specs(in: configuration)[0]
    spec.uuid = candidate?.uuid
    spec.device = device
    return spec
  }
}
