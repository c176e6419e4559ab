import Elasticsearch
import Glibc
import SystemPackage

/// What a service said before it failed.
extension LinuxHost {
  /// A failure with the service's last words, for whoever reads the error.
  func failure(_ what: String, of service: String) async -> StepFailure {
    let unit = await SystemdUnit.look(at: service)
    let isConfigurationError = unit.ending.isConfigurationError
    let words = isConfigurationError ? await failedChecks(of: service, unit) : []
    guard words.isEmpty else {
      return StepFailure(
        "\(what): Elasticsearch's bootstrap checks failed (status 78)\n"
          + words.joined(separator: "\n"),
        advice:
          "The volume is whole. Mend what the checks name, then run the command again: it continues here."
      )
    }
    let journal = await journal(of: service, ["--lines", "8"])
    let status = isConfigurationError ? ": status 78, its configuration is wrong" : ""
    return StepFailure(
      what + status + (journal.isEmpty ? "" : "\nits last journal lines:\n\(journal)"),
      advice:
        "The volume is whole. See why: journalctl -u \(service). Then run the command again: it continues here."
    )
  }

  /// The checks by name, from the journal of this start, or else from the log.
  private func failedChecks(of service: String, _ unit: SystemdUnit) async -> [String] {
    var filter = ["--lines", "400"]
    if let invocation = unit.ending.invocation {
      filter.append("_SYSTEMD_INVOCATION_ID=\(invocation)")
    }
    let said = BootstrapChecks.failures(in: await journal(of: service, filter))
    return said.isEmpty ? BootstrapChecks.failures(in: endOfLog(of: unit)) : said
  }

  /// The last 64 KiB of the log of Elasticsearch itself; empty where there is none.
  private func endOfLog(of unit: SystemdUnit) -> String {
    let folder = unit.program.configuration(unit.definition())?.text ?? "/etc/elasticsearch"
    guard let bytes = try? AtomicFile(folder + "/elasticsearch.yml").bytes(),
      let settings = try? SettingsFile.parse(bytes)
    else { return "" }
    func setting(_ name: String) -> String? { (try? settings.value(of: name))?.value }
    let logs = setting("path.logs") ?? unit.program.home + "/logs"
    let path = "\(logs)/\(setting("cluster.name") ?? "elasticsearch").log"
    let file = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var end = [UInt8](repeating: 0, count: 64 << 10)
    let count = pread(file, &end, end.count, max(0, lseek(file, 0, SEEK_END) - end.count))
    return String(decoding: end.prefix(max(0, count)), as: UTF8.self)
  }

  private func journal(of service: String, _ filter: [String]) async -> String {
    let journal = try? await Program("journalctl").succeed(
      ["--unit", service, "--no-pager", "--output", "cat"] + filter, limit: .seconds(20))
    return journal ?? ""
  }
}
