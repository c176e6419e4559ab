import Foundation
import Lab
import Testing

/// What the role does with a key from a vault, on this computer.
@Suite struct StoreKeyTests {
  @Test func aKeyIsStoredOnceAndComparedWithoutACopy() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = scratch.path + "/esvault/keys/esvol.key"
    let first = try storing("YWJj", in: file)
    #expect(first.status == 0 && first.stdout == "changed\n", "\(first)")
    #expect(try scratch.text(of: "esvault/keys/esvol.key") == "abc")
    // What is beside the keys, the configuration, everybody may read.
    let modes = try ["esvault", "esvault/keys", "esvault/keys/esvol.key"].map {
      try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/\($0)")[
        .posixPermissions] as? Int
    }
    #expect(modes == [0o755, 0o700, 0o400])

    let again = try storing("YWJj", in: file)
    #expect(again.status == 0 && again.stdout.isEmpty, "\(again)")
    // Another one, and one whose beginning is the same.
    for other in ["eHl6", "YWJj!!", "YWJjZA==", ""] {
      let refused = try storing(other, in: file)
      #expect(refused.status == 1 && refused.stdout.isEmpty, "\(other): \(refused)")
      #expect(refused.stderr.contains("is not the one in esvault_key_content"))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/esvault/keys").count == 1
    )
  }

  /// The folder where Ansible would put a task's arguments cannot be made.
  @Test(arguments: Ansible.Version.allCases)
  func aKeyGoesThroughNoFileOfAnsibles(with version: Ansible.Version) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.program("no-folder", "")
    let file = scratch.path + "/esvault/keys/esvol.key"
    let ansible = Ansible(in: scratch.path)
    try ansible.write(
      inventory: Inventory.local(
        ["es1": "{esvault_key: content, esvault_key_content: YWJj, esvault_key_file: '\(file)'}"],
        all: """
              ansible_pipelining: false
              ansible_remote_tmp: \(scratch.programs)/no-folder
          """))
    let play = try ansible.play("provision", ["--tags", "key"], with: version)
    #expect(play.output.status == 0, "\(play.said)")
    #expect(try scratch.text(of: "esvault/keys/esvol.key") == "abc")
  }

  /// There is no place for temporary files: a copy of the key could not be made.
  private func storing(_ key: String, in file: String) throws -> Output {
    let script = Checkout.folder + "/Playbooks/roles/esvault/files/store-key"
    return try Output(
      of: "/usr/bin/env", ["TMPDIR=/nonexistent", "sh", script, file, "store"], input: key)
  }
}
