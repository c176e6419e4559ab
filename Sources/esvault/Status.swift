import ArgumentParser
import LUKS
import Vault

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show each volume from Elasticsearch down to the disk, and what is wrong with it.",
    discussion: """
      Changes nothing, and needs no key. Run as root to see all of it; what only root may see is \
      shown as unknown.

      With --require it prints nothing and succeeds when each volume is open, mounted, writable and \
      the recorded one. Else it prints one line for each that is not, and its status is 1. \
      Elasticsearch's unit runs it before every start.

      EXAMPLES
        esvault status
        esvault status esvol --format json
        esvault status --require esvol
      """)

  @Argument(help: "The volumes. (default: all of the configuration)")
  var names: [String] = []

  @Flag(help: "Succeed only if the volumes can be used; print one line about each that cannot.")
  var require = false
  @Flag(help: "With --require: Elasticsearch's path.data must be the volume's, too.")
  var pathData = false
  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if require, report.format == .json {
      throw ValidationError("--require prints no report: leave --format out.")
    }
    if pathData, !require { throw ValidationError("--path-data goes with --require.") }
  }

  func run() async throws {
    do {
      LUKSLibrary.captureLog()
      // As root it sees the kernel's tables, which hold keys where the kernel's keyring does not.
      try LUKSLibrary.secureProcess()
      if require { try holdGate() } else { try await show() }
    } catch { throw ExitStatus.report(error) }
  }

  private func show() async throws {
    let configuration = try configured()
    let specs = try configuration.specs(named: names)
    var volumes: [ChainReport] = []
    for spec in specs {
      volumes.append(
        ChainReport(spec, try await ChainSurvey(spec, mounts: configuration.mounts).whole()))
    }
    switch report.format {
    case .json: Terminal.print(Self.json(volumes).text)
    case .table: Terminal.print(painted: Self.text(volumes, Drawing.suited))
    }
  }

  private func holdGate() throws {
    let lines = gateLines()
    for line in lines {
      // What other programs said may have several.
      let words = line.split(whereSeparator: \.isNewline).joined(separator: "; ")
      Terminal.say("esvault: \(words)")
    }
    guard lines.isEmpty else { throw ExitStatus.failed }
  }

  /// One line for each volume that is not as it must be. Whatever goes wrong here, Elasticsearch must
  /// not start.
  private func gateLines() -> [String] {
    let specs: [VolumeSpec]
    let mounts: [String]
    do {
      let configuration = try configured()
      specs = try configuration.specs(named: names)
      mounts = configuration.mounts
      guard !specs.isEmpty else {
        return ["there is no volume in '\(configurationOptions.config)': run 'esvault provision'"]
      }
    } catch let refusal as Refusal {
      let advice = refusal.advice.prefix(1).lowercased() + refusal.advice.dropFirst()
      return ["\(refusal.description): \(advice)"]
    } catch {
      return ["\(error)"]
    }
    return specs.compactMap { spec in
      do { return try barrier(of: spec, among: mounts)?.line } catch {
        return "could not look at volume '\(spec.name)': \(error)"
      }
    }
  }

  private func barrier(of spec: VolumeSpec, among mounts: [String]) throws -> ChainProblem? {
    let survey = ChainSurvey(spec, mounts: mounts)
    return pathData
      ? ChainCheck(spec, try survey.gateOfService()).barriersOfService.first
      : ChainCheck(spec, try survey.gate()).barriers.first
  }

  private func configured() throws -> Configuration {
    try LinuxHost.configuration(at: configurationOptions.config)
  }

  static func json(_ volumes: [ChainReport]) -> JSON {
    let rows = volumes.map { volume in
      let problems = volume.problems.map {
        JSON.object(["description": .string($0.description), "advice": .string($0.advice)])
      }
      return JSON.object(volume.status.members.merging(["problems": .array(problems)]) { $1 })
    }
    return .object(["schema": .string("esvault/status/v1"), "volumes": .array(rows)])
  }

  static func text(_ volumes: [ChainReport], _ drawing: Drawing) -> String {
    guard !volumes.isEmpty else {
      return "This machine has no volume. Make one: esvault provision"
    }
    return volumes.map { StatusTree($0, drawing).text }.joined(separator: "\n\n")
  }
}

/// One volume: what was seen, and what is wrong with it.
struct ChainReport {
  let spec: VolumeSpec
  let facts: ChainFacts
  let status: VolumeStatus
  let problems: [ChainProblem]

  init(_ spec: VolumeSpec, _ facts: ChainFacts) {
    self.spec = spec
    self.facts = facts
    status = VolumeStatus(spec, facts)
    problems = ChainCheck(spec, facts).problems
  }
}

extension Configuration {
  /// The specs of the volumes with these names, or of all.
  /// Where the volumes belong, also those that were not asked for: of several data paths each may be on
  /// another one.
  fileprivate var mounts: [String] { VolumeRequest().specs(in: self).map(\.mount) }

  fileprivate func specs(named names: [String]) throws -> [VolumeSpec] {
    guard !volumes.isEmpty || !names.isEmpty else { return [] }
    for name in names where volume(named: name) == nil {
      throw Refusal(
        "the configuration has no volume '\(name)'",
        advice: volumes.isEmpty
          ? "Make one: esvault provision --name \(name)"
          : "It has: " + volumes.map { "'\($0.name)'" }.joined(separator: ", ") + ".")
    }
    let specs = VolumeRequest().specs(in: self)
    return names.isEmpty ? specs : specs.filter { names.contains($0.name) }
  }
}
