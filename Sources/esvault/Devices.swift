import ArgumentParser
import BlockDevices
import LUKS
import Vault

struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the disks, and why each can or cannot become a volume.",
    discussion: """
      An EBS volume of EC2 has, in brackets, the name under which it was attached.

      Changes nothing. Run as root: what cannot be read counts as unknown, and unknown is never blank.

      EXAMPLES
        esvault devices
        esvault devices --format json
      """)

  @OptionGroup var report: ReportOptions

  func run() throws {
    do {
      LUKSLibrary.captureLog()
      let disks = try DiskSurvey().all()
      Terminal.print(report.format == .json ? Self.json(disks).text : Self.table(disks))
    } catch { throw ExitStatus.report(error) }
  }

  static func json(_ disks: [DiskFacts]) -> JSON {
    let rows = disks.map { disk in
      JSON.object([
        "path": .string(disk.disk.path), "serial": JSON(disk.disk.serial),
        "model": JSON(disk.disk.model), "bytes": JSON(disk.disk.bytes),
        "contents": .string(disk.contents.word), "signature": JSON(disk.contents.signatureType),
        "suitable": .bool(disk.reasons.isEmpty), "reasons": .array(disk.reasons.map(JSON.string)),
        "deviceName": JSON(disk.disk.deviceName?.path), "note": JSON(disk.disk.ephemeral?.note),
      ])
    }
    return .object(["schema": .string("esvault/devices/v1"), "devices": .array(rows)])
  }

  static func table(_ disks: [DiskFacts]) -> String {
    guard !disks.isEmpty else { return "This machine has no disks." }
    var table = Table(["DISK", "SIZE", "SERIAL", "MODEL", "CONTENTS", "VOLUME?"])
    for disk in disks {
      table.add([
        disk.disk.deviceName.map { "\(disk.disk.path) (\($0.path))" } ?? disk.disk.path,
        readable(bytes: disk.disk.bytes), disk.disk.serial ?? "-",
        disk.disk.model ?? "-", disk.contents.signatureType ?? disk.contents.word,
        disk.reasons.first.map { "no: \($0)" }
          ?? disk.disk.ephemeral.map { "only by name: \($0.note)" } ?? "yes",
      ])
    }
    return table.text
  }
}

extension Contents {
  var word: String {
    switch self {
    case .blank: "blank"
    case .holds: "holds"
    case .unknown: "unknown"
    }
  }

  var signatureType: String? {
    if case .holds(let signature) = self { signature.type } else { nil }
  }
}
