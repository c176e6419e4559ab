import Testing

@testable import Vault

/// What is judged of a volume around its mount: the check of its filesystem, and its directories.
@Suite struct MountedVolumeTests {
  private let wanted = DataDirectory(
    mount: "/mnt/es", path: "/mnt/es/elasticsearch", userName: "elasticsearch", user: 107,
    group: 113)

  private func mismatch(_ change: (inout DirectoryFacts) -> Void) -> String? {
    var facts = DirectoryFacts(
      rootMode: 0o711, data: Ownership(user: 107, group: 113, mode: 0o750), nodeState: .none)
    change(&facts)
    #expect(facts.satisfies(wanted) == (wanted.mismatch(with: facts) == nil))
    #expect(isAdvice(wanted.mending(facts)))
    return wanted.mismatch(with: facts)
  }

  @Test func everyMismatchOfTheDirectoriesIsNamed() {
    #expect(mismatch { _ in } == nil)
    #expect(mismatch { $0.data = nil } == "there is no directory '/mnt/es/elasticsearch'")
    #expect(mismatch { $0.rootMode = 0o755 } == "'/mnt/es' has mode 755, not 711")
    #expect(
      mismatch { $0.data?.user = 0 }
        == "'/mnt/es/elasticsearch' belongs to 0:113, not to 'elasticsearch', which is 107:113")
    #expect(
      mismatch { $0.data?.group = 0 }
        == "'/mnt/es/elasticsearch' belongs to 107:0, not to 'elasticsearch', which is 107:113")
    #expect(
      mismatch { $0.data?.mode = 0o700 } == "'/mnt/es/elasticsearch' has mode 700, not 750")
  }

  @Test func theAdviceSetsAllOfItRight() {
    let facts = DirectoryFacts(
      rootMode: 0o755, data: Ownership(user: 0, group: 0, mode: 0o755), nodeState: .none)
    #expect(
      wanted.mending(facts).hasSuffix(
        ": chmod 711 /mnt/es && chown -R 107:113 /mnt/es/elasticsearch && chmod 750 /mnt/es/elasticsearch"
      ))
  }

  private func check(_ status: Int32, _ said: String = "") -> FilesystemCheck {
    FilesystemCheck(volume: "esvol", status: status, said: said)
  }

  @Test(arguments: [0, 1, 2, 3] as [Int32])
  func aFilesystemThatWasMendedIsMounted(status: Int32) {
    #expect(check(status).failure == nil)
  }

  @Test(arguments: [4, 5, 8, 16, 32, 128, 137] as [Int32])
  func aFilesystemWithErrorsLeftIsNotMounted(status: Int32) throws {
    let failure = try #require(check(status, "esvol: UNEXPECTED INCONSISTENCY\n").failure)
    #expect(isPhrase(failure.description))
    #expect(isAdvice(failure.advice))
    #expect(failure.description.contains("(status \(status)): esvol: UNEXPECTED INCONSISTENCY"))
  }

  @Test func itsLastLinesAreTold() {
    #expect(
      check(1, "1\n2\n3\n4\n\n  5  a \n6").description
        == "volume 'esvol' was not unmounted in order; e2fsck says: 2; 3; 4; 5 a; 6")
    #expect(check(0).description.hasSuffix("e2fsck says: nothing"))
  }
}
