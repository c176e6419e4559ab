import BlockDevices
import Elasticsearch
import Foundation
import LUKS
import Testing
import Vault

@testable import esvault

/// Every JSON document follows its schema.
@Suite struct DocumentTests {
  private static let disk = DiskIdentity(path: "/dev/nvme1n1", serial: "vol1", bytes: 64 << 30)
  private static let failure = StepFailure("could not open it", advice: "Try again.")
  private static let volume = RecordedVolume(name: "esvol")

  private static func record(
    _ step: Step, _ state: StepRecord.State, _ failure: StepFailure? = nil
  ) -> StepRecord {
    var record = StepRecord(step)
    record.state = state
    record.failure = failure
    return record
  }

  @Test func aPlanFollowsItsSchema() throws {
    let records = [
      Self.record(.key(path: "/k"), .done), Self.record(.guardMountPoint("/m"), .done),
      Self.record(.record(Self.volume), .failed, Self.failure),
      Self.record(.dataPath(configuration: "/e", path: "/m/d"), .planned),
      Self.record(.start(service: "s", data: "/m/d"), .planned),
    ]
    let refusal = Refusal("the disk is mounted", advice: "Unmount it.")
    for refusal in [nil, refusal] {
      try expect(PlanOutput.json(records, [], refusal).text, follows: "plan-v1")
      try expect(PlanOutput.json([], [], refusal).text, follows: "plan-v1")
    }
  }

  @Test func aVolumeFollowsThePlansSchema() throws {
    let spec = VolumeSpec(key: .unstored(isRandom: false))
    let header = Header(
      version: 2, uuid: "u", label: "esvault:esvol", subsystem: "esvault",
      cipher: "aes-xts-plain64", keyBits: 512, sectorSize: 4096, dataOffset: 16 << 20)
    let mapping = Mapping(
      name: "esvol", device: "/dev/nvme1n1", uuid: "u", cipher: "aes-xts-plain64", keyBits: 512,
      sectorSize: 4096, dataOffset: 16 << 20)
    let disk = DiskFacts(
      disk: Disk(
        name: "nvme1n1", path: "/dev/nvme1n1", number: DeviceNumber(major: 259, minor: 1),
        bytes: 64 << 30, serial: "vol1"),
      contents: .unknown("closed"), header: .header(header))
    var facts = Facts(
      isRoot: true, hasDeviceMapper: true, memory: 8 << 30, disks: [disk], mapping: .none,
      mountPoint: .absent, key: .unstored,
      elasticsearch: ElasticsearchFacts(
        configuration: "/etc/elasticsearch", settings: .dataPath(nil), version: nil,
        user: .missing(name: "elasticsearch"), service: .stopped, presentData: .none,
        jvm: JVMFacts()),
      fresh: Identifiers(luks: "u", filesystem: "f"))
    let closed = VolumeStatus(spec, facts)
    facts.mapping = .encrypted(mapping, above: ["nvme1n1"], inside: nil)
    facts.mountPoint = .volume
    let open = VolumeStatus(spec, facts)
    try expect(PlanOutput.json([], [closed, open], nil).text, follows: "plan-v1")
  }

  @Test func onlyWhatChangesSomethingIsAChange() throws {
    func changed(_ records: [StepRecord], _ refusal: Refusal? = nil) -> Bool {
      guard case .object(let members) = PlanOutput.json(records, [], refusal) else {
        return false
      }
      return members["changed"] == .bool(true)
    }
    let step = Step.guardMountPoint("/m")
    #expect(!changed([]))
    // A dry run says what a run would do.
    #expect(changed([Self.record(step, .planned)]))
    #expect(changed([Self.record(step, .done)]))
    #expect(changed([Self.record(step, .failed, Self.failure)]))
    let refusal = Refusal("it is mounted", advice: "Unmount it.")
    #expect(!changed([Self.record(step, .planned)], refusal))
  }

  @Test func devicesFollowTheirSchema() throws {
    let disk = Disk(
      name: "nvme1n1", path: "/dev/nvme1n1", number: DeviceNumber(major: 259, minor: 1),
      bytes: 64 << 30, model: "M", serial: "vol1")
    var bare = disk
    bare.model = nil
    bare.serial = nil
    let contents: [Contents] = [
      .blank, .holds(Signature(type: "ext4", usage: .filesystem)), .unknown("could not look"),
    ]
    let disks = contents.flatMap {
      [DiskFacts(disk: disk, contents: $0), DiskFacts(disk: bare, contents: $0, uses: [.swap])]
    }
    try expect(Devices.json(disks).text, follows: "devices-v1")
    try expect(Devices.json([]).text, follows: "devices-v1")
    #expect(Devices.table(disks).split(separator: "\n").count == 7)
    #expect(Devices.table(disks).contains("  blank     yes\n"))
    var (attached, store) = (disk, disk)
    attached.deviceName = EC2DeviceName("sdf")
    store.model = "Amazon EC2 NVMe Instance Storage"
    let cloud = [attached, store].map { DiskFacts(disk: $0, contents: .blank) }
    try expect(Devices.json(cloud).text, follows: "devices-v1")
    #expect(Devices.json(cloud)["devices"]?.items?[0]["deviceName"] == .string("/dev/sdf"))
    #expect(Devices.table(cloud).contains("/dev/nvme1n1 (/dev/sdf)  "))
    #expect(Devices.table(cloud).contains("only by name: instance store: EC2 encrypts it"))
  }

  @Test func whatTheProgramPrintsFollowsTheSchemas() throws {
    for outcome in [
      try Tool.run("devices", "--format", "json"),
      try Tool.runAsNobody("devices", "--format", "json"),
    ] {
      #expect(outcome.status == 0)
      try expect(outcome.output, follows: "devices-v1")
    }
    let refused = try Tool.runAsNobody("provision", "/dev/null", "--format", "json")
    #expect(refused.status == 2)
    try expect(refused.output, follows: "plan-v1")
    #expect(refused.output.contains(#""changed" : false"#))
    #expect(refused.output.contains(#""description" : "only root can make a volume""#))
  }

  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (64 << 30, "64 GiB"),
      (1 << 60, "1024 PiB"), (.max, "16383.9 PiB"),
    ] as [(UInt64, String)])
  func aSizeIsReadable(_ bytes: UInt64, _ text: String) { #expect(readable(bytes: bytes) == text) }
}
