/// The steps that take a volume out of use.
extension LinuxHost {
  func stop(_ service: String, timeout: Int) async throws {
    throw StepFailure("could not stop '\(service)': not yet", advice: "Wait.")
  }

  func unmount(_ closing: Closing) async throws {
    throw StepFailure("could not unmount '\(closing.mount)': not yet", advice: "Wait.")
  }

  func closeVolume(_ closing: Closing) async throws {
    throw StepFailure("could not close '\(closing.name)': not yet", advice: "Wait.")
  }
}
