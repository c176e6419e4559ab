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

  /// Neither is the page that is there already taken for a new one, nor a folder removed to make place.
  @Test(arguments: [true, false])
  func whatIsInThePlaceOfThePageStays(isFolder: Bool) throws {
    let place = try Scratch()
    defer { place.remove() }
    let page = place.path + (isFolder ? "/folder" : "/page.html")
    try Output(
      of: "/bin/bash",
      ["-c", isFolder ? "mkdir '\(page)'; echo kept >'\(page)/file'" : "echo kept >'\(page)'"]
    ).require("put something in the place of the page")
    let program = isFolder ? nil : "/bin/false"
    try audit(["es1": ""], page: page, program: program, with: .newest) { play, _ in
      #expect(play.output.status == 2, "\(play.said)")
      #expect(play.said.contains("no report: "), "\(play.said)")
      let kept = try place.text(of: isFolder ? "folder/file" : "page.html")
      #expect(kept == "kept\n")
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
    program: String? = nil, with version: Ansible.Version,
    _ body: (Play, _ page: String) throws -> Void
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let esvault = Checkout.folder + "/.build/debug/esvault"
    try scratch.program("esvault", "exec '\(esvault)' \"$@\"")
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    let folder = scratch.path + "/audits"
    let page = page ?? folder + "/report.html"
    let variables = """
          esvault_audit_folder: \(folder)
          esvault_audit_report: \(page)
          esvault_audit_program: \(program ?? esvault)
      """
    try ansible.write(inventory: Inventory.local(hosts, all: variables))
    try body(try ansible.play("audit", with: version), page)
  }
}
