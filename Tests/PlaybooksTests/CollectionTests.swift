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
    _ = try run("ansible-galaxy", "collection", "build", "\(Checkout.folder)/Playbooks")
    let archive = try #require(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        .first { $0.hasPrefix("esvault-esvault-") })
    _ = try run(
      "ansible-galaxy", "collection", "install", "--offline", "--collections-path",
      scratch.path + "/home/collections", archive)
    for playbook in ["provision", "unlock", "audit", "rolling_restart"] {
      _ = try run(
        "ansible-playbook", "--inventory", "inventory.yml", "--list-tasks",
        "esvault.esvault.\(playbook)")
    }
    let documentation = try run("ansible-doc", "--type", "role", "esvault.esvault.esvault")
    #expect(documentation.contains("esvault_wipe"))
  }

  @Test func theReadmeNamesWhatIsThere() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let ansible = Ansible(in: scratch.path)
    let readme = try Page("Playbooks/README.md")
    let inventory = try #require(
      readme.blocks("yaml").first { $0.hasPrefix("# inventory.yml") })
    try ansible.write(inventory: inventory)
    let listed = try ansible.run("ansible-inventory", ["-i", "inventory.yml", "--list"])
    #expect(listed.stdout.contains("es50.example.org"), "\(listed.stderr)")

    let shell = readme.blocks("sh").joined(separator: "\n").replacing("\\\n", with: "")
    let commands = shell.split(separator: "\n").filter { $0.hasPrefix("ansible-playbook ") }
      .filter { $0.contains(" Playbooks/") }
    #expect(commands.count > 6)
    for command in commands {
      let words = command.replacing(" Playbooks/", with: " '\(Checkout.folder)'/Playbooks/")
      let checked = try ansible.run("sh", ["-c", "\(words) --syntax-check"])
      #expect(checked.status == 0, "\(command): \(checked.stderr)")
    }
    let specifications = try ["esvault", "elasticsearch"].map {
      try Checkout.text(of: "Playbooks/roles/\($0)/meta/argument_specs.yml")
    }.joined()
    for match in readme.text.matches(of: /\b(?:esvault|elasticsearch)_[a-z_]+[a-z]\b/)
    where match.output != "esvault_devise" {
      #expect(specifications.contains("      \(match.output):\n"), "\(match.output)")
    }
  }

  @Test func theLinterFindsNothing() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let output = try Ansible(in: scratch.path).run(
      "sh", ["-c", "cd '\(Checkout.folder)/Playbooks' && exec ansible-lint --nocolor"],
      with: .newest)
    #expect(output.status == 0, "\(output.stdout)\(output.stderr)")
    #expect(output.stderr.contains("Profile 'production' was required, and it passed"))
  }
}
