import Lab
import Testing

/// A passphrase is seen nowhere but by esvault.
@Suite struct SecrecyTests {
  @Test func aPassphraseIsInNoJournalProcessFileOrCoreDump() async throws {
    let passphrase = "open-sesame-of-the-tests"
    try await Machine.withEsvault(disks: [Machine.Disk(serial: "vol1", bytes: 512 << 20)]) {
      machine in
      try machine.bash("mount -t tmpfs none /media; cat >/media/key", input: passphrase)
      let begun = try Watched(machine)
      // Both looks find what they look for, where there is something.
      #expect(begun.processes.contains("esvault\0provision\0vol1"))
      #expect(begun.processes.contains("CONTROL=in-the-environment"))
      #expect(begun.cores == ["core.bash"])
      #expect(begun.status == 128 + 11)

      let finished = try machine.provision("vol1 --key-file - --key-is-random", input: passphrase)
      finished.expectDone()
      #expect(!begun.everything.contains(passphrase))
      #expect(!"\(finished.output)".contains(passphrase))
      let found = try machine.run(
        "umount /media; grep -rlF \(passphrase) /etc /var /run /root /tmp /mnt; journalctl --no-pager | grep -F \(passphrase)"
      )
      #expect(found.stdout == "")
      #expect(try machine.bash("journalctl --no-pager --unit elasticsearch") != "")
    }
  }
}

/// A run with a passphrase that is watched from outside, and ended with SIGSEGV while it holds the key.
private struct Watched {
  let processes: String
  let everything: String
  let cores: [String]
  let status: Int

  init(_ machine: Machine) throws {
    let text = try machine.bash(
      """
      sysctl -q kernel.core_pattern=/var/tmp/core.%e fs.suid_dumpable=0
      ulimit -c unlimited
      bash -c 'kill -SEGV $$' || true
      CONTROL=in-the-environment esvault provision vol1 --yes --key-file - --key-is-random \\
        </media/key >/var/tmp/out 2>/var/tmp/progress &
      pid=$!
      until grep -Eq '^ *[0-9]+/[0-9]+ +verify ' /var/tmp/progress; do
        kill -0 $pid || { cat /var/tmp/progress >&2; exit 1; }
        cat /proc/[0-9]*/{cmdline,environ} >>/var/tmp/processes 2>/dev/null || true
        sleep 0.1
      done
      kill -SEGV $pid
      status=0
      wait $pid || status=$?
      echo $status $(cd /var/tmp; ls -d core.* | sort)
      """)
    let words = text.split(separator: " ").map(String.init)
    (status, cores) = (Int(words[0]) ?? -1, Array(words.dropFirst()))
    processes = try machine.bash("cat /var/tmp/processes")
    everything = processes + (try machine.bash("cat /var/tmp/out /var/tmp/progress"))
  }
}
