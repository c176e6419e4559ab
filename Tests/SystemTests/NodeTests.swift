import Foundation
import Lab
import Testing

/// The main job, on real parts: a blank disk becomes the encrypted volume of a running node. Every
/// test leaves the node running.
@Suite(.serialized, .finishedNode) struct NodeTests {
  @Test func fromABlankDiskToARunningEncryptedNode() throws {
    let finished = try FinishedNode.shared
    finished.made.expectDone()
    #expect(
      finished.made.steps == [
        "key", "format", "open", "filesystem", "guard", "mount", "directory", "record", "units",
        "heap", "data-path", "enable", "start", "verify",
      ])
    #expect(try finished.node.hits("secret") == 3)
    let id = try finished.node.id()
    #expect(id.count == 22 && finished.made.nodeID == id)
    let inspected = try finished.machine.bash("esvault inspect /mnt/es/elasticsearch")
    #expect(inspected.contains(id))
    // It has asked the node, and the node has answered: no word of one that did not.
    #expect(!finished.made.output.stderr.contains("the node"), "\(finished.made.output.stderr)")
    // In quotes where it begins like a number or with a dash.
    #expect(
      try finished.machine.bash("grep node: /etc/esvault/esvault.yml | tr -d '\"'")
        == "    node: \(id)")
    let status = try finished.machine.bash("esvault status --format json")
    #expect(status.contains(#""version" : "7.0.0""#), "\(status)")
  }

  @Test func elasticsearchItselfSaysThatItsDataIsOnTheMapping() throws {
    let answer = try FinishedNode.shared.node.ask(
      "_nodes/_local/stats/fs?filter_path=nodes.*.fs.data")
    #expect(answer.contains("/mnt/es/elasticsearch/nodes/0"), "\(answer)")
    #expect(answer.contains("/mnt/es (/dev/mapper/esvol)"), "\(answer)")
    #expect(answer.contains(#""type":"ext4""#), "\(answer)")
  }

  @Test func nothingOfEsvaultsIsInTheDataPath() throws {
    let names = try FinishedNode.shared.machine.bash(
      "ls -A /mnt/es/elasticsearch; stat -c '%a %U:%G' /mnt/es /mnt/es/elasticsearch")
    #expect(names == "nodes\n711 root:root\n750 elasticsearch:elasticsearch")
  }

  @Test func theRunningHeapIsTheOneThatWasWritten() throws {
    let finished = try FinishedNode.shared
    let written = try finished.machine.bash("grep '^-Xm' /etc/elasticsearch/jvm.options | sort")
    let running = try finished.machine.bash(
      """
      pid=$(systemctl show --property MainPID --value elasticsearch)
      tr '\\0' '\\n' </proc/$pid/cmdline | grep '^-Xm' | sort
      """)
    #expect(written == running)
    let half = Int(
      try finished.machine.bash("awk '/MemTotal/ { print int($2 / 2048) }' /proc/meminfo"))
    #expect(running == "-Xms\(half ?? 0)m\n-Xmx\(half ?? 0)m".sortedLines)
    #expect(finished.made.document?.volumes.first?.heapBytes == (half ?? 0) << 20)
  }

  @Test func aNodeThatRunsWithAnotherHeapThanWrittenIsSaidTo() throws {
    let machine = try FinishedNode.shared.machine
    let options = "/etc/elasticsearch/jvm.options"
    try machine.bash("cp -a \(options) /root/; sed -i 's/^-Xmx.*/-Xmx64m/' \(options)")
    let run = try machine.run("esvault provision --dry-run --heap keep --format json")
    try machine.bash("mv /root/jvm.options \(options)")
    #expect(run.stderr.contains("note: the running node has a heap of "), "\(run)")
    #expect(run.stderr.contains("and its options say 64m: they count from its next start on"))
    #expect(run.stdout.contains("the running node has a heap of "))
  }

  @Test func whatJavaWritesWhenItFailsGoesToTheVolume() throws {
    let machine = try FinishedNode.shared.machine
    let running = try machine.bash(
      """
      pid=$(systemctl show --property MainPID --value elasticsearch)
      tr '\\0' '\\n' </proc/$pid/cmdline | grep -E 'HeapDumpPath|ErrorFile|ReplayDataFile' | sort
      grep -o '^Max core file size  *0 ' /proc/$pid/limits
      stat -c '%a %U' /mnt/es/diagnostics
      """)
    #expect(
      running == """
        -XX:ErrorFile=/mnt/es/diagnostics/hs_err_pid%p.log
        -XX:HeapDumpPath=/mnt/es/diagnostics
        -XX:ReplayDataFile=/mnt/es/diagnostics/replay_pid%p.log
        Max core file size        0\u{20}
        750 elasticsearch
        """)
  }

  @Test func theServiceRunsAsElasticsearchAndIsEnabled() throws {
    let machine = try FinishedNode.shared.machine
    let pid = try machine.bash("systemctl show --property MainPID --value elasticsearch")
    #expect(try machine.bash("ps -o user:20= -p \(pid)") == "elasticsearch")
    #expect(try machine.bash("systemctl is-active elasticsearch") == "active")
    let enabled = try machine.bash("systemctl is-enabled elasticsearch esvault-unlock")
    #expect(enabled == "enabled\nenabled")
  }

  @Test func onlyTheLineOfThePathHasChanged() throws {
    let finished = try FinishedNode.shared
    let after = try finished.machine.bash("cat /etc/elasticsearch/elasticsearch.yml")
    #expect(
      after
        == finished.settings.replacingOccurrences(
          of: "\npath.data: /var/lib/elasticsearch\n", with: "\npath.data: /mnt/es/elasticsearch\n")
    )
    #expect(after != finished.settings)
    #expect(
      try finished.machine.bash(
        "stat -c '%a %U:%G' /etc/elasticsearch/{elasticsearch.yml,jvm.options}")
        == "660 root:elasticsearch\n660 root:elasticsearch")
  }

  @Test func aSecondRunChangesNothing() throws {
    let machine = try FinishedNode.shared.machine
    let state = """
      head -c 16777216 \(machine.link("vol1")) | sha256sum
      find /etc /var/lib/esvault -type f -printf '%p %T@ %m %u %i\\n' | sort
      systemctl show --property MainPID --value elasticsearch
      """
    let before = try machine.bash(state)
    for words in ["", "vol1 --generate-key"] {
      let again = try machine.provision(words)
      again.expectDone()
      #expect(again.steps.isEmpty && again.document?.changed == false)
    }
    #expect(
      try machine.run("esvault provision").stdout == "volume 'esvol' is finished: nothing to do\n")
    #expect(try machine.bash(state) == before)
  }

  @Test func theDocumentsAreNotOnTheRawDisk() throws {
    let finished = try FinishedNode.shared
    let machine = finished.machine
    _ = try machine.bash(
      "curl -sf -XPOST localhost:9200/letters/_flush; sync")
    let folder = try Scratch()
    defer { folder.remove() }
    let control = try Image.sparse(folder.path + "/control.raw", bytes: 256 << 20)
    try machine.attach(Machine.Disk(serial: "control", file: control.path, bytes: nil))
    try machine.bash(
      """
      mkfs.ext4 -q \(machine.link("control"))
      mount \(machine.link("control")) /media
      cp -a /mnt/es/elasticsearch /media/
      umount /media
      """)
    try machine.detach("control")
    #expect(try control.contains(FinishedNode.marker), "the search finds nothing anywhere")
    #expect(try !finished.disk.contains(FinishedNode.marker))
  }
}

extension String {
  var sortedLines: String { split(separator: "\n").sorted().joined(separator: "\n") }
}
