import BlockDevices
import Elasticsearch

extension BootUnits {
  /// The units that a volume needs on this machine.
  ///
  /// - Parameters:
  ///   - disk: the volume's.
  ///   - product: the program whose service waits for the volume.
  ///   - configuration: the path of esvault's configuration.
  /// - Throws: ``Refusal`` where they could not work.
  init(
    _ spec: VolumeSpec, on disk: Disk, _ units: UnitsFacts, product: Product, configuration: String
  ) throws(Refusal) {
    guard AbsolutePath.isNormalised(configuration) else {
      throw Refusal(
        "the configuration '\(configuration)' is not named by an absolute path",
        advice: "Begin at the root: --config \(Configuration.defaultPath)")
    }
    guard UnitText.mayBePath(spec.mount) else {
      throw Refusal(
        "systemd cannot mount anything at '\(spec.mount)'",
        advice: "Use a path that ends with neither a blank nor a backslash: --mount /mnt/es")
    }
    self.init(
      name: spec.name, mount: spec.mount, service: spec.service, diskLink: disk.shortestLink,
      credential: Self.credential(of: spec, units), program: try Self.checked(units.program),
      configuration: configuration)
    keepsCoreDumps = spec.keepsDiagnostics
    if spec.confines {
      temporary = Variable(name: product.temporaryVariable, value: spec.places.temporary)
    }
  }

  private static func credential(of spec: VolumeSpec, _ units: UnitsFacts) -> Credential? {
    guard case .credential(let name) = spec.key.recorded else { return nil }
    let isEncrypted = if case .encrypted = units.credential { true } else { false }
    return Credential(name: name, isEncrypted: isEncrypted)
  }

  private static func checked(_ program: String?) throws(Refusal) -> String {
    guard let program, AbsolutePath.isNormalised(program) else {
      throw Refusal(
        "it is not known where this program is", advice: "See whether /proc is mounted.")
    }
    guard !AbsolutePath.isVolatile(program) else {
      throw Refusal(
        "'\(program)' does not outlive a reboot, and the volume is opened with it at boot",
        advice: "Install it first: install -m 755 \(program.shellWord) /usr/local/sbin/esvault")
    }
    guard UnitText.mayBeProgram(program) else {
      throw Refusal(
        "systemd cannot start '\(program)': its path has a quote or a backslash",
        advice: "Install it elsewhere: install -m 755 \(program.shellWord) /usr/local/sbin/esvault")
    }
    return program
  }
}

extension Disk {
  /// The link in `/dev/disk/by-id` that says no more than the serial: of the same disk's links, newer
  /// udev rules make longer ones.
  fileprivate var shortestLink: String? {
    let telling = links.filter { link in serial.map { link.contains($0) } ?? true }
    return (telling.isEmpty ? links : telling).min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }
}
