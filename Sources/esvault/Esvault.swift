import ArgumentParser
import Glibc

@main
struct Esvault: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "esvault",
    abstract: "Make a blank disk Elasticsearch's encrypted data volume.",
    discussion: """
      esvault encrypts a disk with LUKS2, puts Elasticsearch's data on it, and checks that the \
      node's state really lies there. It changes only what is missing, and refuses whatever could \
      lose data. At boot it opens the volume again, before Elasticsearch starts.

      EXAMPLES
        esvault devices
        esvault provision /dev/nvme1n1 --generate-key --dry-run
        esvault provision /dev/nvme1n1 --generate-key
        esvault unlock
        esvault status
        esvault audit
        esvault report audits/*.json --output report.html
        esvault inspect /mnt/es/elasticsearch

      EXIT STATUS
        0   done, or nothing to do
        1   a step failed, or could not look; the text says what was changed
        2   refused, and nothing was changed
        3   the audit has findings
        64  the command line is wrong
      """,
    version: "esvault \(Version.current)",
    subcommands: [
      Devices.self, Provision.self, Unlock.self, Lock.self, Status.self, AuditCommand.self,
      ReportCommand.self, Inspect.self,
    ])

  static func main() async {
    // A reader that goes away (`| head`) must not kill a run in the middle of a change.
    signal(SIGPIPE, SIG_IGN)
    // What is made gets the mode that it needs: with a hardened root's 027 Elasticsearch could not pass
    // through the directories above its mount point.
    umask(0o022)
    await main(nil)
  }
}
