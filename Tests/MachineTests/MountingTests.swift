import Foundation
import Testing

@testable import Vault

extension MachineTests {
  /// A filesystem that was not left in order is checked before it is mounted, and never by force.
  @Suite struct MountingTests {
    private final class Notes {
      var lines: [String] = []
    }

    private let notes = Notes()

    private var host: LinuxHost {
      let notes = notes
      return LinuxHost(keys: KeyFile("/none"), say: { notes.lines.append($0) })
    }

    /// What a power failure leaves: the journal was written, and nothing else.
    private func crash(_ volume: OpenVolume) throws {
      try bash(
        """
        for i in {1..20}; do echo $i >/mnt/es/elasticsearch/file-$i; done
        sync -f /mnt/es
        dmsetup wipe_table --force --noflush --nolockfs esvol
        umount /mnt/es
        dmsetup remove --retry esvol
        """)
      try OpenVolume.open(volume.disk)
    }

    @Test func aFilesystemThatWasUnmountedIsNotChecked() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash("umount /mnt/es; mv /usr/sbin/e2fsck /usr/sbin/e2fsck.away")
        defer { _ = try? bash("mv /usr/sbin/e2fsck.away /usr/sbin/e2fsck") }
        try await host.perform(.mount(volume.mounting))
        #expect(try OpenVolume.isMounted)
        #expect(notes.lines == [])
        let options = try bash("findmnt -rno OPTIONS /mnt/es")
        for option in ["noatime", "nodev", "nosuid"] { #expect(options.contains(option)) }
      }
    }

    @Test func aFilesystemAfterAPowerFailureIsMendedAndSaidToBe() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try crash(volume)
        try await host.perform(.mount(volume.mounting))
        #expect(notes.lines.count == 1)
        #expect(
          notes.lines.first?.hasPrefix(
            "volume 'esvol' was not unmounted in order; e2fsck says: ") == true, "\(notes.lines)")
        #expect(notes.lines.first?.contains("recovering journal") == true, "\(notes.lines)")
        #expect(try bash("cat /mnt/es/elasticsearch/file-20") == "20")
      }
    }

    @Test func aFilesystemThatCannotBeMendedIsNotMounted() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash(
          """
          umount /mnt/es
          debugfs -w -R 'clri <2>' /dev/mapper/esvol
          debugfs -w -R 'ssv state 2' /dev/mapper/esvol
          """)
        let failure = try await OpenVolume.failure(of: .mount(volume.mounting), on: host)
        #expect(
          failure?.description.hasPrefix(
            "volume 'esvol' is open and was not mounted: its filesystem has errors") == true)
        #expect(failure?.description.contains("RUN fsck MANUALLY") == true, "\(failure!)")
        #expect(failure?.advice.hasSuffix(": e2fsck -n /dev/mapper/esvol") == true)
        #expect(try !OpenVolume.isMounted)
        #expect(OpenVolume.isOpen)
      }
    }

    @Test func withoutACheckAnUncleanFilesystemIsNotMounted() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try crash(volume)
        try bash("mv /usr/sbin/e2fsck /usr/sbin/e2fsck.away")
        defer { _ = try? bash("mv /usr/sbin/e2fsck.away /usr/sbin/e2fsck") }
        let failure = try await OpenVolume.failure(of: .mount(volume.mounting), on: host)
        #expect(failure?.description.contains("could not run 'e2fsck'") == true, "\(failure!)")
        #expect(try !OpenVolume.isMounted)
      }
    }

    @Test func aFilesystemThatIsMountedElsewhereIsMountedWithoutACheck() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash("mkdir /mnt/other; mount --bind /mnt/es /mnt/other; umount /mnt/es")
        try await host.perform(.mount(volume.mounting))
        #expect(notes.lines == [])
        #expect(try OpenVolume.isMounted)
      }
    }

    @Test func directoriesOfAnotherOwnerOrModeAreFoundOut() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash("chown 4321:4321 /mnt/es/elasticsearch; umount /mnt/es")
        let failure = try await OpenVolume.failure(of: .mount(volume.mounting), on: host)
        #expect(
          failure?.description.hasPrefix(
            "volume 'esvol' is mounted, and '/mnt/es/elasticsearch' belongs to 4321:4321, not to 'elasticsearch'"
          ) == true)
        #expect(try OpenVolume.isMounted)
        let command = try #require(failure?.advice.components(separatedBy: "right: ").last)
        try bash(command + "; umount /mnt/es")
        try await host.perform(.mount(volume.mounting))
      }
    }
  }
}
