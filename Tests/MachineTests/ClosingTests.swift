import Foundation
import Testing

@testable import Vault

extension MachineTests {
  /// A volume is taken out of use: stopped, unmounted, closed.
  @Suite struct ClosingTests {
    private let host = LinuxHost(keys: KeyFile("/none"))

    @Test func aVolumeIsUnmountedAndClosedAndThenNothingIsLeftToDo() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        for _ in 1...2 {
          try await host.perform(.stop(service: "elasticsearch.service", timeout: 5))
          try await host.perform(.unmount(volume.closing))
          try await host.perform(.close(volume.closing))
          #expect(try !OpenVolume.isMounted)
          #expect(!OpenVolume.isOpen)
        }
      }
    }

    @Test(arguments: [
      "exec sleep 300 3</mnt/es/elasticsearch", "cd /mnt/es; exec sleep 300",
      "cp /bin/sleep /mnt/es/; exec /mnt/es/sleep 300",
      "cd /; exec unshare -m sleep 300 3</mnt/es/elasticsearch",
    ])
    func whoeverHasSomethingOpenIsNamed(script: String) async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        let process = try Background(script)
        defer { process.end() }
        let failure = try await OpenVolume.failure(of: .unmount(volume.closing))
        #expect(
          failure?.description
            == "could not unmount '/mnt/es': it is in use by 'sleep' (process \(process.id))")
        #expect(failure?.advice.hasSuffix(": fuser -vm /mnt/es") == true)
        #expect(try OpenVolume.isMounted)
        process.end()
        try await host.perform(.unmount(volume.closing))
        try await host.perform(.close(volume.closing))
      }
    }

    @Test func whoeverHasOnlyMappedAFileIsNamed() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash("head -c 8192 /dev/urandom >/mnt/es/mapped")
        let process = try Background(
          #"exec python3 -c "import mmap, time; f = open(\"/mnt/es/mapped\"); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); f.close(); time.sleep(300)""#,
          becoming: "python3")
        defer { process.end() }
        try bash(
          "for i in {1..100}; do grep -q mapped /proc/\(process.id)/maps && break; sleep 0.1; done")
        let failure = try await OpenVolume.failure(of: .unmount(volume.closing))
        #expect(failure?.description.contains("'python3' (process \(process.id))") == true)
      }
    }

    @Test func whatTheKernelUsesOfTheFilesystemIsNamed() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        for (begin, name, advice, end) in [
          (
            "truncate -s 1M /mnt/es/image; losetup /dev/loop5 /mnt/es/image",
            "'/dev/loop5' with its file '/mnt/es/image'", "losetup -d /dev/loop5",
            "losetup -d /dev/loop5; for i in {1..50}; do [[ -e /sys/block/loop5/loop ]] || break; sleep 0.1; done"
          ),
          (
            "mkdir /mnt/es/sub; mount -t tmpfs sub /mnt/es/sub",
            "a mount within it at '/mnt/es/sub'",
            "umount /mnt/es/sub", "umount /mnt/es/sub"
          ),
          (
            "dd if=/dev/zero of=/mnt/es/swap bs=1M count=2; chmod 600 /mnt/es/swap; mkswap /mnt/es/swap; swapon /mnt/es/swap",
            "the swap file '/mnt/es/swap'", "swapoff /mnt/es/swap", "swapoff /mnt/es/swap"
          ),
        ] {
          try bash(begin)
          let failure = try await OpenVolume.failure(of: .unmount(volume.closing))
          #expect(failure?.description == "could not unmount '/mnt/es': it is in use by \(name)")
          #expect(failure?.advice.hasSuffix(": \(advice)") == true)
          try bash(end)
        }
        try await host.perform(.unmount(volume.closing))
      }
    }

    @Test func otherMountsAreNamedAndLeftAlone() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try bash("mkdir /mnt/other; mount --bind /mnt/es/elasticsearch /mnt/other")
        try await host.perform(.unmount(volume.closing))
        let failure = try await OpenVolume.failure(of: .close(volume.closing))
        #expect(
          failure?.description
            == "could not close '/dev/mapper/esvol': it is in use by another mount at '/mnt/other'")
        #expect(failure?.advice.hasSuffix(": umount /mnt/other") == true)
        try bash("umount /mnt/other")
        try await host.perform(.close(volume.closing))
      }
    }

    @Test func anotherMountNamespaceIsNamed() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        let process = try Background("cd /; exec unshare -m --propagation private sleep 300")
        defer { process.end() }
        try await host.perform(.unmount(volume.closing))
        let failure = try await OpenVolume.failure(of: .close(volume.closing))
        #expect(
          failure?.description
            == "could not close '/dev/mapper/esvol': it is in use by process \(process.id) ('sleep') in another mount namespace"
        )
        #expect(failure?.advice.hasSuffix(": systemctl status \(process.id)") == true)
        process.end()
        try await host.perform(.close(volume.closing))
      }
    }

    @Test func whoHoldsTheDeviceForAMomentIsWaitedFor() async throws {
      try await Machine.clean {
        let volume = try OpenVolume(timeout: 30)
        try await host.perform(.unmount(volume.closing))
        let process = try Background("exec sleep 1 3</dev/mapper/esvol")
        defer { process.end() }
        try await host.perform(.close(volume.closing))
        #expect(!OpenVolume.isOpen)
      }
    }

    @Test func whoKeepsTheDeviceIsNamed() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        try await host.perform(.unmount(volume.closing))
        let process = try Background("exec sleep 300 3</dev/mapper/esvol")
        defer { process.end() }
        let user = try await OpenVolume.failure(of: .close(volume.closing))
        #expect(user?.description.hasSuffix("in use by 'sleep' (process \(process.id))") == true)
        process.end()
        try bash("dmsetup create above --table '0 2048 linear /dev/mapper/esvol 0'")
        let above = try await OpenVolume.failure(of: .close(volume.closing))
        #expect(above?.description.contains("in use by the device 'dm-") == true)
        #expect(above?.description.contains("above") == true)
        #expect(OpenVolume.isOpen)
      }
    }

    @Test func whatIsNotTheVolumeIsLeftAlone() async throws {
      try await Machine.clean {
        let volume = try OpenVolume()
        var other = volume.closing
        other.uuid = "3f0c5a52-7d0e-4f0e-9c1b-0d6f2a9b1c11"
        for step in [Step.unmount(other), .close(other)] {
          let failure = try await OpenVolume.failure(of: step)
          #expect(failure?.description.contains("has the LUKS UUID \(volume.opening.uuid)") == true)
        }
        #expect(try OpenVolume.isMounted)
        try await host.perform(.unmount(volume.closing))
        try bash("mount -t tmpfs foreign /mnt/es")
        let occupied = try await OpenVolume.failure(of: .unmount(volume.closing))
        #expect(
          occupied?.description == "'foreign' is mounted at '/mnt/es', not volume 'esvol'")
        #expect(try OpenVolume.isMounted)
        try bash("umount /mnt/es; cryptsetup close esvol")
        try bash("dmsetup create esvol --table '0 2048 zero'")
        let foreign = try await OpenVolume.failure(of: .close(volume.closing))
        #expect(foreign?.description.hasSuffix("it is not a LUKS volume") == true)
        #expect(OpenVolume.isOpen)
      }
    }

    @Test func aVolumeWhoseDiskWasPulledOutIsClosed() async throws {
      try await Machine.clean {
        let volume = try OpenVolume(timeout: 30)
        let name = volume.disk.path.split(separator: "/").last!
        try bash("echo text >/mnt/es/dirty; echo 1 >/sys/block/\(name)/device/device/remove")
        #expect(!FileManager.default.fileExists(atPath: volume.disk.path))
        try await host.perform(.unmount(volume.closing))
        try await host.perform(.close(volume.closing))
        #expect(try !OpenVolume.isMounted)
        #expect(!OpenVolume.isOpen)
        try bash(
          """
          echo 1 >/sys/bus/pci/rescan
          for i in {1..200}; do [[ ! -e \(NVMe.link(1)) ]] || exit 0; sleep 0.1; done
          exit 1
          """)
      }
    }

    @Test func aServiceThatDoesNotStopIsNotWaitedForForEver() async throws {
      try await Machine.clean {
        try bash("touch /run/stand-in/active; echo 'closing shards' >/run/stand-in/journal")
        try StandIn.behave(.lingers)
        let failure = try await OpenVolume.failure(
          of: .stop(service: "elasticsearch.service", timeout: 1))
        #expect(
          failure?.description.hasPrefix(
            "could not stop 'elasticsearch.service': it still runs after 1 s") == true)
        #expect(failure?.description.contains("closing shards") == true)
      }
    }
  }
}
