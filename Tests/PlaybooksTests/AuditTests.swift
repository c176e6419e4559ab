import Foundation
import Lab
import Testing

/// The page of a fleet has every host, or the run says so.
///
/// The hosts are this computer, with the built esvault; it has no volume.
@Suite struct AuditTests {
  @Test(arguments: Ansible.Version.allCases)
  func hostsOfOneNameAreTold(with version: Ansible.Version) throws {
    try audit(with: version) { play, page in
      #expect(play.output.status == 2)
      for other in ["es1", "es2"] {
        #expect(play.said.contains("as \(other) does, and the report has only"), "\(play.said)")
      }
      #expect(FileManager.default.fileExists(atPath: page))
    }
  }

  @Test(arguments: Ansible.Version.allCases)
  func aPageThatCannotBeWrittenIsNoSuccess(with version: Ansible.Version) throws {
    try audit(["es1": ""], page: "/proc/report.html", with: version) { play, _ in
      #expect(play.output.status == 2)
      #expect(play.said.contains("no report: esvault: could not"), "\(play.said)")
    }
  }

  @Test(arguments: Ansible.Version.allCases)
  func withoutEsvaultOnTheControllerTheAuditsAreThere(with version: Ansible.Version) throws {
    try audit(["es1": ""], program: "/nonexistent/esvault", with: version) { play, page throws in
      #expect(play.output.status == 0, "\(play.said)")
      #expect(play.said.contains("Join the audits where esvault is: esvault report"))
      let folder = URL(fileURLWithPath: page).deletingLastPathComponent().path
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files == ["es1.json"])
    }
  }

  private func audit(
    _ hosts: [String: String] = ["es1": "", "es2": ""], page: String? = nil,
    program: String = Checkout.folder + "/.build/debug/esvault", with version: Ansible.Version,
    _ body: (Play, _ page: String) throws -> Void
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // The product is in the path, with nothing beside it that the path has elsewhere.
    try scratch.program("esvault", "exec '\(Checkout.folder)/.build/debug/esvault' \"$@\"")
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    let folder = scratch.path + "/audits"
    let page = page ?? folder + "/report.html"
    let variables = """
          esvault_audit_folder: \(folder)
          esvault_audit_report: \(page)
          esvault_audit_program: \(program)
      """
    try ansible.write(inventory: Inventory.local(hosts, all: variables))
    try body(try ansible.play("audit", with: version), page)
  }
}
