import Foundation
import Testing

extension MachineTests {
  /// A blank disk, and something else about the machine or the key that forbids to use it.
  @Suite struct MachineRefusalTests {
    @Test func aMappingOfTheSameNameOnAnotherDiskIsNeverUsed() async throws {
      try await Machine.clean {
        let (disk, other) = (try NVMe(1), try NVMe(2))
        try bash("dmsetup create esvol --table '0 100000 linear \(other.path) 0'; udevadm settle")
        try expectRefusal("'/dev/mapper/esvol' exists already") { try Esvault.provision(disk) }
        try bash(
          """
          dmsetup remove --retry esvol
          head -c 64 /dev/zero >/root/key
          cryptsetup -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 luksFormat \(other.path) /root/key
          cryptsetup open --key-file /root/key \(other.path) esvol
          """)
        try expectRefusal("'/dev/mapper/esvol' exists already, on another disk") {
          try Esvault.provision(disk)
        }
      }
    }

    @Test func aMountPointThatIsNotAnEmptyDirectoryIsRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("mkdir /mnt/es; mount -t tmpfs something /mnt/es")
        try expectRefusal("something else is mounted at '/mnt/es': 'something'") {
          try Esvault.provision(disk)
        }
        try bash("umount /mnt/es; touch /mnt/es/file")
        try expectRefusal("the mount point '/mnt/es' is not empty") { try Esvault.provision(disk) }
        try bash("rm -r /mnt/es; touch /mnt/es")
        try expectRefusal("the mount point '/mnt/es' is not a directory") {
          try Esvault.provision(disk)
        }
      }
    }

    @Test func withoutElasticsearchThereIsNothingToProvide() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let settings = "/etc/elasticsearch/elasticsearch.yml"
        try bash("rm \(settings)")
        try expectRefusal("there is no '\(settings)'") { try Esvault.provision(disk) }
        try bash("cp -a /run/pristine/elasticsearch/elasticsearch.yml \(settings)")
        try expectRefusal("there is no systemd unit 'other.service'") {
          try Esvault.provision(disk, "--service", "other.service")
        }
        try bash("sed -i /^elasticsearch:/d /etc/passwd")
        try expectRefusal("there is no user 'elasticsearch'") { try Esvault.provision(disk) }
      }
    }

    @Test func aNodeWithDataIsNotGivenAnEmptyVolume() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("systemctl start elasticsearch.service")
        try expectRefusal("already has data in '/var/lib/elasticsearch'") {
          try Esvault.provision(disk)
        }
        try bash("systemctl stop elasticsearch.service")
        try expectRefusal("already has data in '/var/lib/elasticsearch'") {
          try Esvault.provision(disk)
        }
        try bash("rm -r /var/lib/elasticsearch/nodes")
        try StandIn.behave(.silent)
        try bash("systemctl start elasticsearch.service")
        try expectRefusal("'elasticsearch.service' is running") { try Esvault.provision(disk) }
      }
    }

    @Test func aKeyFileThatCannotBeTrustedIsRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        for (making, reason) in [
          ("true", "there is no key file '/root/key'"),
          ("install -m 400 /dev/null /root/key", "it is empty"),
          ("echo secret >/root/key; chmod 440 /root/key", "others than its owner may use it"),
          ("rm /root/key; mkdir /root/key", "it is a directory"),
          ("rmdir /root/key; ln -s /dev/zero /root/key", "it is a symbolic link"),
        ] {
          try bash(making)
          try expectRefusal(reason) {
            try Esvault.provision(disk.path, "--key-file", "/root/key")
          }
        }
        try expectRefusal("the key cannot be read from standard input") {
          try Esvault.provision(disk.path, "--key-file", "-")
        }
        try expectRefusal("no key was given, and there is no terminal") {
          try Esvault.provision(disk.path)
        }
      }
    }

    @Test func aNewKeyIsNotMadeInMemory() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("mkdir /secure; mount -t tmpfs secure /secure; ln -s /secure /etc/linked")
        defer { _ = try? bash("rm /etc/linked; umount /secure; rmdir /secure") }
        for path in ["/secure/deep/es.key", "/etc/linked/es.key"] {
          try expectRefusal("a new key in '\(path)' would be lost at the next reboot") {
            try Esvault.provision(disk, "--key-file", path)
          }
        }
      }
    }

    @Test func settingsThatCannotBeEditedSafelyAreRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        let settings = "/etc/elasticsearch/elasticsearch.yml"
        for text in [
          "path.data: [a\\n", "path.data: /a\\npath.data: /b\\n",
          "path:\\n  data: /a\\npath.data: /b\\n", "path.data: &a /a\\n", "path.data: |\\n  /a\\n",
          "path.data: /a\\nhttp:\\n", "path.data: $" + "{NOPE}\\n", "path.data: /a\\n---\\n",
        ] {
          try bash("printf '\(text)' >\(settings)")
          try expectRefusal("'\(settings)' cannot be edited safely") { try Esvault.provision(disk) }
          #expect(try bash("printf '\(text)' | cmp - \(settings)") == "")
        }
        try bash("printf 'path.data: [/a, /b]\\n' >\(settings)")
        try expectRefusal("has several data paths") { try Esvault.provision(disk) }
      }
    }

    @Test func aConfigurationThatIsNotUnderstoodIsRefused() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        for (text, reason) in [
          ("version: 1\\nvolumes: [\\n", "line"), ("version: 2\\n", "version 2 is newer"),
          ("version: 1\\nvolumes:\\n  - nam: a\\n", "line 3"),
        ] {
          try bash("mkdir -p /etc/esvault; printf '\(text)' >/etc/esvault/esvault.yml")
          let outcome = try expectRefusal(reason) { try Esvault.provision(disk) }
          #expect(outcome.refusal?.description.contains("/etc/esvault/esvault.yml") == true)
        }
      }
    }

    @Test func aDiskOfTheConfigurationThatNeverComesIsWaitedForWithABound() async throws {
      try await Machine.clean {
        try bash(
          """
          mkdir -p /etc/esvault
          cat >/etc/esvault/esvault.yml <<'END'
          version: 1
          volumes:
            - name: esvol
              device: vol9
              key: {file: /etc/esvault/keys/esvol.key, generate: true}
          END
          """)
        let reason = "no disk has the serial or volume id 'vol9'"
        let outcome = try expectRefusal(reason) { try Esvault.provision("--timeout", "2") }
        #expect(
          outcome.errors.contains("note: waiting up to 2 s: \(reason)"), "\(outcome.errors)")
        #expect(try bash("ls /etc/esvault") == "esvault.yml", "a key was made for nothing")
      }
    }

    @Test func oneEsvaultChangesTheMachineAtATime() async throws {
      try await Machine.clean {
        let disk = try NVMe(1)
        try bash("echo -n \"'esvault provision', process 4711\" >/run/esvault.lock")
        try expectRefusal("another esvault is at work: 'esvault provision', process 4711") {
          Esvault(
            try run(
              "/usr/bin/flock",
              [
                "/run/esvault.lock", "/payload/esvault", "provision", disk.path, "--generate-key",
                "--yes", "--format", "json",
              ]))
        }
      }
    }
  }
}
