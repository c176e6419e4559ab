import Foundation
import Testing

/// How much was ever written to the machine's disks, by anybody.
///
/// The kernel counts every write and every discard that it hands to a disk
/// (Documentation/admin-guide/iostats.rst): equal counts mean that no byte has changed, anywhere on
/// a disk of any size. The bytes at both ends are compared as well.
struct DiskWrites: Equatable {
  private let counts: String
  private let ends: String

  /// - Parameter reading: whether the disks may be read: not while one of them is broken.
  init(reading: Bool = true) throws {
    counts = try bash(
      """
      sync
      for disk in /sys/block/nvme*n1; do
        echo "$disk" $(awk '{ print $5, $7, $12, $14 }' "$disk/stat")
      done
      """)
    ends =
      reading
      ? try bash(
        """
        for disk in /dev/nvme?n1; do
          { head -c 1114112 "$disk"; tail -c 1048576 "$disk"; } | cksum
        done
        """) : ""
  }
}

/// Expects that esvault refuses: status 2, a reason, an advice, and not one byte written.
@discardableResult
func expectRefusal(
  _ reason: String, reading: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
  _ work: () throws -> Esvault
) throws -> Esvault {
  let before = try DiskWrites(reading: reading)
  let outcome = try work()
  let after = try DiskWrites(reading: reading)
  #expect(outcome.status == 2, "\(outcome.errors)", sourceLocation: sourceLocation)
  let refusal = outcome.refusal
  #expect(
    refusal?.description.contains(reason) == true,
    "'\(reason)' is not what it says: \(refusal?.description ?? outcome.errors)",
    sourceLocation: sourceLocation)
  #expect(refusal?.advice.isEmpty == false, sourceLocation: sourceLocation)
  #expect(outcome.changed == false, sourceLocation: sourceLocation)
  #expect(before == after, "a disk was written to", sourceLocation: sourceLocation)
  return outcome
}
