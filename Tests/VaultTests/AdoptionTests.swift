import Foundation
import LUKS
import Testing

@testable import Vault

/// What `esvault unlock --adopt` believes, and what it decides.
@Suite struct AdoptionTests {
  /// Another machine's volume, the only NVMe disk here.
  private var arrived: Facts {
    .with(.carrying(.ours(tokens: [.esvol(.ready)]), 2)).with {
      $0.named = .disk("nvme2n1")
      $0.key = .usable
      $0.elasticsearch.isEnabled = false
    }
  }

  private var spec: VolumeSpec {
    var request = VolumeRequest()
    request.device = "/dev/nvme2n1"
    request.keyFile = Sample.key
    return request.adopting(nil, in: .empty)
  }

  private func adopted(
    _ facts: Facts, _ change: (inout VolumeRequest) -> Void = { _ in }
  ) throws -> (VolumeSpec, Plan) {
    var request = VolumeRequest()
    request.device = "/dev/nvme2n1"
    request.keyFile = Sample.key
    change(&request)
    let candidate = try Candidate(request.adopting(nil, in: facts.configuration), facts)
    let spec = request.adopting(candidate, in: facts.configuration)
    return (spec, try Plan.adopting(spec, facts))
  }

  @Test func nameAndPlaceComeFromTheToken() throws {
    let (spec, plan) = try adopted(arrived)
    #expect(spec.name == "esvol" && spec.mount == "/mnt/es" && spec.data == "/mnt/es/elasticsearch")
    #expect(plan.steps.map(\.id) == ["open", "guard", "mount", "record"])
    guard case .record(let volume, let adoption?) = plan.steps.last else {
      Issue.record("no record: \(plan)")
      return
    }
    #expect(volume.device == "vol2" && volume.uuid == Sample.earlier.luks)
    #expect(adoption.token == VolumeToken.esvol(.ready).with { $0.serial = "vol2" })
    #expect(plan.notes.count == 1 && plan.notes[0].contains("path.data is not"))
  }

  /// Also where letters have several bytes, or hide a slash from Swift's characters.
  @Test(arguments: ["/mnt/es", "/mnt/データ", "/mnt/\u{301}"])
  func belowAnotherMountPointItsPlaceIsTheSame(_ mount: String) {
    let moved = AbsolutePath.moved(mount + "/a/elasticsearch", from: mount, to: "/srv/x")
    #expect(moved == "/srv/x/a/elasticsearch")
    #expect(AbsolutePath.parts(of: mount + "/\u{301}a/b", below: mount) == ["\u{301}a", "b"])
  }

  /// A replaced instance has the entry that its user data has written.
  @Test func anEntryWhoseKeyIsGeneratedIsTakenOverToo() throws {
    let text = """
      version: 1
      volumes:
        - name: esvol
          key: {file: \(Sample.key), generate: true}

      """
    let (_, plan) = try adopted(arrived.with { $0.configuration = .reading(text) })
    guard case .record(let volume, _)? = plan.steps.last else {
      Issue.record("no record: \(plan)")
      return
    }
    #expect(volume.generatesKey && volume.uuid == Sample.earlier.luks)
  }

  @Test func optionsOverrideTheToken() throws {
    let (spec, _) = try adopted(arrived) { $0.mount = "/srv/es" }
    #expect(spec.mount == "/srv/es" && spec.data == "/srv/es/elasticsearch")
    let (other, plan) = try adopted(arrived) {
      $0.name = "second"
      $0.data = "/mnt/es/data"
    }
    #expect(other.name == "second" && other.data == "/mnt/es/data")
    guard case .record(_, let adoption?) = plan.steps.last else {
      Issue.record("no record: \(plan)")
      return
    }
    #expect(adoption.token.name == "second" && adoption.token.data == "/mnt/es/data")
  }

  // Rule 8.
  @Test(arguments: [
    #""mount":"/etc""#, #""mount":"/mnt/../etc""#, #""mount":"mnt/es""#, #""mount":"/mnt/es/""#,
    #""data":"/mnt/es/../../etc/x""#, #""data":"/etc/elasticsearch""#, #""data":"elasticsearch""#,
    #""version":2"#, #""version":"1""#, #""name":"../x""#, #""filesystem":"clear""#,
    #""mount":7"#, #""phase":"perfect""#, #""serial":"x\n  mount /mnt/es""#,
  ])
  func aTokenThatSaysMoreThanItMayIsRefused(_ field: String) throws {
    let member = String(field.prefix { $0 != ":" })
    var parts = VolumeToken.esvol(.ready).json().dropFirst().dropLast().split(separator: ",")
    parts.removeAll { $0.hasPrefix(member) }
    let json = "{" + (parts + [field[...]]).joined(separator: ",") + "}"
    try expectRefusal(ofToken: json, "cannot be opened")
  }

  @Test func aTokenOfFourMebibytesIsRefused() throws {
    let json =
      VolumeToken.esvol(.ready).json().dropLast() + #","x":""#
      + String(repeating: "x", count: 4 << 20) + #""}"#
    try expectRefusal(ofToken: json, "it has more than 16 KiB")
  }

  private func expectRefusal(ofToken json: String, _ words: String) throws {
    let header = Header.ours().with {
      $0.tokens = [Token(id: 0, type: VolumeToken.type, json: json)]
    }
    let facts = arrived.with { $0.target = .carrying(header, 2) }
    let refusal = try #require(throws: Refusal.self) { try Candidate(spec, facts) }
    expectHouseStyle(refusal)
    #expect(refusal.description.contains(words), "\(refusal)")
    #expect(refusal.description.utf8.count < 300)
  }

  @Test func aVolumeThatIsHereOnItsRecordedDiskIsNotReplacedByItsCopy() throws {
    let facts = Facts.rebooted.with {
      $0.disks.append(.carrying(.ours(tokens: [.esvol(.ready)]), 2))
      $0.named = .disk("nvme2n1")
    }
    let refusal = try #require(throws: Refusal.self) { try adopted(facts) }
    #expect(refusal.description.contains("is here, on its recorded disk 'vol1'"))
    // Nor while that disk does not answer.
    let silent = facts.with { $0.target = .silent(1) }
    let again = try #require(throws: Refusal.self) { try adopted(silent) }
    #expect(again.description == refusal.description)
  }

  @Test func aRestoredSnapshotReplacesItsVolume() throws {
    let facts = Facts.rebooted.with {
      $0.disks = [.system, .carrying(.ours(tokens: [.esvol(.ready)]), 2)]
      $0.named = .disk("nvme2n1")
    }
    let (_, plan) = try adopted(facts)
    #expect(plan.steps.map(\.id) == ["open", "mount", "record", "units", "start"])
    guard case .units(let units) = plan.steps[3] else { return }
    #expect(units.files.map(\.path) == ["/etc/systemd/system/mnt-es.mount"])
    #expect(units.files[0].text.contains("vol2.device"))
    guard case .record(let volume, _) = plan.steps[2] else { return }
    #expect(volume.device == "vol2" && volume.key == .file(Sample.key))
  }

  /// Google's disks, and Azure's, are known by their links.
  @Test func aRestoredSnapshotOnADiskWithoutASerialIsRecordedByItsLink() throws {
    var restored = DiskFacts.carrying(.ours(tokens: [.esvol(.ready).with { $0.serial = nil }]), 2)
    restored.disk.serial = nil
    restored.disk.links = ["google-data-2"]
    let facts = Facts.rebooted.with {
      $0.configuration = .reading(
        Sample.recorded.replacing("device: vol1", with: "device: google-data-1"))
      $0.disks = [.system, restored]
      $0.named = .disk("nvme2n1")
    }
    let (_, plan) = try adopted(facts) { $0.device = "/dev/disk/by-id/google-data-2" }
    guard case .record(let volume, _)? = plan.steps.first(where: { $0.id == "record" }) else {
      Issue.record("no record: \(plan)")
      return
    }
    #expect(volume.device == "/dev/disk/by-id/google-data-2")
    // By a name that may be another's tomorrow it cannot be.
    let refusal = try #require(throws: Refusal.self) { try adopted(facts) }
    expectHouseStyle(refusal)
    #expect(refusal.description.contains("'google-data-1' is another disk than '/dev/nvme2n1'"))
    #expect(refusal.advice.contains("'device: google-data-1'"))
  }

  @Test func takenOverTwiceThereIsNothingToDo() throws {
    let facts = Facts.finished.with {
      $0.disks = [
        .system,
        .carrying(.ours(tokens: [VolumeToken.esvol(.ready).with { $0.serial = "vol2" }]), 2),
      ]
      $0.named = .disk("nvme2n1")
      $0.mapping = .encrypted(.esvol(), above: ["nvme2n1"], inside: .ext4())
      $0.configuration = .reading(Sample.recorded.replacing("vol1", with: "vol2"))
      var units = BootUnits.esvol
      units.diskLink = "nvme-Amazon_Elastic_Block_Store_vol2"
      for file in units.files { $0.units.files[file.path] = .text(file.text) }
    }
    #expect(try adopted(facts).1.steps.isEmpty)
  }

  @Test func whatCannotBeTakenOverIsSaid() throws {
    let other = Configuration.reading(
      Sample.recorded.replacing("11111111-7d0e", with: "33333333-7d0e"))
    let changes: [((inout Facts) -> Void, String)] = [
      ({ $0.isRoot = false }, "only root can open a volume"),
      ({ $0.target = .holding("ext4", 2) }, "is no volume of esvault"),
      ({ $0.target = .carrying(.ours(tokens: [.esvol(.formatted)]), 2) }, "was never finished"),
      ({ $0.target.header = .unreadable("no copy is usable") }, "cannot be read"),
      ({ $0.named = .missing("/dev/nvme2n1") }, "there is no device"),
      ({ $0.configuration = other }, "this machine has another volume 'esvol'"),
      ({ $0.target.uses = [.mounted("/srv")] }, "is mounted at '/srv'"),
      ({ $0.key = .absent }, "is gone"),
    ]
    for (change, words) in changes {
      let refusal = try #require(throws: Refusal.self) { try adopted(arrived.with(change)) }
      expectHouseStyle(refusal)
      #expect(refusal.description.contains(words), "\(refusal)")
    }
  }

  @Test func theNameOrPlaceOfAnotherVolumeIsNotTaken() throws {
    let facts = arrived.with {
      $0.configuration = .reading(
        Sample.recorded.replacing("11111111-7d0e", with: "33333333-7d0e"))
    }
    let place = try #require(throws: Refusal.self) { try adopted(facts) { $0.name = "second" } }
    #expect(place.description.contains("'/mnt/es' belongs to volume 'esvol'"))
    let (_, plan) = try adopted(facts) {
      $0.name = "second"
      $0.mount = "/mnt/second"
    }
    #expect(plan.steps.last?.id == "record")
  }
}
