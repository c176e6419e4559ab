import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct MappingTests {
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
