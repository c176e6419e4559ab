import Glibc
import SystemPackage

/// The steps that change what systemd does.
extension LinuxHost {
  func write(_ units: UnitFiles) async throws {
    for file in units.files {
      // It is about to be replaced: what it masks or leads to is somebody's decision.
      if case .link(let target) = UnitFileFacts(at: file.path) {
        throw StepFailure(
          "could not write '\(file.path)': it is a symbolic link to '\(target)'",
          advice: "Remove it, then run the same command again: rm \(file.path.shellWord)")
      }
      try Directories.make(FilePath(file.path).removingLastComponent().string, mode: 0o755)
      try AtomicFile(file.path).replace(with: Array(file.text.utf8), mode: 0o644)
    }
    try await systemctl(["daemon-reload"], "make systemd read its units")
  }

  /// Also starts the service that has opened the volume, in its own view: when the machine goes down,
  /// it closes what it has opened.
  func enable(_ units: [String]) async throws {
    let names = units.joined(separator: " ")
    // The links that it makes count from the next boot on.
    try await systemctl(["enable", "--no-reload", "--"] + units, "enable '\(names)'")
    // It may have other volumes to open; this run has no more to change but to start Elasticsearch.
    releaseLock()
    try await systemctl(
      ["start", "--no-block", "--", BootUnits.unlock], "start '\(BootUnits.unlock)'")
  }

  private func systemctl(_ arguments: [String], _ deed: String) async throws {
    do {
      try await Program("systemctl").succeed(arguments, limit: SystemdUnit.changeLimit)
    } catch {
      throw StepFailure(
        "could not \(deed): \(error)",
        advice: "Mend the cause, then run the same command again: it continues where it stopped.")
    }
  }
}
