import LUKS

extension Plan {
  /// What is to be done until nobody can read the volume without its key.
  ///
  /// - Throws: ``Refusal`` where the mapping is not the volume's.
  package static func locking(_ spec: VolumeSpec, _ facts: Facts) throws(Refusal) -> Plan {
    guard facts.isRoot else {
      throw Refusal("only root can close a volume", advice: "Run it as root: sudo esvault lock")
    }
    if case .other(let what) = facts.mapping {
      throw Refusal(
        "'/dev/mapper/\(spec.name)' is not volume '\(spec.name)': \(what)",
        advice: "See what it is: dmsetup table \(spec.name)")
    }
    guard let mapping = facts.mapping.mapping else { return Plan() }
    // A run that was cut off before its record has left its intent.
    guard mapping.uuid == spec.uuid ?? facts.intent?.identifiers.luks else {
      throw Refusal(
        "'/dev/mapper/\(spec.name)' is another volume than the recorded one: its LUKS UUID is \(mapping.uuid)",
        advice: "See what it is: cryptsetup status \(spec.name)")
    }
    let closing = Closing(
      name: spec.name, uuid: mapping.uuid, mount: spec.mount, timeout: spec.timeout)
    var plan = Plan()
    plan.add(.stop(service: spec.service, timeout: spec.timeout), unless: !facts.isServed(by: spec))
    let isMounted = [.volume, .readOnlyVolume].contains(facts.mountPoint)
    plan.add(.unmount(closing), unless: !isMounted)
    plan.steps.append(.close(closing))
    return plan
  }
}

extension Facts {
  /// Whether Elasticsearch runs, and uses the volume or may use it.
  fileprivate func isServed(by spec: VolumeSpec) -> Bool {
    guard elasticsearch.service == .running else { return false }
    return elasticsearch.usesData == true || hasData(on: spec)
  }

  /// Whether Elasticsearch's `path.data` is on the volume.
  func hasData(on spec: VolumeSpec) -> Bool {
    let paths: [String] =
      switch elasticsearch.settings {
      case .dataPath(let path?): [path]
      case .dataPaths(let paths): paths
      case .missing, .unusable, .dataPath(nil): []
      }
    return paths.contains { $0 == spec.data || AbsolutePath.isBelow($0, spec.mount) }
  }
}
