import Foundation
import Testing

extension MachineTests {
  /// What fails leaves whole files and a whole volume, and the same command finishes the job.
  @Suite struct FailureTests {
    @Test func withoutRoomForTheKeyNoDiskIsWritten() async throws {
      try await Machine.clean {
        let (disk, full) = (try NVMe(1), try NVMe(2))
        try bash(
          """
          mkdir /etc/esvault
          mke2fs -q -t ext4 -O ^has_journal -m 0 -N 16 \(full.path) 256K
          mount \(full.path) /etc/esvault
          mkdir /etc/esvault/keys
          n=0; while touch /etc/esvault/"file-$((++n))" 2>/dev/null; do :; done
          """)
        let before = try DiskWrites(except: full)
        let outcome = try Esvault.provision(disk)
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.failure?.contains("No space left on device") == true)
        #expect(outcome.steps.first?.state == "failed")
        #expect(try DiskWrites(except: full) == before)
        #expect(try bash("find /etc/esvault ! -empty -type f -o -path '*/keys/*'") == "")
      }
    }

    @Test func aFullRootDiskLeavesTheOldFilesWhole() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try bash(
          """
          mount -t tmpfs -o size=64k full /etc/elasticsearch
          cp -a /run/pristine/elasticsearch/. /etc/elasticsearch/
          cat /dev/zero >/etc/elasticsearch/filling 2>/dev/null || true
          """)
        let outcome = try Esvault.provision(disk)
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.failure?.contains("No space left on device") == true)
        #expect(
          try bash("diff -r -x filling /run/pristine/elasticsearch /etc/elasticsearch") == "")
        try bash("rm /etc/elasticsearch/filling")
        try Esvault.provision(disk).expectDone()
        try FinishedVolume(disk: disk).expect()
      }
    }

    @Test func aServiceThatFailsIsQuotedAndARerunFinishes() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        let disk = try NVMe(1)
        try StandIn.behave(.fails)
        let failed = try Esvault.provision(disk)
        #expect(failed.status == 1)
        #expect(failed.failure?.hasPrefix("could not start 'elasticsearch.service'") == true)
        #expect(failed.failure?.contains("the last words of a node that did not start") == true)

        try StandIn.behave(.dies)
        let died = try Esvault.provision(disk)
        #expect(died.status == 1)
        #expect(died.stepIDs == ["start", "verify"])
        #expect(died.failure?.contains("stopped before its node state appeared") == true)

        try StandIn.behave(.silent)
        let silent = try Esvault.provision(disk, "--timeout", "2")
        #expect(silent.status == 1)
        #expect(silent.failure?.contains("within 2 s") == true)
        #expect(silent.failure?.contains("the node has started") == true)

        try bash("systemctl stop elasticsearch.service")
        try StandIn.behave(.works)
        try Esvault.provision(disk).expectDone()
        try FinishedVolume(disk: disk).expect()
      }
    }
  }
}
