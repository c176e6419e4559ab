import Elasticsearch
import LUKS
import Testing

@testable import Vault

/// What was typed counts first, then the configuration, then the defaults.
@Suite struct VolumeRequestTests {
  @Test func nothingTypedIsTheDefault() {
    let specs = VolumeRequest().specs(in: .empty)
    #expect(specs == [VolumeSpec(key: .unstored(isRandom: false))])
  }

  @Test func theConfigurationSaysTheRest() {
    let text = Sample.recorded + "policy: {key-bits: 256}\n"
    var expected = VolumeSpec.recorded
    expected.policy.keyBits = 256
    expected.node = Sample.nodeState.nodeID
    #expect(VolumeRequest().specs(in: .reading(text)) == [expected])
  }

  @Test func whatIsTypedCountsFirst() {
    var request = VolumeRequest()
    request.mount = "/srv/es"
    request.heap = .percent(40)
    request.service = "es.service"
    request.elasticsearchConfiguration = "/etc/es"
    request.keyFile = "/root/other.key"
    request.keyIsRandom = true
    request.timeout = 7
    request.startsService = false
    request.wipe = "vol1"
    request.overwrite = true
    let spec = request.specs(in: .reading(Sample.recorded))[0]
    #expect(spec.mount == "/srv/es" && spec.data == "/srv/es/elasticsearch")
    #expect(spec.heap == .percent(40) && spec.service == "es.service")
    #expect(spec.elasticsearchConfiguration == "/etc/es" && spec.timeout == 7)
    #expect(spec.key == .file("/root/other.key", isRandom: true))
    #expect(spec.wipe == "vol1" && spec.overwrite && !spec.startsService)
    #expect(spec.uuid == Sample.earlier.luks)
  }

  @Test func aKeyComesFromWhereItWasSaid() {
    var request = VolumeRequest()
    request.generatesKey = true
    request.name = "blue"
    #expect(
      request.specs(in: .empty)[0].key
        == .generated("/etc/esvault/keys/blue.key", isRandom: false))
    request.keyFile = "/root/k"
    #expect(request.specs(in: .empty)[0].key == .generated("/root/k", isRandom: false))
    request.generatesKey = false
    request.keyFile = "-"
    #expect(request.specs(in: .empty)[0].key == .unstored(isRandom: false))
    #expect(request.specs(in: .empty)[0].key.path == nil)
  }

  @Test func aKeyIsGeneratedWhereTheConfigurationSaysSoAndTheVolumeIsNotThereYet() throws {
    let text = "version: 1\nvolumes:\n  - name: esvol\n    key: {file: /root/k, generate: true}\n"
    let planned = Configuration.reading(text)
    var request = VolumeRequest()
    #expect(request.specs(in: planned)[0].key == .generated("/root/k", isRandom: false))
    request.keyFile = "/root/typed"
    #expect(request.specs(in: planned)[0].key == .file("/root/typed", isRandom: false))
    request.keyFile = nil
    // Of a volume that exists a lost key is not replaced; and what is recorded leaves the word alone.
    var volume = try #require(planned.volume(named: "esvol"))
    volume.uuid = Sample.earlier.luks
    let recorded = try Configuration.parse(planned.recording(volume))
    #expect(recorded.volume(named: "esvol")?.generatesKey == true)
    #expect(request.specs(in: recorded)[0].key == .file("/root/k", isRandom: false))
    for wrong in [
      "{generate: true}", "{credential: es, generate: true}", "{file: /k, generate: 1}",
    ] {
      let text = text.replacing("{file: /root/k, generate: true}", with: wrong)
      #expect(throws: ConfigurationError.self) { try Configuration.parse(Array(text.utf8)) }
    }
  }

  @Test func onlyVolumesThatWereNeverFinishedAreMeant() {
    let text =
      Sample.recorded + "  - name: second\n    uuid: \(Sample.fresh.luks)\n  - name: third\n"
    var request = VolumeRequest()
    request.onlyUnfinished = true
    #expect(request.specs(in: .reading(text)).map(\.name) == ["second", "third"])
    // Nobody has asked for a volume: none is made of a disk that happens to be blank.
    #expect(request.specs(in: .empty).isEmpty)
  }

  /// While a disk was waited for, the configuration has changed.
  @Test func aVolumeThatWasTakenOutIsNoNewOneOfTheSameName() {
    let start = Configuration.reading(Sample.recorded)
    let other = Configuration.reading(Sample.recorded.replacing("esvol", with: "other"))
    for name in [nil, "esvol"] {
      var request = VolumeRequest()
      request.name = name
      for now in [Configuration.empty, other] {
        #expect(request.spec(of: "esvol", in: now, since: start) == nil)
      }
      let moved = Configuration.reading(
        Sample.recorded.replacing("device: vol1", with: "device: vol2"))
      #expect(request.spec(of: "esvol", in: moved, since: start)?.device == "vol2")
      // One that was typed, and is in no configuration yet.
      #expect(request.spec(of: "esvol", in: .empty, since: .empty)?.name == "esvol")
    }
    var unfinished = VolumeRequest()
    unfinished.onlyUnfinished = true
    #expect(unfinished.spec(of: "esvol", in: start, since: start) == nil)
  }

  @Test func aCredentialTakesThePlaceOfWhatIsRecordedAndIsRecalled() {
    let recorded = Configuration.reading(Sample.recorded)
    var request = VolumeRequest()
    request.keyCredential = "es"
    #expect(request.specs(in: recorded)[0].key == .credential("es", isRandom: false))
    let later = Configuration.reading(
      Sample.recorded.replacing("file: \(Sample.key)", with: "credential: es"))
    request.keyCredential = nil
    request.keyIsRandom = true
    #expect(request.specs(in: later)[0].key == .credential("es", isRandom: true))
    #expect(request.specs(in: later)[0].key.path == nil)
    request.keyFile = "/root/k"
    #expect(request.specs(in: later)[0].key == .file("/root/k", isRandom: true))
    request.generatesKey = true
    request.keyFile = nil
    #expect(request.specs(in: later)[0].key == .generated(Sample.key, isRandom: true))
  }

  @Test func everyVolumeOfTheConfigurationIsMeant() {
    let two = Configuration.reading(Sample.recorded + "  - name: second\n    mount: /mnt/two\n")
    let specs = VolumeRequest().specs(in: two)
    #expect(specs.map(\.name) == ["esvol", "second"])
    #expect(specs.map(\.data) == ["/mnt/es/elasticsearch", "/mnt/two/elasticsearch"])
  }

  @Test func aNameMeansItsVolumeOrANewOne() {
    let two = Configuration.reading(Sample.recorded + "  - name: second\n")
    var request = VolumeRequest()
    request.name = "esvol"
    #expect(request.specs(in: two).map(\.uuid) == [Sample.earlier.luks])
    request.name = "third"
    let specs = request.specs(in: two)
    #expect(specs.map(\.name) == ["third"] && specs[0].uuid == nil)
    let one = request.specs(in: .reading(Sample.recorded))
    #expect(one.map(\.name) == ["third"] && one[0].uuid == nil)
  }

  @Test func aDeviceMeansTheVolumeThatIsRecordedWithIt() {
    let two = Configuration.reading(Sample.recorded + "  - name: second\n    device: vol2\n")
    var request = VolumeRequest()
    request.device = "vol2"
    #expect(request.specs(in: two).map(\.name) == ["second"])
  }

  @Test func theDefaultNameNeverForgetsItsRecord() {
    // Two volumes, and a disk that belongs to neither: the default name is taken.
    let two = Configuration.reading(Sample.recorded + "  - name: second\n    device: vol2\n")
    var request = VolumeRequest()
    request.device = "/dev/nvme3n1"
    let specs = request.specs(in: two)
    #expect(specs.map(\.name) == ["esvol"] && specs[0].uuid == Sample.earlier.luks)
  }
}

@Suite struct KeyDerivationTests {
  @Test func aRandomKeyNeedsNoMemory() {
    #expect(KeyDerivation.suited(isRandom: true, memory: 8 << 30, heap: 0) == .pbkdf2Minimum)
  }

  @Test(
    arguments: [
      (8 << 30, 4 << 30, 1 << 20), (2 << 30, 1 << 30, 512 << 10), (1 << 30, 1 << 30, 32 << 10),
      (1 << 30, 2 << 30, 32 << 10), (0, 0, 32 << 10), (512 << 30, 31 << 30, 1 << 20),
    ] as [(UInt64, UInt64, Int)])
  func argonTakesHalfOfWhatTheHeapLeaves(_ memory: UInt64, _ heap: UInt64, _ limit: Int) {
    #expect(
      KeyDerivation.suited(isRandom: false, memory: memory, heap: heap)
        == .argon2id(maximumMemoryKiB: limit))
  }

  @Test func aHeapThatIsKeptCountsAsWell() throws {
    let spec = VolumeSpec.generating.with { $0.heap = .keep }
    let facts = Facts.healthy.with {
      $0.memory = 2 << 30
      $0.key = .usable
      $0.elasticsearch.jvm = .saying("-Xmx1536m\n")
    }
    guard case .format(let formatting) = try plan(spec, facts).steps.first else { return }
    #expect(formatting.derivation == .argon2id(maximumMemoryKiB: 256 << 10))
  }
}
