import BlockDevices
import LUKS
import Testing

@testable import Vault

/// Whether a volume comes back.
@Suite struct AuditBootTests {
  @Test func onAFinishedMachineItDoes() {
    for check in [Check.unlockUnit, .gate, .mountGuard, .keyFile] {
      #expect(check.observation()?.verdict == .pass, "\(check.id)")
    }
  }

  @Test(arguments: [0, 1, 2]) func aUnitThatIsNotAsItMustBeFails(index: Int) {
    let path = BootUnits.esvol.files[index].path
    Check.unlockUnit.expect(.fail, "there is no '\(path)'") { $0.boot.units.files[path] = nil }
    Check.unlockUnit.expect(.fail, "says something else") {
      $0.boot.units.files[path] = .text(BootUnits.mark + "\n[Service]\n")
    }
    Check.unlockUnit.expect(.fail, "was not written by esvault") {
      $0.boot.units.files[path] = .text("[Service]\n")
    }
    Check.unlockUnit.expect(.fail, "is masked") {
      $0.boot.units.files[path] = .link(to: "/dev/null")
    }
    Check.unlockUnit.expect(.fail, "symbolic link to '/x'") {
      $0.boot.units.files[path] = .link(to: "/x")
    }
    Check.unlockUnit.expect(.unknown, "could not read") {
      $0.boot.units.files[path] = .unreadable("could not read '\(path)'")
    }
  }

  @Test func aUnitThatIsDisabledStaleOrOverriddenFails() {
    Check.unlockUnit.expect(.fail, "is not enabled") { $0.boot.units.isEnabled = false }
    Check.unlockUnit.expect(.fail, "said earlier") { $0.boot.units.isStale = true }
    Check.unlockUnit.expect(.fail, "'/usr/local/sbin/esvault' is not there") {
      $0.boot.hasProgram = false
    }
    Check.unlockUnit.expect(.fail, "'/etc/systemd/system/x.conf:3' overrides") {
      $0.boot.unlock.files.append(
        UnitFile(
          path: "/etc/systemd/system/x.conf", text: "[Service]\nExecStart=\nExecStart=/bin/true\n"))
    }
    Check.unlockUnit.expect(.fail, "'a drop-in' overrides") {
      $0.boot.unlock.files.append(
        UnitFile(path: "/etc/systemd/system/x.conf", text: "[Service]\nExecStart=\n"))
    }
  }

  @Test func withoutSystemdOrTheDiskTheUnitsAreUnknown() {
    for check in [Check.unlockUnit, .gate] {
      check.expect(.unknown, "systemd tells nothing") { $0.boot.silence = "it does not run" }
      check.expect(.unknown, "is not there") { $0.chain.disk = nil }
    }
    Check.gate.expect(.unknown, "was not looked at") { $0.elasticsearch = nil }
  }

  @Test func aProgramThatIsGoneAfterARebootFails() {
    Check.unlockUnit.expect(.fail, "does not outlive a reboot") {
      $0.boot.units.program = "/tmp/esvault"
    }
  }

  @Test func aGateThatIsMissingOrTakenBackFails() {
    let gate = BootUnits.esvol.gate
    Check.gate.expect(.fail, "there is no '\(gate.path)'") { $0.boot.units.files[gate.path] = nil }
    Check.gate.expect(.fail, "systemd does not read") { $0.elasticsearch?.definition = .service }
    Check.gate.expect(.fail, "takes the gate back") {
      $0.elasticsearch?.definition.files.append(
        UnitFile(
          path: "/etc/systemd/system/elasticsearch.service.d/zz.conf",
          text: "[Service]\nExecStartPre=\n"))
    }
    Check.gate.expect(.pass, "before every start") {
      $0.elasticsearch?.definition.files.append(
        UnitFile(
          path: "/etc/systemd/system/elasticsearch.service.d/zz.conf",
          text: "[Service]\nExecStartPre=/bin/true\n"))
    }
    Check.gate.expect(.fail, "there is no unit") { $0.elasticsearch?.service = .missing }
    Check.gate.expect(.fail, "is not there, which the gate runs") { $0.boot.hasProgram = false }
    Check.gate.expect(.fail, "said earlier") { $0.boot.units.isStale = true }
  }

  @Test func aMountPointThatCanBeWrittenFails() {
    Check.mountGuard.expect(.fail, "is not immutable") { $0.boot.guarding = .seen(false) }
    Check.mountGuard.expect(.fail, "there is no directory") { $0.boot.guarding = .nothing }
    Check.mountGuard.expect(.unknown, "only root") { $0.boot.guarding = .needsRoot }
    Check.mountGuard.expect(.unknown, "did not answer") {
      $0.boot.guarding = .failed("did not answer")
    }
  }

  @Test func aKeyFileThatOthersCanUseOrReplaceFails() {
    Check.keyFile.expect(.fail, "has mode 0644") { $0.keyFile.mode = 0o644 }
    Check.keyFile.expect(.fail, "has mode 0500") { $0.keyFile.mode = 0o500 }
    Check.keyFile.expect(.pass, "root's alone") { $0.keyFile.mode = 0o600 }
    Check.keyFile.expect(.fail, "belongs to user 1000") { $0.keyFile.user = 1000 }
    Check.keyFile.expect(.fail, "symbolic link to '/x'") { $0.keyFile.kind = .link(to: "/x") }
    Check.keyFile.expect(.fail, "is not a plain file") { $0.keyFile.kind = .directory }
    Check.keyFile.expect(.fail, "is empty") { $0.keyFile.bytes = 0 }
    Check.keyFile.expect(.fail, "lies on the volume") { $0.keyFile.isOnVolume = true }
    Check.keyFile.expect(.fail, "'/etc/esvault' belongs to user 0 and has mode 0777") {
      $0.keyFile.openFolders["/etc/esvault"] = Ownership(user: 0, group: 0, mode: 0o777)
    }
  }

  @Test func aKeyFileThatIsMissingFailsAndOneOutOfSightIsUnknown() {
    Check.keyFile.expect(.fail, "there is no key file") { $0.boot.key?.file = .nothing }
    Check.keyFile.expect(.unknown, "only root") { $0.boot.key?.file = .needsRoot }
    Check.keyFile.expect(.unknown, "did not answer") {
      $0.boot.key?.file = .failed("did not answer")
    }
    #expect(Check.keyFile.observation { $0.boot.key = nil } == nil)
  }

  @Test func anybodyMayReadASealedCredential() {
    Check.keyFile.expect(.pass, "root's alone") {
      $0.boot.key = .file(sealing: .tpm2) { $0.mode = 0o644 }
    }
  }

  @Test func whatTheKeysPlaceIsWorthIsSaid() {
    Check.keyPlace.expect(.fail, "lies in the clear") { _ in }
    Check.keyPlace.expect(.pass, "behind '/dev/mapper/root'") {
      $0.keyFile.place.isEncrypted = true
      $0.keyFile.place.chain = [
        .init(level: 0, kind: .mapping, name: "/dev/mapper/root", encrypts: true)
      ]
    }
    Check.keyPlace.expect(.pass, "on no disk") {
      $0.keyFile.place.isEncrypted = true
      $0.keyFile.place.chain = [.init(level: 0, kind: .memory, name: "tmpfs")]
    }
    Check.keyPlace.expect(.unknown, "cannot be told: it is suspended") {
      $0.keyFile.place = .unseen(.key, "/k", origin: "", "it is suspended")
    }
    Check.keyPlace.expect(.pass, "is stored nowhere") { $0.boot.key = nil }
    Check.keyPlace.expect(.pass, "TPM2") { $0.boot.key?.sealing = .hostAndTPM2 }
    Check.keyPlace.expect(.fail, "a key on the root disk") { $0.boot.key?.sealing = .host }
    Check.keyPlace.expect(.fail, "everybody has") { $0.boot.key?.sealing = .null }
    Check.keyPlace.expect(.unknown, "cannot be told") { $0.boot.key?.sealing = .unknown }
    Check.keyPlace.expect(.unknown, "there is no key file") { $0.boot.key?.file = .nothing }
    #expect(Check.keyPlace.severity == .info)
  }

  @Test func theKeyIsJudgedOnlyWhereItWasTried() {
    #expect(Check.key.observation() == nil)
    Check.key.expect(.pass, "opens keyslot 0") { $0.keyTrial = .seen(0) }
    Check.key.expect(.fail, "opens no keyslot") { $0.keyTrial = .nothing }
    Check.key.expect(.unknown, "MiB are free") { $0.keyTrial = .failed("9 MiB are free") }
    Check.key.expect(.unknown, "only root") { $0.keyTrial = .needsRoot }
  }

  /// The numbers of systemd's source, as base64 text.
  @Test func howACredentialIsSealedStandsAtItsBeginning() {
    #expect(CredentialSealing(Array("Whxqht+dQJax1aZeCGLxmgAAAAABAAAA".utf8)) == .host)
    #expect(CredentialSealing(Array("BYRp2vb1QySABUnaD46i+wAAAAABAAAA".utf8)) == .null)
    #expect(CredentialSealing(Array("DHzA\nexF2RZGcSwvqCLwg/gAAAAAB".utf8)) == .tpm2)
    #expect(CredentialSealing(Array("k6iUCUh0RJCQyvL8k8q1UwAAAAAB".utf8)) == .hostAndTPM2)
    #expect(CredentialSealing(Array("AAAAAAAAAAAAAAAAAAAAAAAAAAAA".utf8)) == .unknown)
    #expect(CredentialSealing(Array("Whxq".utf8)) == .unknown)
    #expect(CredentialSealing(Array("Whxqht+dQJax1aZ%CGLxmg".utf8)) == .unknown)
    #expect(CredentialSealing([]) == .unknown)
  }
}
