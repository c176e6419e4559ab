import Lab
import Testing

/// What the roles do where a package cannot be installed at once.
///
/// The hosts are this computer, with a stand-in for dpkg: nothing is installed.
@Suite struct InstallTests {
  /// Every other call meets a dpkg at work, and those between a package that cannot be configured.
  @Test(arguments: Ansible.Version.allCases)
  func anotherDpkgIsWaitedForAndItsErrorsAreTold(with version: Ansible.Version) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.program(
      "dpkg",
      """
      echo "$*" >>'\(scratch.path)/calls'
      if [ $(($(wc -l <'\(scratch.path)/calls') % 2)) = 1 ]; then
        echo 'dpkg: error: dpkg frontend lock was locked by another process with pid 7' >&2
        exit 2
      fi
      echo 'dpkg: error processing package broken (--configure):' >&2
      exit 1
      """)
    var ansible = Ansible(in: scratch.path)
    ansible.programs = [scratch.programs]
    try ansible.write(
      inventory: Inventory.local(["es1": "{elasticsearch_install: true}", "es2": ""]))
    let play = try ansible.play(
      "provision",
      [
        "--forks", "1", "--tags", "install,elasticsearch",
        "--extra-vars", #"{"__esvault_pause": 0, "__elasticsearch_pause": 1}"#,
      ], with: version)
    #expect(play.output.status == 2)
    for (host, package) in [("es1", "elasticsearch"), ("es2", "esvault")] {
      #expect(
        play.said.contains(
          "\(host): could not install '\(package)': non-zero return code: dpkg: error processing package broken"
        ), "\(play.said)")
    }
    #expect(play.said.contains("give a file: esvault_package_file"))
    let calls = try scratch.text(of: "calls")
    #expect(calls == String(repeating: "--configure --pending\n", count: 4))
  }
}
