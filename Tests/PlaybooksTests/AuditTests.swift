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

  @Test func thePackagesProgramIsFoundByAnOrdinaryUser() throws {
    let place = try Scratch()
    defer { place.remove() }
    // A stand-in for esvault tells where programs are looked for.
    try place.program("esvault", "echo $PATH >'\(place.path)/path'")
    try audit(["es1": ""], program: place.programs + "/esvault", with: .newest) { play, _ in
      let path = try place.text(of: "path")
      #expect(path.hasSuffix("/bin:/usr/sbin\n"), "\(play.said)")
    }
  }

  /// Not as a host without esvault, whose status is 2 as well.
  @Test(arguments: Ansible.Version.allCases)
  func whyAHostIsNotAuditedIsToldInEsvaultsWords(with version: Ansible.Version) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let esvault = Checkout.folder + "/.build/debug/esvault"
    let broken = scratch.path + "/esvault.yml"
    try "volumes: 7\n".write(toFile: broken, atomically: true, encoding: .utf8)
    try scratch.program("esvault", "exec '\(esvault)' \"$@\" --config '\(broken)'")
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    try ansible.write(inventory: Inventory.local(["es1": ""]))
    let play = try ansible.play("audit", with: version)
    #expect(play.output.status == 2)
    #expect(
      play.said.contains("es1: no audit: esvault: refused: the configuration '\(broken)'"),
      "\(play.said)")
    #expect(!play.said.contains("not installed"))
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
    let variables = """
          esvault_audit_program: \(program ?? esvault)
          \(page.map { "esvault_audit_report: \($0)" } ?? "")
      """
    try ansible.write(inventory: Inventory.local(hosts, all: variables))
    let play = try ansible.play("audit", with: version)
    try body(play, page ?? scratch.path + "/esvault-audit/report.html")
  }
}
