/// The steps that change what systemd does.
extension LinuxHost {
  func write(_ units: UnitFiles) async throws {
    throw StepFailure("could not write units: not yet", advice: "Wait.")
  }

  func enable(_ units: [String]) async throws {
    throw StepFailure("could not enable units: not yet", advice: "Wait.")
  }
}
