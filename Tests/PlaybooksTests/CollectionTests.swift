import Foundation
import Lab
import Testing

/// The collection is what Ansible's own tools expect of one.
@Suite struct CollectionTests {
  @Test(arguments: Ansible.Version.allCases)
  func itIsBuiltInstalledAndFound(with version: Ansible.Version) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let ansible = Ansible(in: scratch.path)
    try ansible.write(inventory: Inventory.local(["es1": ""]))
    func run(_ program: String, _ words: String...) throws -> String {
      let output = try ansible.run(program, words, with: version)
      try #require(output.status == 0, "\(output.stdout)\(output.stderr)")
      return output.stdout
    }
    _ = try run("ansible-galaxy", "collection", "build", "\(Ansible.project)/Playbooks")
    let archive = try #require(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        .first { $0.hasPrefix("esvault-esvault-") })
    _ = try run(
      "ansible-galaxy", "collection", "install", "--offline", "--collections-path",
      scratch.path + "/home/collections", archive)
    for playbook in ["provision", "unlock", "audit", "rolling-restart"] {
      _ = try run(
        "ansible-playbook", "--inventory", "inventory.yml", "--list-tasks",
        "esvault.esvault.\(playbook)")
    }
    let documentation = try run("ansible-doc", "--type", "role", "esvault.esvault.esvault")
    #expect(documentation.contains("esvault_wipe"))
  }

  @Test func theLinterFindsNothing() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let output = try Ansible(in: scratch.path).run(
      "ansible-lint", ["--nocolor", "--project-dir", "\(Ansible.project)/Playbooks"], with: .newest)
    #expect(output.status == 0, "\(output.stdout)\(output.stderr)")
    #expect(output.stderr.contains("'production' profile"), "\(output.stderr)")
  }
}
