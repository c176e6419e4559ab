import Foundation
import Testing

extension MachineTests {
  /// A passphrase that is typed, at a terminal that is made for it.
  @Suite struct PassphraseTests {
    @Test func twoPassphrasesThatDifferAreRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try expectRefusal("the two passphrases differ") {
          try typing(["correct horse", "correct house"], into: ["provision", disk.path, "--yes"])
        }
      }
    }

    @Test func equalPassphrasesOpenTheVolumeAndAreNotShown() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let outcome = try typing(
          ["yes", "correct horse", "correct horse"], into: ["provision", disk.path])
        outcome.expectDone()
        try FinishedVolume(disk: disk).expect()
        #expect(outcome.errors.contains("stored nowhere"))
        #expect(!outcome.errors.contains("correct horse"))
        try bash("printf 'correct horse' | cryptsetup open --test-passphrase \(disk.path)")
      }
    }

    @Test func withoutAYesNothingIsWritten() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try expectRefusal("the plan was not confirmed") {
          try typing(["y"], into: ["provision", disk.path, "--generate-key"])
        }
      }
    }

    /// Control and C end the question at once, and the terminal shows what is typed again.
    @Test func anInterruptAtThePromptIsARefusal() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let outcome = try expectRefusal("no passphrase was typed") {
          try typing(["correct hor\u{3}"], into: ["provision", disk.path, "--yes"])
        }
        #expect(outcome.errors.contains("the terminal echoes: True"))
      }
    }

    /// Each line is typed when a question was asked; what the terminal showed becomes `errors`. A line that
    /// ends with an interrupt has no other end.
    private func typing(_ lines: [String], into arguments: [String]) throws -> Esvault {
      let terminal = """
        import os, pty, select, sys, termios
        lines = sys.argv[1].split("|")
        child, terminal = pty.fork()
        if child == 0:
            os.dup2(os.open("/tmp/typed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.execv("/payload/esvault", ["esvault"] + sys.argv[2:])
        shown = b""
        asked = b""
        while select.select([terminal], [], [], 60)[0]:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                break
            shown, asked = shown + part, asked + part
            if lines and asked.endswith((b": ", b"yes: ")):
                line = lines.pop(0).encode()
                os.write(terminal, line if line.endswith(b"\\x03") else line + b"\\n")
                asked = b""
        echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
        os.close(terminal)
        os.write(2, shown + b"the terminal echoes: %r" % echoes)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, open("/tmp/typed", "rb").read())
        sys.exit(status)
        """
      return Esvault(
        try run(
          "/usr/bin/python3",
          ["-c", terminal, lines.joined(separator: "|")] + arguments + ["--format", "json"]))
    }
  }
}
