import Testing

@testable import Vault

/// Which units provisioning writes and enables, and which it refuses to touch.
@Suite struct ProvisioningUnitsTests {
  private let unlock = "/etc/systemd/system/esvault-unlock.service"
  private let gate = "/etc/systemd/system/elasticsearch.service.d/esvault.conf"

  /// Everything is done, but systemd knows nothing of it: as an older version left it.
  private var older: Facts {
    .finished.with {
      $0.units.files = [:]
      $0.units.isEnabled = false
      $0.elasticsearch.isEnabled = false
    }
  }

  private func written(_ facts: Facts) throws -> [String] {
    for case .units(let units) in try plan(.recorded, facts).steps {
      return units.files.map(\.path)
    }
    return []
  }

  @Test func unitsAreWrittenBeforeElasticsearchIsToldOfItsVolumeAndEnabledAfterwards() throws {
    let steps = try plan(.generating, .healthy).steps.map(\.id)
    #expect(
      steps == [
        "key", "format", "open", "filesystem", "guard", "mount", "directory", "record", "units",
        "heap", "data-path", "enable", "start", "verify",
      ])
  }

  @Test func aMachineOfAnOlderVersionGetsItsUnitsWhileItsNodeRuns() throws {
    let plan = try plan(.recorded, older)
    #expect(plan.steps.map(\.id) == ["units", "enable"])
    #expect(try written(older).count == 4)
    #expect(
      plan.steps.last == .enable(["esvault-unlock.service", "elasticsearch.service"]))
  }

  @Test func onlyAFileThatDiffersIsWritten() throws {
    let changed = Facts.finished.with { $0.units.files[gate]? = .text(BootUnits.mark + " once") }
    #expect(try written(changed) == [gate])
    #expect(try written(.finished.with { $0.units.files[unlock] = nil }) == [unlock])
    #expect(
      try written(.finished.with { $0.units.program = "/usr/sbin/esvault" }) == [unlock, gate])
  }

  /// The volumes of the one that the unit names would stay closed.
  @Test func aSecondConfigurationIsRefused() throws {
    let facts = Facts.finished.with { $0.configurationPath = "/etc/esvault/b.yml" }
    let refusal = try refusal(.recorded, facts)
    #expect(
      refusal.description
        == "'esvault-unlock.service' opens the volumes of another configuration, /etc/esvault/esvault.yml"
    )
    #expect(refusal.advice.hasPrefix("Use that one: --config /etc/esvault/esvault.yml. "))
  }

  @Test func whatSystemdHasNotReadIsWrittenAgain() throws {
    #expect(try written(.finished.with { $0.units.isStale = true }).count == 4)
  }

  @Test func aServiceThatIsStartedByHandIsNotEnabled() throws {
    let spec = VolumeSpec.recorded.with { $0.startsService = false }
    #expect(try plan(spec, older).steps.last == .enable(["esvault-unlock.service"]))
    let enabled = older.with { $0.units.isEnabled = true }
    #expect(try plan(spec, enabled).steps.map(\.id) == ["units"])
  }

  @Test func aServiceThatCannotBeEnabledIsLeftAloneWithANote() throws {
    let facts = older.with { $0.elasticsearch.isEnabled = nil }
    let plan = try plan(.recorded, facts)
    #expect(plan.steps.last == .enable(["esvault-unlock.service"]))
    #expect(plan.notes.contains { $0.contains("elasticsearch.service cannot be enabled") })
  }

  @Test func aKeyThatIsStoredNowhereIsAskedForAfterAReboot() throws {
    let spec = VolumeSpec.generating.with { $0.key = .unstored(isRandom: false) }
    let facts = Facts.healthy.with { $0.key = .unstored }
    let note = "the key is stored nowhere: after a reboot, run 'esvault unlock' and give it again"
    #expect(try plan(spec, facts).notes == [note])
    #expect(try plan(.generating, .healthy).notes.isEmpty)
  }

  @Test(arguments: ["/tmp/esvault", "/run/user/0/esvault", "/dev/shm/esvault"])
  func aProgramThatIsGoneAfterARebootIsNotCalledByUnits(path: String) throws {
    let refusal = try refusal(.generating, .healthy.with { $0.units.program = path })
    #expect(refusal.description.contains("'\(path)' does not outlive a reboot"))
    #expect(refusal.advice.hasSuffix("install -m 755 \(path) /usr/local/sbin/esvault"))
  }

  @Test(arguments: [#"/opt/a"b/esvault"#, "/opt/it's/esvault", #"/opt/a\b/esvault"#])
  func aProgramThatSystemdCannotStartIsRefusedBeforeADiskIsWritten(path: String) throws {
    let refusal = try refusal(.generating, .healthy.with { $0.units.program = path })
    #expect(
      refusal.description == "systemd cannot start '\(path)': its path has a quote or a backslash")
  }

  @Test func aMaskedUnitStaysMasked() throws {
    let facts = Facts.healthy.with { $0.units.files[unlock] = .link(to: "/dev/null") }
    let refusal = try refusal(.generating, facts)
    #expect(refusal.description == "'esvault-unlock.service' is masked")
    #expect(refusal.advice.hasSuffix("systemctl unmask esvault-unlock.service"))
  }

  @Test func aUnitThatSomebodyElseHasWrittenIsNotOverwritten() throws {
    let path = "/etc/systemd/system/mnt-es.mount"
    for file in [.text("[Mount]\n"), .link(to: "/opt/x.mount"), .unreadable("could not read 'x'")]
      as [UnitFileFacts]
    {
      let refusal = try refusal(.generating, .healthy.with { $0.units.files[path] = file })
      #expect(file == .unreadable("could not read 'x'") || refusal.description.contains(path))
    }
  }

  @Test func aConfigurationWithoutAnAbsolutePathCannotBeNamedInAUnit() throws {
    let refusal = try refusal(.generating, .healthy.with { $0.configurationPath = "es.yml" })
    #expect(refusal.description.contains("'es.yml' is not named by an absolute path"))
  }

  @Test(arguments: ["/srv/es ", #"/srv/es\"#])
  func aMountPointThatNoUnitCanNameIsRefused(mount: String) throws {
    let spec = VolumeSpec.generating.with {
      $0.mount = mount
      $0.data = mount + "/data"
    }
    #expect(try refusal(spec, .healthy).description.hasPrefix("systemd cannot mount anything"))
  }

  @Test func theShortestLinkThatTellsTheSerialNamesTheDisk() throws {
    let facts = Facts.healthy.with {
      $0.target.disk.links = ["nvme-Some_Store_vol1_1", "nvme-eui.0", "nvme-Some_Store_vol1"]
    }
    for case .units(let units) in try plan(.generating, facts).steps {
      #expect(units.files[2].text.contains(#"by\x2did-nvme\x2dSome_Store_vol1.device"#))
    }
  }
}
