import Foundation
import Testing
import Vault

extension MachineTests {
  /// A volume of another machine, or from a restored snapshot, becomes this machine's own.
  @Suite struct AdoptionTests {
    private let key = ["--key-file", "/root/es.key"]

    @Test func aCopyAloneIsTakenOverAfterItsTokenWasShown() async throws {
      try await Machine.clean {
        let copy = try NVMe(2)
        try VolumeTemplate.place(copy: copy)
        try expectRefusedAndClosed(
          "volume 'esvol' is here, on its recorded disk 'vol1': '\(copy.path)' is a copy of it",
          ["unlock", "--adopt", copy.path])
        try bash("blkdiscard -f \(try NVMe(1).path); udevadm settle")

        let planned = try Esvault("unlock", "--adopt", copy.path, "--dry-run")
        #expect(planned.stepIDs == ["open", "mount", "record", "units", "start"])
        #expect(!OpenVolume.isOpen)
        let outcome = try Esvault("unlock", "--adopt", copy.path)
        outcome.expectDone()
        let said = outcome.errors.condensed
        #expect(said.contains("the volume on '\(copy.path)' says of itself:"))
        for line in [
          "name esvol", "made on vol1; this is vol2", ", 1 keyslot", "mount /mnt/es",
          "data /mnt/es/elasticsearch",
        ] { #expect(said.contains(line), "\(line) not in \(said)") }
        try expectToken(of: copy, "esvol", "/mnt/es", "/mnt/es/elasticsearch")
        #expect(try bash("cat /etc/esvault/esvault.yml").contains("device: vol2\n"))

        try Esvault("lock").expectDone()
        let next = try Esvault("unlock")
        next.expectDone()
        #expect(!next.errors.contains("says of itself"))
        #expect(next.volume["serial"] as? String == "vol2")
        let again = try Esvault("unlock", "--adopt", copy.path)
        #expect(again.status == 0 && again.changed == false, "\(again.errors)")
      }
    }

    @Test func onAFreshMachineItIsTakenOverAsItSaysOrAsTheOperatorSays() async throws {
      try await Machine.clean {
        let disk = try freshMachine()
        try Esvault(["unlock", "--adopt", disk.path, "--no-start"] + key).expectDone()
        try expectToken(of: disk, "esvol", "/mnt/es", "/mnt/es/elasticsearch")
        #expect(try bash("cat /etc/esvault/esvault.yml").contains("/root/es.key"))
        try bash("mv /mnt/es/elasticsearch /mnt/es/node")
        try Esvault("lock").expectDone()

        try bash("rm -r /etc/esvault")
        let place = ["--name", "other", "--mount", "/mnt/b", "--data", "/mnt/b/node"]
        let outcome = try Esvault(["unlock", "--adopt", disk.path] + place + key)
        outcome.expectDone()
        // Elasticsearch's data is elsewhere, and so it is none of its business.
        #expect(outcome.stepIDs == ["open", "guard", "mount", "record"])
        #expect(outcome.errors.contains("'esvault provision --name other' sets it"))
        try expectToken(of: disk, "other", "/mnt/b", "/mnt/b/node")
        #expect(try bash("findmnt -rno SOURCE /mnt/b") == "/dev/mapper/other")
        try Esvault("lock", "other").expectDone()
        try Esvault("unlock", "other").expectDone()
        #expect(try bash("findmnt -rno SOURCE /mnt/b") == "/dev/mapper/other")
      }
    }

    @Test func killedAfterAnyStepTheSameCommandFinishes() async throws {
      try await Machine.clean {
        let path = try freshMachine().path
        for step in ["open", "mount", "record"] {
          await #expect(processExitsWith: .signal(SIGKILL), "killed after '\(step)'") {
            [path = path as String, step = step as String] in
            try await DyingHost.adopt(path, keyFile: "/root/es.key", dyingAfter: step)
          }
          let files = try bash("ls /etc/esvault 2>/dev/null || true")
          #expect(files.contains("esvault.yml") == (step == "record"))
        }
        // The token is written before the record.
        try bash("rm -r /etc/esvault")
        let outcome = try Esvault(["unlock", "--adopt", path] + key)
        outcome.expectDone()
        #expect(outcome.stepIDs == ["record", "start"])
        try Esvault("lock").expectDone()
        try Esvault("unlock").expectDone()
      }
    }

    /// Rule 8: what a token says is read from a disk that somebody else may have written.
    @Test func aTokenThatIsNotToBeBelievedIsRefusedAndNothingIsOpened() async throws {
      try await Machine.clean {
        let disk = try freshMachine()
        // Values have more such tests; here it is seen that not even the key is asked for.
        for (fields, reason) in [
          ("mount='/etc'", "its mount is no directory for a volume"),
          ("mount='/mnt/../etc'", "its mount is no directory for a volume"),
          ("mount='mnt/es'", "its mount is no directory for a volume"),
          ("mount='/mnt/es', data='/var/lib'", "its data is not a directory below its mount"),
          ("version=2", "its esvault token has version 2, newer than this program"),
        ] {
          try disk.changeToken(fields)
          try expectRefusedAndClosed(reason, ["unlock", "--adopt", disk.path] + key)
        }
        // LUKS2's largest header has 4 MiB of JSON.
        try bash(
          """
          cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \
            --luks2-metadata-size 4m --luks2-keyslots-size 8m \
            --label esvault:esvol --subsystem esvault \(disk.path) /root/es.key
          python3 -c 'print("{\\"type\\":\\"esvault\\",\\"keyslots\\":[],\\"version\\":1,\\"pad\\":\\"" + "x" * 4000000 + "\\"}")' >/root/token
          cryptsetup token import --token-id 0 --json-file /root/token \(disk.path)
          udevadm settle --timeout=10
          """)
        try expectRefusedAndClosed(
          "its esvault token is not valid: it has more than 16 KiB",
          ["unlock", "--adopt", disk.path] + key)
        #expect(!FileManager.default.fileExists(atPath: "/etc/esvault/esvault.yml"))
      }
    }

    @Test func whatIsNoVolumeOrWhoseNameOrPlaceIsTakenIsRefused() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let (disk, blank) = (try NVMe(1), try NVMe(2))
        try expectRefusedAndClosed(
          "'\(blank.path)' is no volume of esvault", ["unlock", "--adopt", blank.path])
        let other = try NVMe(3)
        try other.becomeVolume("esvol", mount: "/mnt/es")
        let adopt = ["unlock", "--adopt", other.path]
        try expectRefusedAndClosed("this machine has another volume 'esvol'", adopt)
        try expectRefusedAndClosed(
          "'/mnt/es' belongs to volume 'esvol'", adopt + ["--name", "other"])
        try expectRefusedAndClosed(
          "the volume on '\(disk.path)' is recorded here as 'esvol'",
          ["unlock", "--adopt", disk.path, "--name", "other", "--mount", "/mnt/b"])
        try bash("echo wrong >/root/wrong; chmod 400 /root/wrong")
        let record = try bash("cat /etc/esvault/esvault.yml")
        let before = try DiskWrites()
        let wrong = try Esvault(
          adopt + ["--name", "other", "--mount", "/mnt/b", "--key-file", "/root/wrong"])
        #expect(wrong.status == 1)
        #expect(wrong.failure == "could not open '\(other.path)': no keyslot matches this key")
        #expect(try DiskWrites() == before)
        #expect(try bash("cat /etc/esvault/esvault.yml") == record)
      }
    }

    /// A machine that has the disk vol1 of another one, and its key.
    private func freshMachine() throws -> NVMe {
      try VolumeTemplate.place()
      try bash("mv /etc/esvault/keys/esvol.key /root/es.key; rm -r /etc/esvault")
      return try NVMe(1)
    }

    /// What cryptsetup reads in the header, too.
    private func expectToken(
      of disk: NVMe, _ name: String, _ mount: String, _ data: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let token = try bash("cryptsetup token export --token-id 0 \(disk.path)")
      for (field, value) in [
        ("name", name), ("serial", disk.serial), ("mount", mount), ("data", data),
      ] {
        #expect(
          token.contains(#""\#(field)":"\#(value)""#), "\(token)", sourceLocation: sourceLocation)
      }
      let dump = try bash("cryptsetup luksDump \(disk.path)").condensed
      #expect(dump.contains("Label: esvault:\(name)\n"), "\(dump)", sourceLocation: sourceLocation)
    }
  }
}
