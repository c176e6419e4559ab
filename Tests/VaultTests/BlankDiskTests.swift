import BlockDevices
import Elasticsearch
import LUKS
import Testing

@testable import Vault

/// The plan for a disk that nothing is on.
@Suite struct BlankDiskTests {
  private let identity = DiskIdentity(
    path: "/dev/nvme1n1", serial: "vol1", bytes: 64 * Sample.gibibyte)
  private let opening = Opening(
    disk: DiskIdentity(path: "/dev/nvme1n1", serial: "vol1", bytes: 64 * Sample.gibibyte),
    name: "esvol", uuid: Sample.fresh.luks, filesystem: Sample.fresh.filesystem, policy: Policy())

  @Test func aBlankDiskGetsEveryStepInOrder() throws {
    let plan = try plan(.generating, .healthy)
    #expect(
      plan.steps == [
        .key(path: Sample.key),
        .format(
          Formatting(
            disk: identity, start: .blank,
            header: HeaderFormat(
              uuid: Sample.fresh.luks, label: "esvault:esvol", subsystem: "esvault", cipher: "aes",
              mode: "xts-plain64", keyBits: 512, hash: "sha512", sectorSize: 4096),
            derivation: .pbkdf2Minimum,
            token: VolumeToken(
              name: "esvol", serial: "vol1", mount: "/mnt/es", data: "/mnt/es/elasticsearch",
              filesystem: Sample.fresh.filesystem, phase: .formatted))),
        .open(opening),
        .filesystem(opening),
        .guardMountPoint("/mnt/es"),
        .mount(Mounting(opening: opening, path: "/mnt/es")),
        .directory(
          DataDirectory(
            mount: "/mnt/es", path: "/mnt/es/elasticsearch", others: ["/mnt/es/diagnostics"],
            userName: "elasticsearch", user: 111, group: 112)),
        .record(
          RecordedVolume(
            name: "esvol", device: "vol1", uuid: Sample.fresh.luks, mount: "/mnt/es",
            data: "/mnt/es/elasticsearch", key: .file(Sample.key),
            elasticsearch: RecordedElasticsearch(
              configuration: "/etc/elasticsearch", service: "elasticsearch.service", heap: "auto"))),
        .units(UnitFiles(files: BootUnits.esvol.files)),
        .heap(.esvol()),
        .dataPath(configuration: "/etc/elasticsearch", path: "/mnt/es/elasticsearch"),
        .enable(["esvault-unlock.service", "elasticsearch.service"]),
        .start(service: "elasticsearch.service", data: "/mnt/es/elasticsearch"),
        .verify(
          Verification(
            name: "esvol", data: "/mnt/es/elasticsearch", service: "elasticsearch.service",
            timeout: 300)),
      ])
    #expect(plan.destroys && plan.changes && !plan.needsKey)
    #expect(plan.notes.isEmpty)
  }

  @Test func thePlanReadsLikeThis() throws {
    let lines = try plan(.generating, .healthy).steps.map {
      "\($0.id) \($0.subject): \($0.summary)"
    }
    #expect(
      lines == [
        "key /etc/esvault/keys/esvol.key: make a random key of 512 bits and store it in /etc/esvault/keys/esvol.key",
        "format /dev/nvme1n1: write a LUKS2 header: aes-xts-plain64, 512-bit key, sha512, sector size 4096",
        "open /dev/mapper/esvol: open the volume with its key as /dev/mapper/esvol",
        "filesystem /dev/mapper/esvol: make the ext4 filesystem 9d3b1c52-1f0e-4a0e-8c1b-0d6f2a9b1c22",
        "guard /mnt/es: make the empty directory /mnt/es immutable",
        "mount /mnt/es: mount the volume at /mnt/es with noatime,nodev,nosuid",
        "directory /mnt/es/elasticsearch: make the data directory and /mnt/es/diagnostics, owned by elasticsearch, mode 0750, below a root of mode 0711",
        "record esvol: record the volume in the configuration",
        "units /etc/systemd/system/esvault-unlock.service: write the units that open the volume at boot and hold Elasticsearch back without it",
        "heap /etc/elasticsearch/jvm.options: set Elasticsearch's heap to 4096 MiB, initial and maximum; let heap dumps and crash reports go to /mnt/es/diagnostics",
        "data-path /etc/elasticsearch/elasticsearch.yml: set path.data to /mnt/es/elasticsearch",
        "enable esvault-unlock.service elasticsearch.service: start esvault-unlock.service and elasticsearch.service at boot",
        "start elasticsearch.service: start Elasticsearch",
        "verify /mnt/es/elasticsearch: wait up to 300 s for Elasticsearch's node state on the volume",
      ])
  }

  @Test func whatWritesOverADiskSaysSo() throws {
    let wiping = try plan(.wiping, .with(.holding("ext4")))
    #expect(wiping.steps.filter(\.destroys).map(\.id) == ["wipe", "format", "filesystem"])
    #expect(wiping.steps.filter(\.needsKey).map(\.id) == ["format", "open"])
    #expect(wiping.steps.filter { !$0.changes }.map(\.id) == ["verify"])
  }

  @Test func onlyBlankIsFormattedWithoutWipe() throws {
    let others: [DiskFacts] = [
      .holding("ext4"), .holding("swap"), .holding("linux_raid_member"), .holding("gpt"),
      DiskFacts(disk: .nvme(1), contents: .unknown("data without a known signature at byte 8192")),
      DiskFacts(
        disk: .nvme(1), contents: .unknown("could not read '/dev/nvme1n1': Input/output error")),
      .carrying(.ours().with { $0.version = 1 }),
      .carrying(.ours().with { $0.subsystem = "" }),
    ]
    for disk in others {
      let refusal = try refusal(.generating, .with(disk))
      #expect(refusal.description.contains(" holds "))
      #expect(refusal.advice.contains("--wipe /dev/nvme1n1"))
    }
  }

  @Test func aClosedVolumeIsUnknownNeverBlank() throws {
    // Not even an intent for this very disk makes a header that is not ours noise.
    let foreign = Header.ours().with { $0.subsystem = "" }
    var disk = DiskFacts.carrying(foreign)
    disk.behindHeader = .blank
    let facts = Facts.with(disk).with { $0.intent = .esvol() }
    #expect(try refusal(.generating, facts).description.contains("crypto_LUKS"))
  }

  @Test func aKernelNameIsNeverRecorded() throws {
    for device in ["/dev/nvme1n1", "/dev/disk/by-path/pci-1"] {
      let plan = try plan(.generating.with { $0.device = device }, .healthy)
      #expect(recorded(in: plan)?.device == "vol1")
    }
    let facts = Facts.healthy.with { $0.target.disk.serial = nil }
    let plan = try plan(.generating, facts)
    #expect(recorded(in: plan)?.device == nil)
    #expect(plan.notes.contains { $0.contains("no serial of its own") })
  }

  @Test func aByIdLinkOfTheConfigurationStaysAsWritten() throws {
    let link = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol1"
    let facts = Facts.healthy.with {
      $0.configuration = .reading("version: 1\nvolumes:\n  - name: esvol\n    device: \(link)\n")
    }
    let plan = try plan(.generating.with { $0.device = link }, facts)
    #expect(recorded(in: plan)?.device == link)
  }

  @Test func aKeyThatExistsIsUsedAndNotMade() throws {
    let plan = try plan(.generating, .healthy.with { $0.key = .usable })
    #expect(plan.steps.first?.id == "format")
    guard case .format(let formatting) = plan.steps.first else { return }
    // Nobody vouches for a key that was there already.
    #expect(formatting.derivation == .argon2id(maximumMemoryKiB: 1 << 20))
  }

  @Test func aServiceThatIsNotToBeStartedIsNotWaitedFor() throws {
    let plan = try plan(.generating.with { $0.startsService = false }, .healthy)
    #expect(plan.steps.map(\.id).suffix(2) == ["data-path", "enable"])
    #expect(plan.notes.isEmpty)
  }

  @Test func aHeapThatIsKeptIsNotWritten() throws {
    let spec = VolumeSpec.generating.with {
      $0.heap = .keep
      $0.keepsDiagnostics = true
    }
    let plan = try plan(spec, .healthy)
    #expect(!plan.steps.contains { $0.id == "heap" })
  }

  @Test func newerVersionsGetTheHeapInAFileOfItsOwn() throws {
    let facts = Facts.healthy.with { $0.elasticsearch.jvm = .folder() }
    #expect(try plan(.generating, facts).steps.contains(.heap(.esvol(ownFile: true))))
  }

  private func recorded(in plan: Plan) -> RecordedVolume? {
    for case .record(let volume, _) in plan.steps { return volume }
    return nil
  }
}
