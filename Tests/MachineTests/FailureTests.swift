import Foundation
import Testing

extension MachineTests {
  /// What fails leaves whole files and a whole volume, and the same command finishes the job.
  @Suite struct FailureTests {
    @Test func withoutRoomForTheKeyNoDiskIsWritten() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash(
          """
          mkdir /etc/esvault
          mount -t tmpfs -o size=4k,nr_inodes=8 full /etc/esvault
          head -c 4096 /dev/zero >/etc/esvault/filling
          """)
        let before = try DiskWrites()
        let outcome = try Esvault.provision(disk)
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.failure?.contains("No space left on device") == true)
        #expect(outcome.steps.first?.state == "failed")
        #expect(try DiskWrites() == before)
        #expect(try bash("find /etc/esvault -type f") == "/etc/esvault/filling")
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
