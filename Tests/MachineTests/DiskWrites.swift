import Foundation
import Testing

/// How much was ever written to the machine's disks, by anybody.
///
/// The kernel counts every write and every discard that it hands to a disk
/// (Documentation/admin-guide/iostats.rst): equal counts mean that no byte has changed, anywhere on
/// a disk of any size.
struct DiskWrites: Equatable {
  private let counts: [String: [UInt64]]

  /// - Parameter mounted: a disk that is left out: a filesystem writes by itself while it is mounted.
  init(except mounted: NVMe? = nil) throws {
    sync()
    let disks = try FileManager.default.contentsOfDirectory(atPath: "/sys/block").filter {
      $0.hasPrefix("nvme") && "/dev/\($0)" != mounted?.path
    }
    var counts: [String: [UInt64]] = [:]
    for disk in disks {
      let line = try String(contentsOfFile: "/sys/block/\(disk)/stat", encoding: .utf8)
      let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { UInt64($0) }
      // Sectors written, sectors discarded; a bare flush writes nothing.
      counts[disk] = [numbers[6], numbers[13]]
    }
    self.counts = counts
  }
}

/// Expects that esvault refuses: status 2, a reason, an advice, and not one byte written.
@discardableResult
func expectRefusal(
  _ reason: String, except mounted: NVMe? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ work: () throws -> Esvault
) throws -> Esvault {
  let before = try DiskWrites(except: mounted)
  let outcome = try work()
  let after = try DiskWrites(except: mounted)
  #expect(outcome.status == 2, "\(reason): \(outcome.errors)", sourceLocation: sourceLocation)
  let refusal = outcome.refusal
  #expect(
    refusal?.description.contains(reason) == true,
    "'\(reason)' is not what it says: \(refusal?.description ?? outcome.errors)",
    sourceLocation: sourceLocation)
  #expect(refusal?.advice.isEmpty == false, sourceLocation: sourceLocation)
  #expect(outcome.changed == false, sourceLocation: sourceLocation)
  #expect(before == after, "\(reason): a disk was written to", sourceLocation: sourceLocation)
  return outcome
}

/// The same of a volume that is closed, and stays so.
@discardableResult
func expectRefusedAndClosed(
  _ reason: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
) throws -> Esvault {
  let outcome = try expectRefusal(reason, sourceLocation: sourceLocation) {
    try Esvault(arguments)
  }
  #expect(!OpenVolume.isOpen, "\(reason)", sourceLocation: sourceLocation)
  #expect(try !OpenVolume.isMounted, "\(reason)", sourceLocation: sourceLocation)
  return outcome
}
