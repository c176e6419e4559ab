import Lab
import Testing

/// What is wrong in an inventory is said before anything is done, with the host and the variable.
///
/// The hosts are this computer, and esvault is not on it: only the checks run.
@Suite struct InventoryTests {
  @Test func anUnknownVariableIsNamed() throws {
    try expect(
      ["es1": #"{esvault_devise: vol1}"#, "es2": "{}"],
      ["es1: the role esvault has no variable 'esvault_devise'"])
  }

  @Test func aVariableOfTheWrongKindIsNamed() throws {
    try expect(
      [
        "es1": "{esvault_key: ''}", "es2": "{esvault_timeout: long}",
        "es3": "{esvault_volumes: [{name: a, devise: vol1}]}",
      ],
      [
        "value of esvault_key must be one of: generate", "'esvault_timeout'",
        "esvault_volumes.devise",
      ]
    )
  }

  @Test func twoVolumesHaveTwoNames() throws {
    try expect(
      [
        "es1": "{esvault_volumes: [{name: a, device: vol1}, {name: a, device: vol2}]}", "es2": "{}",
      ],
      ["es1: esvault_volumes has a name twice, among 'a', 'a'"])
  }

  @Test func twoVolumesHaveTwoDisks() throws {
    try expect(
      [
        "es1": "{esvault_volumes: [{name: a, device: vol1}, {name: b, device: vol1}]}",
        "es2": "{esvault_volumes: [{name: a, device: vol1}, {name: b}]}",
      ],
      ["has only 'vol1' for 'a', 'b'"])
  }

  @Test func twoVolumesHaveTwoPlaces() throws {
    let common = "service: s.service, es_config: /etc/e"
    try expect(
      [
        "es1":
          "{esvault_volumes: [{name: a, device: v1, mount: /mnt/a, \(common)}, {name: b, device: v2, mount: /mnt/b, \(common)}]}"
      ], ["es1: two volumes of esvault_volumes have the same es_config, service"])
  }

  @Test func aPackageIsOneOfTheTwoKinds() throws {
    try expect(
      ["es1": "{esvault_package_file: esvault.tar.gz}"],
      ["es1: esvault_package_file is 'esvault.tar.gz', and must end with .deb or .rpm"])
  }

  @Test func aVolumeIdIsOfOneHost() throws {
    try expect(
      [
        "es1": "{esvault_device: vol-0123456789abcdef0}",
        "es2": "{esvault_volumes: [{device: vol0123456789abcdef0}]}",
      ],
      ["es1: its volume id is also that of es2", "es2: its volume id is also that of es1"])
  }

  @Test func aDiskToWipeIsAVolumes() throws {
    try expect(
      [
        "es1":
          "{esvault_wipe: vol3, esvault_volumes: [{name: a, device: vol1}, {name: b, device: vol2}]}"
      ], ["es1: esvault_wipe is 'vol3', which is the device of no volume"])
  }

  @Test func aKeyIsWhole() throws {
    try expect(
      [
        "es1": "{esvault_key_content: ''}", "es2": "{esvault_key: content}",
        "es3": "{esvault_key: content, esvault_key_content: 's3cr:t'}",
        "es4": "{esvault_key_content: c2VjcmV0}", "es5": "{esvault_volumes: [{key_file: ''}]}",
        "es6": "{esvault_key: credential}",
        "es7": #"{esvault_key: content, esvault_key_content: "\n"}"#,
      ],
      [
        "es1: the variable esvault_key_content of volume 'esvol' is empty",
        "es2: esvault_key is 'content', and esvault_key_content is missing",
        "es3: esvault_key_content of volume 'esvol' is not base64",
        "es4: esvault_key_content is given, and esvault_key is 'generate'",
        "es5: the variable esvault_key_file of volume 'esvol' is empty",
        "es6: esvault_key is 'credential', and esvault_key_credential is missing",
        "es7: the variable esvault_key_content of volume 'esvol' is empty",
      ], never: ["s3cr:t", "c2VjcmV0"])
  }

  /// As text it would be "None": for a key three bytes of base64, the same on every host.
  @Test(arguments: Ansible.Version.allCases)
  func aVariableWithoutAValueIsNamed(with version: Ansible.Version) throws {
    try expect(
      [
        "es1": "{esvault_key: content, esvault_key_content: null}", "es2": "{esvault_key_file: }",
        "es3": "{esvault_volumes: [{name: a, key: content, key_content: ~}]}",
        "es4": "{esvault_device: , esvault_mount: }",
      ],
      [
        "es1: the variable esvault_key_content has no value",
        "es2: the variable esvault_key_file has no value",
        "es3: the variable esvault_volumes.key_content has no value",
        "es4: the variable esvault_device, esvault_mount has no value",
      ], with: version)
  }

  /// One whose value comes from another, which Ansible resolves late.
  @Test(arguments: Ansible.Version.allCases)
  func aKeyWithoutAValueInTheVaultIsNamed(with version: Ansible.Version) throws {
    try expect(
      ["es1": #"{esvault_key: content, vault_key: null, esvault_key_content: "{{ vault_key }}"}"#],
      ["es1: the variable esvault_key_content "], with: version)
  }

  /// A stand-in for esvault keeps the words that it is given.
  @Test(arguments: Ansible.Version.allCases)
  func aVolumeIsMadeWhereItsVariablesSay(with version: Ansible.Version) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.program(
      "esvault",
      """
      echo "$*" >>'\(scratch.path)/words'
      echo '{"changed": false, "steps": [], "notes": []}'
      """)
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    let hosts = [
      "es1": "{esvault_volumes: [{name: one, mount: /mnt/one}]}",
      "es2": "{esvault_device: 21493347, esvault_data: /mnt/es/nodes}",
      "es3": """
      {esvault_volumes: [{name: a, device: v1, mount: /mnt/a, service: a.service, es_config: /etc/a}, \
      {name: b, device: v2, mount: /mnt/b, service: b.service, es_config: /etc/b}]}
      """,
    ]
    try ansible.write(inventory: Inventory.local(hosts))
    let play = try ansible.play("provision", ["--tags", "provision"], with: version)
    #expect(play.output.status == 0, "\(play.said)")
    let words = try scratch.text(of: "words").split(separator: "\n").sorted()
    let places = words.map { line in
      let words = line.split(separator: " ").map(String.init)
      return ["--name", "--mount", "--data", "--"].map { word in
        words.firstIndex(of: word).map { words[$0 + 1] }
      }
    }
    #expect(
      places == [
        ["a", "/mnt/a", "/mnt/a/elasticsearch", "v1"],
        ["b", "/mnt/b", "/mnt/b/elasticsearch", "v2"],
        ["esvol", "/mnt/es", "/mnt/es/nodes", "21493347"],
        ["one", "/mnt/one", "/mnt/one/elasticsearch", nil],
      ])
  }

  /// The newest Ansible alone would say "Error executing command".
  @Test(arguments: ["unlock", "audit"]) func aHostWithoutEsvaultIsNamed(_ playbook: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let ansible = Ansible(in: scratch.path)
    try ansible.write(inventory: Inventory.local(["es1": ""]))
    let play = try ansible.play(playbook, with: .newest)
    #expect(play.output.status == 2)
    #expect(play.said.contains("esvault is not installed"), "\(play.said)")
    #expect(play.said.contains("playbook provision, tag install."), "\(play.said)")
    #expect(play.count("failed", "es1") == 1)
  }

  /// Expects that a run fails on these grounds, says nothing of the others, and has run no program.
  private func expect(
    _ hosts: [String: String], _ reasons: [String], never secrets: [String] = [],
    with version: Ansible.Version = .debian, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let ansible = Ansible(in: scratch.path)
    try ansible.write(inventory: Inventory.local(hosts))
    let play = try ansible.play("provision", ["-vvv"], with: version)
    let said = play.output.stdout
    #expect(play.output.status == 2, "\(said)", sourceLocation: sourceLocation)
    for reason in reasons {
      #expect(said.contains(reason), "\(said)", sourceLocation: sourceLocation)
    }
    for secret in secrets { #expect(!said.contains(secret), sourceLocation: sourceLocation) }
    #expect(!said.contains("TASK [esvault : Install"), sourceLocation: sourceLocation)
  }
}
