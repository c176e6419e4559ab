import Testing

@testable import Vault

/// What the units of a volume say, and how systemd will read it.
@Suite struct BootUnitsTests {
  private let units = BootUnits(
    name: "esvol", mount: "/mnt/es", service: "elasticsearch.service",
    diskLink: "nvme-Amazon_Elastic_Block_Store_vol1", program: "/usr/local/sbin/esvault")

  private func text(_ units: BootUnits, _ path: String) throws -> String {
    try #require(units.files.first { $0.path == "/etc/systemd/system/\(path)" }).text
  }

  @Test func theUnitsOfAVolumeAreTheseFiles() throws {
    #expect(
      units.files.map(\.path) == [
        "/etc/systemd/system/esvault-unlock.service",
        "/etc/systemd/system/esvault-unlock.service.d/volume-esvol.conf",
        "/etc/systemd/system/mnt-es.mount",
        "/etc/systemd/system/elasticsearch.service.d/esvault.conf",
      ])
    for file in units.files {
      #expect(file.text.hasPrefix(BootUnits.mark) && file.text.hasSuffix("\n"))
      #expect(!file.text.contains("\n\n\n"))
    }
    let mount = try text(units, "mnt-es.mount")
    #expect(mount.contains("drop-in of your own: systemctl edit mnt-es.mount\n"))
  }

  @Test func theServiceOpensAndClosesAllVolumesAndIsNeverCutOff() throws {
    let unlock = try text(units, "esvault-unlock.service")
    for line in [
      "Type=oneshot", "RemainAfterExit=yes",
      "ExecStart=/usr/local/sbin/esvault unlock --no-start",
      "ExecStop=/usr/local/sbin/esvault lock", "TimeoutSec=infinity", "KillMode=process",
      "SendSIGKILL=no", "WantedBy=multi-user.target",
    ] { #expect(unlock.contains("\n\(line)\n"), "\(line)") }
  }

  @Test func theDropInCarriesWhatTheServiceIsTold() throws {
    let path = "elasticsearch.service.d/esvault.conf"
    var told = units
    told.keepsCoreDumps = true
    #expect(try !text(told, path).contains("LimitCORE"))
    told.temporary = .init(name: "ES_TMPDIR", value: "/srv/100% es/tmp")
    #expect(try text(told, path).contains("\nEnvironment=\"ES_TMPDIR=/srv/100%% es/tmp\"\n"))
    let read = ServiceDefinition(files: [UnitFile(path: "/d", text: try text(told, path))])
    #expect(read.variable("ES_TMPDIR")?.text == "/srv/100% es/tmp")
  }

  @Test func elasticsearchIsHeldBackAndStoppedWithItsVolume() throws {
    let gate = try text(units, "elasticsearch.service.d/esvault.conf")
    for line in [
      "Wants=esvault-unlock.service", "After=esvault-unlock.service mnt-es.mount",
      "PartOf=esvault-unlock.service",
      "ExecStartPre=+/usr/local/sbin/esvault status --require --path-data esvol", "LimitCORE=0",
    ] { #expect(gate.contains("\n\(line)\n"), "\(line)") }
    let mount = try text(units, "mnt-es.mount")
    for line in [
      "DefaultDependencies=no", "RefuseManualStart=yes", "After=esvault-unlock.service",
      "Before=umount.target", "Conflicts=umount.target", "PropagatesStopTo=elasticsearch.service",
      #"StopPropagatedFrom=dev-disk-by\x2did-nvme\x2dAmazon_Elastic_Block_Store_vol1.device"#,
      "What=/dev/mapper/esvol", "Where=/mnt/es", "Options=noatime,nodev,nosuid",
    ] { #expect(mount.contains("\n\(line)\n"), "\(line)") }
  }

  @Test func aDiskWithoutALinkIsNotWaitedForToVanish() throws {
    var units = units
    units.diskLink = nil
    #expect(try !text(units, "mnt-es.mount").contains("StopPropagatedFrom"))
  }

  @Test func aCredentialIsLoadedByItsNameInTheFormThatItHas() throws {
    var units = units
    let path = "esvault-unlock.service.d/volume-esvol.conf"
    #expect(
      try text(units, path).hasSuffix("\n[Unit]\nBefore=elasticsearch.service\nAfter=mnt.mount\n"))
    units.credential = BootUnits.Credential(name: "es.key", isEncrypted: true)
    #expect(try text(units, path).hasSuffix("\n\n[Service]\nLoadCredentialEncrypted=es.key\n"))
    units.credential?.isEncrypted = false
    #expect(try text(units, path).hasSuffix("\n\n[Service]\nLoadCredential=es.key\n"))
  }

  @Test func anotherServiceAndAnotherConfigurationAreNamed() throws {
    let units = BootUnits(
      name: "b", mount: "/srv/es-b", service: "elasticsearch@b", program: "/opt/esvault",
      configuration: "/etc/b.yml")
    let unlock = try text(units, "esvault-unlock.service")
    #expect(unlock.contains("ExecStart=/opt/esvault unlock --no-start --config /etc/b.yml\n"))
    let gate = try text(units, "elasticsearch@b.service.d/esvault.conf")
    #expect(gate.contains(#"After=esvault-unlock.service srv-es\x2db.mount"#))
    #expect(
      gate.contains(
        "ExecStartPre=+/opt/esvault status --require --path-data b --config /etc/b.yml\n"))
    let mount = try text(units, #"srv-es\x2db.mount"#)
    #expect(mount.contains(#"systemctl edit 'srv-es\x2db.mount'"#))
  }

  @Test func whatSystemdWouldExpandIsWrittenSoThatItDoesNot() throws {
    let units = BootUnits(
      name: "b", mount: "/srv/100% es", service: "es.service",
      program: #"/opt/a "b"\c$d%e/esvault"#,
      configuration: "/etc/$x.yml")
    #expect(
      units.command("lock", prefix: "+")
        == #""+/opt/a \"b\"\\c$d%%e/esvault" lock --config /etc/$$x.yml"#)
    let mount = try text(units, #"srv-100\x25\x20es.mount"#)
    #expect(mount.contains("\nWhere=/srv/100%% es\n"))
  }

  /// As `systemd-escape --path` answers; SystemTests ask it.
  @Test(arguments: [
    ("/", "-"), ("/mnt/es", "mnt-es"), ("/mnt/a-b", #"mnt-a\x2db"#), ("/.es/.x", #"\x2ees-.x"#),
    ("/srv/100% es", #"srv-100\x25\x20es"#), ("/srv/a:b_c.d", "srv-a:b_c.d"),
    (#"/srv/a\b"#, #"srv-a\x5cb"#), ("/srv/é", #"srv-\xc3\xa9"#), ("/srv/@", #"srv-\x40"#),
  ])
  func aPathBecomesTheNameOfAUnit(path: String, name: String) {
    #expect(UnitName.escaped(path: path) == name)
  }
}
