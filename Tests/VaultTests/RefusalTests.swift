import BlockDevices
import Elasticsearch
import LUKS
import Testing

@testable import Vault

/// Everything that makes a plan impossible before, or whatever, the disk holds.
@Suite struct RefusalTests {
  @Test func withoutRootNothingIsPlanned() throws {
    let refusal = try refusal(.generating, .healthy.with { $0.isRoot = false })
    #expect(refusal.description.contains("only root"))
    #expect(refusal.advice.contains("sudo"))
  }

  @Test func withoutDeviceMapperNothingIsPlanned() throws {
    let refusal = try refusal(.generating, .healthy.with { $0.hasDeviceMapper = false })
    #expect(refusal.advice.contains("modprobe dm-crypt"))
  }

  @Test(arguments: [
    (NamedDevice.missing("/dev/x"), "no device"),
    (.notABlockDevice("/dev/x"), "not a block device"),
    (.partition("/dev/x", of: "nvme1n1"), "partition of '/dev/nvme1n1'"),
    (.unreadable("/dev/x", cause: "Input/output error"), "Input/output error"),
    (.disk("nvme7n1"), "not a disk"),
  ])
  func aNamedDeviceMustBeADisk(_ named: NamedDevice, _ words: String) throws {
    let refusal = try refusal(
      .generating.with { $0.device = "/dev/x" }, .healthy.with { $0.named = named })
    #expect(refusal.description.contains("/dev/x"))
    #expect(refusal.description.contains(words))
    #expect(refusal.advice.contains("esvault devices"))
  }

  @Test(arguments: [
    (Use.root, "root filesystem"), (.mounted("/srv"), "'/srv'"), (.swap, "swap"),
    (.held("md0"), "md0"), (.claimed, "in use"),
  ])
  func aDiskInUseIsNeverWritten(_ use: Use, _ words: String) throws {
    for spec in [VolumeSpec.generating, .wiping] {
      let facts = Facts.healthy.with { $0.target.uses = [use] }
      #expect(try refusal(spec, facts).description.contains(words))
    }
  }

  @Test func aDiskThatDoesNotAnswerIsNeverWritten() throws {
    for spec in [VolumeSpec.generating, .wiping] {
      let facts = Facts.healthy.with { $0.target = .silent(1) }
      let silent = try refusal(spec, facts)
      #expect(silent.description == "'/dev/nvme1n1' does not answer")
      // It may be on its way.
      #expect(silent.patience > .seconds(3600))
    }
  }

  @Test func aReadOnlyDiskIsNeverWritten() throws {
    for spec in [VolumeSpec.generating, .wiping] {
      let facts = Facts.healthy.with { $0.target.disk.isReadOnly = true }
      #expect(try refusal(spec, facts).description.contains("read-only"))
    }
  }

  @Test func aDiskThatIsTooSmallIsRefusedByOneByte() throws {
    let facts = Facts.healthy.with { $0.target.disk.bytes = VolumeLimits.minimumBytes - 1 }
    #expect(try refusal(.generating, facts).description.contains("too small"))
    _ = try plan(.generating, facts.with { $0.target.disk.bytes = VolumeLimits.minimumBytes })
  }

  @Test func partitionsAreContents() throws {
    let facts = Facts.healthy.with { $0.target.disk.partitions = ["nvme1n1p1"] }
    #expect(try refusal(.generating, facts).description.contains("nvme1n1p1"))
    #expect(try plan(.wiping, facts).steps.contains { $0.id == "wipe" })
  }

  @Test(arguments: ["", "-x", "a b", "a/b", "é", String(repeating: "a", count: 40), "control"])
  func aNameThatIsNoneIsRefused(_ name: String) throws {
    let refusal = try refusal(.generating.with { $0.name = name }, .healthy)
    #expect(refusal.advice.contains("--name"))
  }

  @Test(arguments: [
    "mnt/es", "/", "/etc", "/usr/share/es", "/mnt", "/mnt/es/", "/mnt/../etc", "/mnt//es",
  ])
  func aMountPointMustBeItsOwnDirectory(_ mount: String) throws {
    let spec = VolumeSpec.generating.with {
      $0.mount = mount
      $0.data = mount + "/elasticsearch"
    }
    #expect(try refusal(spec, .healthy).advice.contains("--mount"))
  }

  @Test(arguments: ["/srv/es", "/mnt/es", "/mnt/es2/data", "/mnt/es/../x", "mnt/es/data"])
  func theDataPathMustLieBelowTheMountPoint(_ data: String) throws {
    #expect(try refusal(.generating.with { $0.data = data }, .healthy).advice.contains("--data"))
  }

  @Test func elasticsearchMustBeInstalled() throws {
    let missing = Facts.healthy.with { $0.elasticsearch.settings = .missing }
    #expect(try refusal(.generating, missing).description.contains("not installed"))
    let unit = Facts.healthy.with { $0.elasticsearch.service = .missing }
    #expect(try refusal(.generating, unit).advice.contains("--service"))
    let user = Facts.healthy.with { $0.elasticsearch.user = .missing(name: "elasticsearch") }
    #expect(try refusal(.generating, user).description.contains("'elasticsearch'"))
    let silent = Facts.healthy.with { $0.elasticsearch.service = .unknown("no answer") }
    #expect(try refusal(.generating, silent).description.contains("no answer"))
  }

  @Test func settingsThatCannotBeEditedSafelyAreRefused() throws {
    let facts = Facts.healthy.with {
      $0.elasticsearch.settings = .unusable("path.data is given twice, on lines 3 and 9")
    }
    #expect(try refusal(.generating, facts).description.contains("lines 3 and 9"))
  }

  @Test func jvmOptionsThatCannotBeEditedSafelyAreRefused() throws {
    let facts = Facts.healthy.with { $0.elasticsearch.jvm = .saying("#\n-Da=b -Xmx1g\n") }
    #expect(try refusal(.generating, facts).description.contains("line 2 holds more than one"))
  }

  @Test func aHeapLargerThanTheMachineIsRefused() throws {
    let spec = VolumeSpec.generating.with { $0.heap = .bytes(9 * Sample.gibibyte) }
    #expect(try refusal(spec, .healthy).advice.contains("--heap"))
  }

  @Test func aRunningServiceIsRefused() throws {
    let facts = Facts.healthy.with { $0.elasticsearch.service = .running }
    #expect(try refusal(.generating, facts).advice.contains("systemctl stop"))
  }

  @Test(arguments: [
    NodeStateFacts.present(Sample.nodeState), .damaged("it has no node state file"),
  ])
  func aNodeWithDataIsNotGivenAnEmptyVolume(_ state: NodeStateFacts) throws {
    let facts = Facts.healthy.with { $0.elasticsearch.presentData = state }
    #expect(try refusal(.generating, facts).description.contains("/var/lib/elasticsearch"))
    let unset = facts.with { $0.elasticsearch.settings = .dataPath(nil) }
    #expect(try refusal(.generating, unset).description.contains("default"))
  }

  @Test func theMountPointMustBeFree() throws {
    let occupied = Facts.healthy.with { $0.mountPoint = .occupied(by: "/dev/vdb") }
    #expect(try refusal(.generating, occupied).description.contains("/dev/vdb"))
    let full = Facts.healthy.with {
      $0.mountPoint = .directory(isEmpty: false, isImmutable: false)
    }
    #expect(try refusal(.generating, full).description.contains("not empty"))
    let file = Facts.healthy.with { $0.mountPoint = .notADirectory }
    #expect(try refusal(.generating, file).description.contains("not a directory"))
  }

  @Test func anEmptyDirectoryIsGuardedOnce() throws {
    let empty = Facts.healthy.with {
      $0.mountPoint = .directory(isEmpty: true, isImmutable: false)
    }
    #expect(try plan(.generating, empty).steps.contains(.guardMountPoint("/mnt/es")))
    let guarded = Facts.healthy.with {
      $0.mountPoint = .directory(isEmpty: true, isImmutable: true)
    }
    #expect(try !plan(.generating, guarded).steps.contains(.guardMountPoint("/mnt/es")))
  }

  @Test func theKeyFileMustBeUsable() throws {
    let spec = VolumeSpec.generating.with { $0.key = .file(Sample.key, isRandom: false) }
    let missing = try refusal(spec, .healthy)
    #expect(missing.description.contains(Sample.key))
    #expect(missing.advice.contains("--generate-key"))
    let facts = Facts.healthy.with { $0.key = .unusable("it is a directory") }
    #expect(try refusal(spec, facts).description.contains("it is a directory"))
    #expect(try refusal(.generating, facts).description.contains("it is a directory"))
  }

  @Test func theKeyFileMayNotLieOnTheVolume() throws {
    let spec = VolumeSpec.generating.with { $0.key = .generated("/mnt/es/key", isRandom: false) }
    #expect(try refusal(spec, .healthy).description.contains("'/mnt/es/key'"))
  }

  @Test(arguments: ["/run/es.key", "/tmp/keys/es.key", "/dev/shm/es.key"])
  func aNewKeyMustOutliveAReboot(_ path: String) throws {
    let spec = VolumeSpec.generating.with { $0.key = .generated(path, isRandom: false) }
    #expect(try refusal(spec, .healthy).description.contains("'\(path)'"))
    _ = try plan(spec, .healthy.with { $0.key = .usable })
    // Wherever it is, if that is in memory.
    let live = Facts.healthy.with { $0.isNewKeyInMemory = true }
    #expect(try refusal(.generating, live).description.contains("lost at the next reboot"))
  }

  @Test func aNodeWhoseVolumeIsOutOfSightIsNotGivenAnother() throws {
    let facts = Facts.healthy.with {
      $0.configuration = .reading(Sample.recorded)
      $0.elasticsearch.settings = .dataPath("/mnt/es/elasticsearch")
    }
    let spec = VolumeSpec.generating.with {
      $0.name = "second"
      $0.mount = "/mnt/second"
      $0.data = "/mnt/second/data"
    }
    let refused = try refusal(spec, facts)
    #expect(refused.description.contains("volume 'esvol'"))
    #expect(refused.advice.contains("--name esvol"))
    for mount in ["/mnt/es", "/mnt/es/second"] {
      let spec = spec.with {
        $0.mount = mount
        $0.data = mount + "/data"
      }
      #expect(try refusal(spec, facts).description.contains("belongs to volume 'esvol'"))
    }
  }

  @Test(arguments: ["es.key", "./es.key", "/etc/../es.key", ""])
  func theKeyFileIsNamedByAnAbsolutePath(_ path: String) throws {
    let spec = VolumeSpec.generating.with { $0.key = .generated(path, isRandom: false) }
    let refusal = try refusal(spec, .healthy)
    #expect(refusal.description.contains("key file '\(path)'"))
    #expect(refusal.advice.contains("--key-file /"))
  }

  @Test func theConfigurationDirectoryIsNamedByAnAbsolutePath() throws {
    let spec = VolumeSpec.generating.with { $0.elasticsearchConfiguration = "etc/es" }
    let refusal = try refusal(spec, .healthy)
    #expect(refusal.description.contains("'etc/es'"))
    #expect(refusal.advice.contains("--es-config /"))
  }

  @Test func aConfigurationThatCannotBeEditedIsFoundOutBeforeTheDiskIsWritten() throws {
    let facts = Facts.healthy.with {
      $0.configuration = .reading("version: 1\nvolumes: [{name: other}]\n")
    }
    let refusal = try refusal(.generating, facts)
    #expect(refusal.description.contains("line 2"))
  }
}
