import Elasticsearch
import Testing

@testable import Vault

@Suite struct ConfigurationTests {
  @Test func aFullConfigurationIsRead() throws {
    let text = """
      # Ours.
      version: 1
      volumes:
        - name: esvol
          device: vol-0123456789abcdef0
          uuid: 3F0C5A52-7d0e-4f0e-9c1b-0d6f2a9b1c11
          mount: /mnt/es
          data: /mnt/es/elasticsearch
          key: {file: /etc/esvault/keys/esvol.key}
          elasticsearch: {config: /etc/elasticsearch, service: es.service, heap: 15g}
        - name: second
      policy: {cipher: aes-xts-plain64, key-bits: 256}
      """
    let configuration = try Configuration.parse(Array(text.utf8))
    #expect(
      configuration.volumes == [
        RecordedVolume(
          name: "esvol", device: "vol-0123456789abcdef0",
          uuid: "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11", mount: "/mnt/es",
          data: "/mnt/es/elasticsearch", key: .file("/etc/esvault/keys/esvol.key"),
          elasticsearch: RecordedElasticsearch(
            configuration: "/etc/elasticsearch", service: "es.service", heap: "15g")),
        RecordedVolume(name: "second"),
      ])
    #expect(configuration.policy.keyBits == 256)
  }

  @Test func switchesAreTrueOrFalse() throws {
    func read(_ switches: String) throws -> RecordedElasticsearch? {
      let text = "version: 1\nvolumes:\n  - name: a\n    elasticsearch: {\(switches)}\n"
      return try Configuration.parse(Array(text.utf8)).volume(named: "a")?.elasticsearch
    }
    let both = try read("confine: true, keep-diagnostics: false")
    #expect(both?.confines == true && both?.keepsDiagnostics == false)
    #expect(try read("heap: auto")?.confines == nil)
    for text in ["confine: yes", "keep-diagnostics: 1", "confine: [true]"] {
      #expect(throws: ConfigurationError.self) { try read(text) }
    }
  }

  @Test(arguments: ["", "# nothing but a comment\n", "\n\n"])
  func anEmptyConfigurationHasNoVolumes(_ text: String) throws {
    #expect(try Configuration.parse(Array(text.utf8)).volumes.isEmpty)
  }

  @Test(
    arguments: [
      ("version: 1\nvolumes: [\n", 3, "node content"),
      ("volumes: []\n", 1, "no 'version: 1'"),
      ("version: 2\nfuture: true\n", 1, "newer than this program"),
      ("version: 2\n", 1, "newer than this program"),
      ("version: one\n", 1, "'one' is not a version"),
      ("version: 0\n", 1, "no version 0"),
      ("version: 1\nvolume: []\n", 2, "no key 'volume'; it has version, volumes, policy"),
      ("version: 1\nvolumes: 5\n", 2, "not a list"),
      ("- 1\n", 1, "no 'version: 1'"),
      ("version: 1\nvolumes:\n  - device: vol1\n", 3, "no 'name'"),
      ("version: 1\nvolumes:\n  - name: a/b\n", 3, "'a/b' cannot be name"),
      ("version: 1\nvolumes:\n  - name: a\n  - name: a\n", 4, "two volumes with the name 'a'"),
      ("version: 1\nvolumes:\n  - name: a\n    uuid: 12\n", 4, "'12' cannot be uuid"),
      ("version: 1\nvolumes:\n  - name: a\n    mount: /etc\n", 4, "'/etc' cannot be mount"),
      ("version: 1\nvolumes:\n  - name: a\n    mount: [/mnt/a]\n", 4, "cannot be mount"),
      ("version: 1\nvolumes:\n  - name: a\n    data: data\n", 4, "'data' cannot be data"),
      ("version: 1\nvolumes:\n  - name: a\n    node: short\n", 4, "'short' cannot be node"),
      ("version: 1\nvolumes:\n  - name: a\n    key: /x\n", 4, "a key is not a list of keys"),
      ("version: 1\nvolumes:\n  - name: a\n    key: {password: x}\n", 4, "no key 'password'"),
      ("version: 1\nvolumes:\n  - name: a\n    key: {file: x}\n", 4, "'x' cannot be file"),
      (
        "version: 1\nvolumes:\n  - name: a\n    key: {credential: x/y}\n", 4,
        "'x/y' cannot be credential"
      ),
      (
        "version: 1\nvolumes:\n  - name: a\n    key: {file: /x, credential: y}\n", 4,
        "a file or a credential, not both"
      ),
      (
        "version: 1\nvolumes:\n  - name: a\n    elasticsearch: {heap: 15}\n", 4,
        "'15' cannot be heap"
      ),
      ("version: 1\npolicy: {cipher: cipher_null}\n", 2, "'cipher_null' cannot be cipher"),
      ("version: 1\npolicy: {key-bits: 128}\n", 2, "'128' cannot be key-bits"),
      ("version: 1\nversion: 1\n", 2, "already on line 1"),
    ] as [(String, Int, String)])
  func whatIsWrongIsSaidWithItsLine(_ text: String, _ line: Int, _ words: String) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Configuration.parse(Array(text.utf8))
    }
    #expect(error.line == line)
    #expect(error.problem.contains(words))
    expectHouseStyle(error.refusal(path: "/etc/esvault/esvault.yml"))
  }

  @Test func bytesThatAreNoTextAreRefused() {
    for bytes: [UInt8] in [[0xff, 0xfe, 0x41, 0], [0x80], Array("version: \u{0}1\n".utf8)] {
      #expect(throws: ConfigurationError.self) { try Configuration.parse(bytes) }
    }
  }
}

@Suite struct RecordingTests {
  private let volume = RecordedVolume(
    name: "esvol", device: "vol1", uuid: Sample.earlier.luks, mount: "/mnt/es",
    data: "/mnt/es/elasticsearch", node: Sample.nodeState.nodeID, key: .file(Sample.key),
    elasticsearch: RecordedElasticsearch(
      configuration: "/etc/elasticsearch", service: "elasticsearch.service", heap: "auto"))

  private func recording(into text: String) throws -> String {
    let configuration = try Configuration.parse(Array(text.utf8))
    return String(decoding: try configuration.recording(volume), as: UTF8.self)
  }

  @Test func theFirstVolumeComesWithAPreamble() throws {
    let text = String(decoding: try Configuration.empty.recording(volume), as: UTF8.self)
    let preamble = """
      # The volumes of this machine, for esvault(8). Yours to edit: esvault changes only
      # the values that it learns, and keeps your comments.

      """
    #expect(text == preamble + Sample.recorded)
  }

  @Test func onlyWhatIsLearnedChangesInAFileOfAnOperator() throws {
    let before = """
      # Machine of team blue
      version: 1   # do not touch

      volumes:
        # the big one
        - name: esvol
          device: "vol1"        # EBS
          mount: '/mnt/es'
          key:
            file: /etc/esvault/keys/esvol.key   # in the safe, too
          elasticsearch: {service: elasticsearch.service}

        - name: other
      # the end

      """
    #expect(
      try recording(into: before).contains(
        "{service: elasticsearch.service, config: /etc/elasticsearch, heap: auto}\n"))
    let block = before.replacing(
      "    elasticsearch: {service: elasticsearch.service}\n",
      with: "    elasticsearch:\n      service: elasticsearch.service # unit\n")
    let after = try recording(into: block)
    #expect(
      after == """
        # Machine of team blue
        version: 1   # do not touch

        volumes:
          # the big one
          - name: esvol
            device: "vol1"        # EBS
            mount: '/mnt/es'
            key:
              file: /etc/esvault/keys/esvol.key   # in the safe, too
            elasticsearch:
              service: elasticsearch.service # unit
              config: /etc/elasticsearch
              heap: auto
            uuid: 11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11
            data: /mnt/es/elasticsearch
            node: _cRiw287SRyE7ChkYnWIww

          - name: other
        # the end

        """)
  }

  @Test func aSwitchIsAddedWhereItsNeighboursAre() throws {
    var other = volume
    other.elasticsearch.confines = true
    let bytes = try Configuration.reading(Sample.recorded).recording(other)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == Sample.recorded.replacing("heap: auto}", with: "heap: auto, confine: true}"))
    let block = Sample.recorded.replacing(
      "{config: /etc/elasticsearch, service: elasticsearch.service, heap: auto}",
      with: "# ours\n      heap: auto")
    other.elasticsearch = RecordedElasticsearch(heap: "auto")
    other.elasticsearch.keepsDiagnostics = true
    let after = try Configuration.reading(block).recording(other)
    #expect(
      String(decoding: after, as: UTF8.self).contains("heap: auto\n      keep-diagnostics: true"))
    #expect(Configuration.reading(String(decoding: after, as: UTF8.self)).volumes == [other])
    let empty = Sample.recorded.replacing(
      "{config: /etc/elasticsearch, service: elasticsearch.service, heap: auto}", with: "{}")
    #expect(throws: ConfigurationError.self) { try Configuration.reading(empty).recording(other) }
  }

  @Test func aNodeIsAddedToWhatAnEarlierVersionWrote() throws {
    #expect(
      try recording(into: Sample.recordedWithoutNode)
        == Sample.recordedWithoutNode + "    node: _cRiw287SRyE7ChkYnWIww\n")
  }

  /// One id in six is no text for every reader of YAML unless it is in quotes.
  @Test(arguments: ["-RZG3S-Sq2Ue63eNdjoDgA", "5e1099999999999999999A", "0x00000000000000000000"])
  func anIDOfEveryFormIsReadAsItWasWritten(_ id: String) throws {
    var other = volume
    other.node = id
    let text = String(
      decoding: try Configuration.reading(Sample.recorded).recording(other), as: UTF8.self)
    #expect(text.contains("    node: \"\(id)\"\n"))
    let read = Configuration.reading(text)
    #expect(read.volume(named: "esvol")?.node == id)
  }

  @Test func recordingAgainChangesNothing() throws {
    #expect(try recording(into: Sample.recorded) == Sample.recorded)
  }

  @Test func whatAnEarlierRunWroteCanBeChanged() throws {
    var other = volume
    other.key = .file("/root/es.key")
    other.elasticsearch.heap = "15g"
    let bytes = try Configuration.reading(Sample.recorded).recording(other)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == Sample.recorded.replacing(Sample.key, with: "/root/es.key")
        .replacing("heap: auto", with: "heap: \"15g\""))
  }

  @Test(arguments: [
    "    key: {file: /a.key}   # ours\n", "    key:\n      file: '/a.key'   # ours\n",
    "    key: { file: \"/a.key\" }\n", "    key:\n      # why\n      file:   /a.key\n",
  ])
  func aCredentialTakesThePlaceOfAFileAndBack(_ lines: String) throws {
    let before = "version: 1\nvolumes:\n  - name: esvol\n" + lines + "  - name: other\n"
    var volume = RecordedVolume(name: "esvol", key: .credential("es"))
    let between = String(
      decoding: try Configuration.reading(before).recording(volume), as: UTF8.self)
    #expect(
      between
        == before.replacing("file:", with: "credential:").replacing("/a.key", with: "es"))
    #expect(Configuration.reading(between).volume(named: "esvol")?.key == .credential("es"))
    volume.key = .file("/a.key")
    let after = try Configuration.reading(between).recording(volume)
    #expect(String(decoding: after, as: UTF8.self) == before)
  }

  @Test(arguments: ["{file: /a.key, generate: true}", "{generate: true, file: /a.key}"])
  func aGeneratedKeyDoesNotBecomeACredential(_ key: String) throws {
    let before = Sample.recorded.replacing("{file: \(Sample.key)}", with: key)
    var other = volume
    other.key = .credential("es")
    other.generatesKey = true
    let error = try #require(throws: ConfigurationError.self) {
      try Configuration.reading(before).recording(other)
    }
    #expect(error.line == 9)
    #expect(error.problem.contains("'generate: true' goes with a key in a file"), "\(error)")
  }

  @Test func aNewVolumeIsRecordedWithItsCredential() throws {
    let bytes = try Configuration.empty.recording(
      RecordedVolume(name: "esvol", key: .credential("es")))
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("key: {credential: es}\n"))
  }

  @Test func anotherVolumeIsAppended() throws {
    let before = "version: 1\nvolumes:\n- name: other   # kept\n"
    let after = try recording(into: before)
    #expect(after.hasPrefix(before))
    #expect(after.contains("\n- name: esvol\n  device: vol1\n"))
  }

  @Test(arguments: [
    "version: 1\nvolumes: [{name: other}]\n", "version: 1\nvolumes: [{name: esvol}]\n",
    "{version: 1, volumes: []}\n", "version: 1\nvolumes: []\n",
  ])
  func aListInBracketsIsRefused(_ text: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try recording(into: text) }
    expectHouseStyle(error.refusal(path: "x"))
  }

  @Test func aVolumeWithLessThanTheFileSaysIsRefused() throws {
    let configuration = Configuration.reading(Sample.recorded)
    var less = volume
    less.device = nil
    #expect(throws: ConfigurationError.self) { try configuration.recording(less) }
  }
}
