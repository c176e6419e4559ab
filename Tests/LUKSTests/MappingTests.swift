import Foundation
import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct MappingTests {
    /// "Could not ask" and "not there" are told apart, with and without device-mapper.
    @Test func aMappingIsOnlyMissingWhereDeviceMapperSaysSo() throws {
      let drivers = try String(contentsOfFile: "/proc/misc", encoding: .utf8)
      if geteuid() == 0, drivers.contains("device-mapper") {
        #expect(try Mapping.active("esvault-absent") == nil)
        #expect(throws: LUKSError.notActive("esvault-absent")) {
          try Mapping.close("esvault-absent")
        }
      } else {
        #expect {
          try Mapping.active("esvault-absent")
        } throws: { "\($0)".hasPrefix("could not look for 'esvault-absent'") }
        #expect {
          try Mapping.close("esvault-absent")
        } throws: { "\($0)".hasPrefix("could not look for 'esvault-absent'") }
      }
    }

    @Test(arguments: ["LUKS1", "LUKS2"])
    func theUUIDIsReadFromTheKernelsName(type: String) {
      let kernel = "CRYPT-\(type)-3f0c5a527d0e4f0e9c1b0d6f2a9b1c11-es-vol"
      #expect(Mapping.luksUUID(in: kernel) == Image.uuid)
    }

    @Test(
      arguments: [
        "", "LVM-abc", "CRYPT-PLAIN-es", "CRYPT-LUKS2-3f0c-es", "CRYPT-VERITY-aa-es",
        "CRYPT-LUKS2-zf0c5a527d0e4f0e9c1b0d6f2a9b1c11-es",
      ])
    func otherMappingsHaveNoLUKSUUID(kernel: String) {
      #expect(Mapping.luksUUID(in: kernel) == nil)
    }
  }
}
