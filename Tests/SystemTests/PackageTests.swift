import Foundation
import Lab
import Testing

/// What `make deb` and `make rpm` built.
@Suite struct PackageTests {
  @Test func lintianHasNothingToSay() throws {
    let lintian = try Output(
      of: "/usr/bin/lintian",
      ["--allow-root", "--fail-on", "error,warning", try Checkout.package("deb")])
    #expect(lintian.status == 0 && lintian.stdout.isEmpty, "\(lintian.stdout)\(lintian.stderr)")
  }

  @Test func theProgramStartsWhereGlibcIsOfTheYear2021() throws {
    try withContents { folder in
      let program = "\(folder)/usr/sbin/esvault"
      let symbols = try shell("objdump -T \(program)")
      let versions = symbols.matches(of: /GLIBC_2\.([0-9]+)/).compactMap { Int($0.output.1) }
      #expect(versions.max() == 34, "RHEL 9 and Amazon Linux 2023 have glibc 2.34")
      let header = try shell("readelf --dynamic --sections --wide \(program)")
      let libraries = header.matches(of: /NEEDED.*\[(.+)\]/).map { String($0.output.1) }
      #expect(libraries.contains("libcryptsetup.so.12"))
      #expect(!libraries.contains { $0.hasPrefix("libswift") }, "\(libraries)")
      #expect(!header.contains("RUNPATH") && !header.contains(".debug_info"))
    }
  }

  @Test func everyCommandHasAManualPageWithoutAFault() throws {
    try withContents { folder in
      let helps = try FileManager.default.contentsOfDirectory(
        atPath: "\(Checkout.folder)/Documentation/help")
      let pages = helps.map { help in
        help == "esvault.txt" ? "esvault.8.gz" : "esvault-\(help.dropLast(4)).8.gz"
      }
      let man = "\(folder)/usr/share/man/man8"
      #expect(try FileManager.default.contentsOfDirectory(atPath: man).sorted() == pages.sorted())
      for page in pages {
        #expect(try shell("man --warnings -E UTF-8 -l -Z \(man)/\(page) 2>&1 >/dev/null") == "")
        #expect(try shell("lexgrog \(man)/\(page)").contains(": \"esvault"), "\(page)")
      }
      let text = try shell("MANWIDTH=80 man -l \(man)/esvault-provision.8.gz | col -b")
      #expect(
        text.contains(
          "\nEXAMPLES\n       esvault provision /dev/nvme1n1 --generate-key --dry-run\n"))
      #expect(
        try shell("man -l \(man)/esvault.8.gz | col -b").contains("\nEXIT STATUS\n       0   done"))
    }
  }

  @Test func fishCompletesCommandsAndOptions() throws {
    try withContents { folder in
      let offered = try shell(
        """
        fish --no-config -c '
          set PATH \(folder)/usr/sbin $PATH
          source \(folder)/usr/share/fish/vendor_completions.d/esvault.fish
          complete --do-complete "esvault prov"
          complete --do-complete "esvault provision --gen"
        '
        """)
      let words = offered.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
      #expect(words == ["provision", "--generate-key"], "\(offered)")
    }
  }

  /// Its completions work only where somebody types.
  @Test func zshCompletesCommandsAndOptions() throws {
    try withContents { folder in
      let seen = try shell(
        #"""
        timeout 60 zsh -f <<'END'
        zmodload zsh/zpty
        zpty typing env TERM=dumb zsh -f -i
        zpty -w typing 'fpath=(\#(folder)/usr/share/zsh/vendor-completions $fpath)'
        zpty -w typing 'path=(\#(folder)/usr/sbin $path); autoload -Uz compinit; compinit -u -D'
        zpty -w typing 'echo rea""dy'
        zpty -r -m typing text '*ready*'
        zpty -w -n typing $'esvault prov\t--gen\t'
        zpty -r -m typing text '*esvault provision*Make a random key*'
        print -r -- $text
        END
        """#)
      #expect(seen.contains("--generate-key"), "\(seen)")
    }
  }

  /// What could be tested here of a package for other systems.
  @Test func theRPMHasTheSameFilesAndFindsItsLibrariesByVersion() throws {
    let package = try Checkout.package("rpm")
    let files = try shell("rpm -qpl \(package)").split(separator: "\n").map(String.init)
    let places = [
      "man/man8/esvault-unlock.8", "doc/esvault/examples/esvault.yml",
      "doc/esvault/Documentation/operations.md",
    ]
    for place in places + ["bash-completion/completions/esvault", "zsh/site-functions/_esvault"] {
      #expect(files.contains("/usr/share/\(place)"), "\(place)")
    }
    #expect(files.contains("/usr/sbin/esvault"))
    #expect(files.contains("/usr/lib/systemd/system/esvault-provision.service"))
    #expect(files.allSatisfy { $0.hasPrefix("/usr/") })

    let needs = try shell("rpm -qpR \(package)")
    for name in [
      "e2fsprogs", "systemd", "systemd-udev", "libblkid.so.1()(64bit)", "libyaml-0.so.2()(64bit)",
    ] {
      #expect(needs.contains("\(name)\n"), "\(name)")
    }
    #expect(needs.contains("libcryptsetup.so.12(CRYPTSETUP_2.5)(64bit)\n"))
    #expect(needs.contains("GLIBC_2.34") && !needs.contains(/GLIBC_2\.(3[5-9]|[4-9][0-9])/))
    #expect(!needs.contains("libswift"))
    let scripts = try shell("rpm -qp --scripts \(package)")
    #expect(!scripts.contains("systemctl enable") && !scripts.contains("systemctl start"))
    // rpm knows no purge: a link that stayed would have it enabled by the next installation.
    #expect(scripts.contains("disable esvault-provision.service"))
  }

  /// Unpacks the Debian package into a folder that goes away.
  private func withContents(_ body: (String) throws -> Void) throws {
    let folder = try Scratch()
    defer { folder.remove() }
    try Output(of: "/usr/bin/dpkg-deb", ["--extract", try Checkout.package("deb"), folder.path])
      .require("unpack the package")
    try body(folder.path)
  }
}

extension Checkout {
  /// The package as an older version.
  static func olderPackage(in folder: Scratch) throws -> String {
    let path = "\(folder.path)/esvault_0.0.1.deb"
    _ = try shell(
      """
      dpkg-deb --raw-extract \(try package("deb")) \(folder.path)/older
      sed -i 's/^Version: .*/Version: 0.0.1/' \(folder.path)/older/DEBIAN/control
      dpkg-deb --root-owner-group -Znone --build \(folder.path)/older \(path) >/dev/null
      """)
    return path
  }
}

/// Runs lines of bash on this computer, which must succeed; what they print.
private func shell(_ script: String) throws -> String {
  let output = try Output(of: "/bin/bash", ["-euo", "pipefail", "-c", script])
  try output.require("run '\(script)'")
  return output.stdout
}
