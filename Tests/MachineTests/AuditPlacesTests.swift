import Foundation
import Testing

extension MachineTests {
  /// `esvault audit` follows the data of Elasticsearch down to real disks.
  @Suite struct AuditPlacesTests {
    /// A way from a directory down to the disks, built by a script, and what the audit says of it.
    struct Stack: CustomTestStringConvertible, Sendable {
      var testDescription: String
      /// In it `$A` and `$B` are disks; Elasticsearch's data is in /mnt/data.
      var script: String
      var verdict: String
      /// Part of the message.
      var words = ""
      /// What the places's chain goes through, in any order.
      var kinds: [String] = []
    }

    static let stacks = [
      Stack(
        testDescription: "ext4 on a partition in the clear",
        script: """
          echo 'label: gpt\\n,' | sed 's/\\\\n/\\n/' | sfdisk -q $A; udevadm settle
          ext4 ${A}p1 /mnt/data
          """, verdict: "fail", words: "beneath it is not behind LUKS",
        kinds: ["path", "mount", "partition", "disk"]),
      Stack(
        testDescription: "LVM over LUKS, and over a second disk in the clear",
        script: """
          luks $A x
          vgcreate -qq -y vg /dev/mapper/x $B
          lvcreate -qq -y -Zn -Wn -i 2 -L 256M -n lv vg
          ext4 /dev/mapper/vg-lv /mnt/data
          """, verdict: "fail", words: "'$B' beneath it is not behind LUKS"),
      Stack(
        testDescription: "LUKS over LVM",
        script: """
          vgcreate -qq -y vg $A; lvcreate -qq -y -Zn -Wn -L 256M -n lv vg
          luks /dev/mapper/vg-lv x; ext4 /dev/mapper/x /mnt/data
          """, verdict: "pass", kinds: ["mapping", "disk"]),
      Stack(
        testDescription: "an array of one encrypted disk and one in the clear",
        script: """
          luks $A x
          mdadm -q --create /dev/md7 --run -l0 -n2 /dev/mapper/x $B
          ext4 /dev/md7 /mnt/data
          """, verdict: "fail", words: "'$B' beneath it is not behind LUKS",
        kinds: ["array", "mapping", "disk"]),
      Stack(
        testDescription: "a loop device whose file is on the encrypted volume",
        script: """
          luks $A x; ext4 /dev/mapper/x /mnt/x
          truncate -s 64M /mnt/x/image; ext4 "$(losetup --show -f /mnt/x/image)" /mnt/data
          """, verdict: "pass", kinds: ["loop", "path", "mapping", "disk"]),
      Stack(
        testDescription: "a directory of the volume that is mounted elsewhere",
        script: "luks $A x; ext4 /dev/mapper/x /mnt/x; mkdir /mnt/x/d; mount -B /mnt/x/d /mnt/data",
        verdict: "pass", words: "every disk beneath '/mnt/data' is behind LUKS",
        kinds: ["path", "mount", "mapping", "disk"]),
      Stack(
        testDescription: "a directory in the clear that is mounted over one of the volume",
        script:
          "luks $A x; ext4 /dev/mapper/x /mnt/data; mkdir /mnt/clear; mount -B /mnt/clear /mnt/data",
        verdict: "fail", words: "'/dev/vda' beneath it is not behind LUKS"),
      Stack(
        testDescription: "a link that leads out of the volume",
        script: """
          luks $A x; ext4 /dev/mapper/x /mnt/x; mkdir /mnt/x/d /mnt/clear
          ln -s ../../clear /mnt/x/d/es; rmdir /mnt/data; ln -s x/d/es/deeper /mnt/data
          """, verdict: "fail", words: "'/dev/vda' beneath it", kinds: ["link", "mount", "disk"]),
      Stack(
        testDescription: "LUKS with a cipher that encrypts nothing",
        script: """
          luks $A x; dmsetup suspend x
          echo "0 $(blockdev --getsz /dev/mapper/x) crypt cipher_null-ecb - 0 $A 32768" | dmsetup reload x
          dmsetup resume x; ext4 /dev/mapper/x /mnt/data
          """, verdict: "fail", words: "encrypts nothing", kinds: ["mapping", "disk"]),
      Stack(
        testDescription: "plain dm-crypt",
        script: """
          echo -n 0123456789abcdef0123456789abcdef | cryptsetup open --type plain \
            --cipher aes-xts-plain64 --key-size 256 --key-file - $A x
          ext4 /dev/mapper/x /mnt/data
          """, verdict: "fail", words: "'x' is plain dm-crypt (aes-xts-plain64)"),
      Stack(
        testDescription: "a mapping of LUKS's name whose table was replaced",
        script: """
          luks $A x; ext4 /dev/mapper/x /mnt/data
          dmsetup suspend x; echo "0 $(blockdev --getsz /dev/mapper/x) linear $A 32768" | dmsetup reload x
          dmsetup resume x
          """, verdict: "unknown", words: "the table of 'x' is no single target of dm-crypt"),
      Stack(
        testDescription: "a suspended mapping, on which nothing answers",
        script: """
          luks $A x; ext4 /dev/mapper/x /mnt/data; mkdir /mnt/data/deeper
          echo 'path.data: /mnt/data/deeper' >/etc/elasticsearch/elasticsearch.yml
          echo 3 >/proc/sys/vm/drop_caches; dmsetup suspend x
          """, verdict: "unknown", words: "'x' is suspended"),
      Stack(
        testDescription: "a filesystem that never answers",
        script: "dead_filesystem",
        verdict: "unknown", words: "'/mnt/data' did not answer within 10 s"),
      Stack(
        testDescription: "memory that may be swapped to a disk in the clear",
        script: "mount -t tmpfs t /mnt/data; mkswap $A; swapon $A",
        verdict: "fail", words: "it lies in memory, which may be swapped to '$A'"),
      Stack(
        testDescription: "an overlay whose upper layer is on the volume",
        script: """
          modprobe overlay; luks $A x; ext4 /dev/mapper/x /mnt/x; mkdir /mnt/x/{u,w} /mnt/lower
          mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/x/u,workdir=/mnt/x/w o /mnt/data
          """, verdict: "pass", kinds: ["mount", "path", "mapping", "disk"]),
    ]

    @Test(arguments: stacks) func everyDiskBeneathCounts(stack: Stack) async throws {
      try await Machine.clean {
        let disks = try (NVMe(1), NVMe(2))
        try build(stack.script, disks)
        defer { _ = try? bash(Self.undoing) }
        let audit = try Audit("--check", "data-path")
        let finding = try #require(audit.findings.first, "\(audit.errors)")
        #expect(audit.findings.count == 1)
        #expect(finding.verdict == stack.verdict, "\(finding)")
        let words = stack.words.replacing("$A", with: disks.0.path)
          .replacing("$B", with: disks.1.path)
        #expect(finding.message.contains(words) || words.isEmpty, "\(finding)")
        #expect(audit.status == ["pass": 0, "fail": 3, "unknown": 1][stack.verdict])
        let kinds = audit.kinds(of: "data")
        #expect(kinds.isSuperset(of: stack.kinds), "\(kinds)")
      }
    }

    @Test func swapInTheClearFailsAndSwapOnLUKSPasses() async throws {
      try await Machine.clean {
        let disks = try (NVMe(1), NVMe(2))
        try build("luks $A x; mkswap /dev/mapper/x; swapon /dev/mapper/x", disks)
        #expect(try Audit("--check", "swap").verdicts == ["pass"])
        try build("mkswap $B; swapon $B", disks)
        let clear = try Audit("--check", "swap")
        #expect(clear.verdicts.sorted() == ["fail", "pass"] && clear.status == 3)
        #expect(clear.findings.contains { $0.advice == "Switch it off: swapoff \(disks.1.path)" })
        // It may not use it.
        try bash("echo MemorySwapMax=0 >/run/stand-in/properties")
        #expect(try Audit("--check", "swap").verdicts == ["pass", "pass"])
        try bash("swapoff -a")
        #expect(try Audit("--check", "swap").verdicts == ["pass"])
      }
    }

    @Test func anAreaThatDoesNotAnswerHidesNoOther() async throws {
      try await Machine.clean {
        defer {
          _ = try? bash(
            "pkill -KILL -f '^python3.*dead-filesystem'; umount /mnt/data; swapoff -a; umount /mnt/data"
          )
        }
        try build(
          """
          ext4 $A /mnt/data
          dd if=/dev/zero of=/mnt/data/swap bs=1M count=16 status=none
          chmod 600 /mnt/data/swap
          for area in /mnt/data/swap $B; do mkswap $area; swapon $area; done
          dead_filesystem
          """, (NVMe(1), NVMe(2)))
        let audit = try Audit("--check", "swap")
        #expect(audit.verdicts.sorted() == ["fail", "unknown"] && audit.status == 3)
      }
    }

    @Test func swapWithARandomKeyPasses() async throws {
      try await Machine.clean {
        try build(
          """
          head -c 64 /dev/urandom | cryptsetup open --type plain --cipher aes-xts-plain64 \
            --key-size 512 --key-file - $A swap
          mkswap /dev/mapper/swap; swapon /dev/mapper/swap
          """, (NVMe(1), NVMe(2)))
        defer { _ = try? bash("rm -f /etc/crypttab; swapoff -a; dmsetup remove swap") }
        #expect(try Audit("--check", "swap").verdicts == ["fail"])
        try bash("echo 'swap /dev/x /dev/urandom swap' >/etc/crypttab")
        #expect(try Audit("--check", "swap").verdicts == ["pass"])
      }
    }

    @Test func compressedMemoryIsNoDisk() async throws {
      try await Machine.clean {
        try bash(
          "modprobe zram; echo 32M >/sys/block/zram0/disksize; mkswap /dev/zram0; swapon /dev/zram0"
        )
        defer { _ = try? bash("swapoff -a; echo 1 >/sys/block/zram0/reset") }
        #expect(try Audit("--check", "swap").verdicts == ["pass"])
      }
    }

    /// What a shell sees at the path is not what the service writes to.
    @Test func theDirectoriesAreThoseThatTheServiceSees() async throws {
      try await Machine.clean {
        try build("luks $A x; ext4 /dev/mapper/x /mnt/data; mkdir /mnt/clear", (NVMe(1), NVMe(2)))
        let service = try Background(
          """
          mkdir -p /sys/fs/cgroup/es; echo $$ >/sys/fs/cgroup/es/cgroup.procs
          exec unshare -m bash -c 'mount -B /mnt/clear /mnt/data; exec sleep 1000'
          """)
        defer { service.end() }
        #expect(try Audit("--check", "data-path").verdicts == ["pass"])
        try bash("echo ControlGroup=/es >/run/stand-in/properties")
        #expect(try Audit("--check", "data-path").verdicts == ["fail"])
      }
    }

    @Test func coreDumpsAreJudgedByTheProcessesThatRun() async throws {
      try await Machine.clean {
        try build("", (NVMe(1), NVMe(2)))
        #expect(try Audit("--check", "core-dumps").verdicts == ["unknown"])
        try bash("echo LimitCORESoft=0 >/run/stand-in/properties")
        #expect(try Audit("--check", "core-dumps").verdicts == ["pass"])
        let service = try Background(
          "cd /; ulimit -c unlimited; mkdir -p /sys/fs/cgroup/es; echo $$ >/sys/fs/cgroup/es/cgroup.procs; exec sleep 1000"
        )
        defer { service.end() }
        try bash("echo ControlGroup=/es >>/run/stand-in/properties")
        let running = try Audit("--check", "core-dumps")
        #expect(running.verdicts == ["fail"])
        #expect(
          running.findings.first?.message.hasPrefix("process \(service.id) may write") == true)
      }
    }

    @Test func dataThatWasLeftBehindIsFound() async throws {
      try await Machine.clean {
        try VolumeTemplate.place()
        try OpenVolume.open(NVMe(1))
        try bash("mount /dev/mapper/esvol /mnt/es; systemctl start elasticsearch.service")
        #expect(
          try Audit("--check", "left-behind-data", "--check", "data-path").verdicts == [
            "pass", "pass",
          ])
        try bash("cp -a /mnt/es/elasticsearch/nodes /var/lib/elasticsearch/")
        let audit = try Audit("--check", "left-behind-data")
        #expect(audit.verdicts == ["fail"] && audit.status == 3)
        #expect(audit.findings.first?.subject == "/var/lib/elasticsearch")
      }
    }

    @Test func anOrdinaryUserIsToldWhatWasNotSeen() async throws {
      try await Machine.clean {
        try build("luks $A x; ext4 /dev/mapper/x /mnt/data", (NVMe(1), NVMe(2)))
        try bash("chmod -R a+rX /etc/elasticsearch")
        let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "/payload/esvault"]
        let audit = Audit(
          try run(
            "/usr/bin/setpriv", nobody + ["audit", "--check", "data-path", "--format", "json"]))
        #expect(audit.verdicts == ["unknown"] && audit.status == 1, "\(audit.errors)")
        #expect(audit.findings.first?.message.contains("only root sees the cipher of 'x'") == true)
      }
    }

    private func build(_ script: String, _ disks: (NVMe, NVMe)) throws {
      try bash(
        """
        A=\(disks.0.path) B=\(disks.1.path)
        dead_filesystem() {
          modprobe fuse
          python3 -c '\(Self.deadFilesystem)' dead-filesystem </dev/null >/dev/null 2>&1 &
          until grep -q '^dead /mnt/data ' /proc/mounts; do sleep 0.1; done
        }
        luks() {
          echo -n key | cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 \
            --pbkdf-force-iterations 1000 --key-file - "$1"
          echo -n key | cryptsetup open --key-file - "$1" "$2"
        }
        ext4() { mkdir -p "$2"; mke2fs -q -t ext4 -E lazy_itable_init=1 "$1"; mount "$1" "$2"; }
        mkdir -p /mnt/data
        echo 'path.data: /mnt/data' >/etc/elasticsearch/elasticsearch.yml
        \(script)
        """)
    }

    /// FUSE without anybody who answers the kernel, as a server of files that is away (fuse(4)).
    private static let deadFilesystem = """
      import ctypes, os, time
      os.closerange(3, 256)  # of the test, which would wait for whoever has them
      fuse = os.open("/dev/fuse", os.O_RDWR)
      options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % fuse
      ctypes.CDLL(None).mount(b"dead", b"/mnt/data", b"fuse", 0, options)
      time.sleep(1000)
      """

    /// Takes the stacks apart from above, which cleaning the machine would find out by waiting.
    private static let undoing = """
      set +e
      dmsetup info -c --noheadings -o name,suspended | sed -n 's/:Suspended//p' | xargs -r -n 1 dmsetup resume
      swapoff -a
      pkill -KILL -f "^python3.*dead-filesystem"  # it may have blocked others, as this runner has
      umount /mnt/data
      losetup -D
      umount /mnt/x
      ! grep -q '^md' /proc/mdstat || mdadm -q --stop --scan
      ! dmsetup ls | grep -q '^vg-' || vgchange -qq -an
      for name in x y; do dmsetup remove $name; done 2>/dev/null
      true
      """
  }
}

/// A run of `esvault audit`, and what its JSON document says.
private struct Audit {
  struct Finding {
    let verdict, subject, message, advice: String
  }

  let status: Int32
  let errors: String
  let findings: [Finding]
  private let places: [[String: Any]]

  init(_ arguments: String...) throws {
    self.init(
      try run(
        "/usr/bin/timeout", ["60", "/payload/esvault", "audit", "--format", "json"] + arguments))
  }

  init(_ output: Output) {
    (status, errors) = (output.status, output.errors)
    let json = try? JSONSerialization.jsonObject(with: Data(output.text.utf8)) as? [String: Any]
    places = json?["places"] as? [[String: Any]] ?? []
    findings = (json?["findings"] as? [[String: Any]] ?? []).map { finding in
      func text(_ key: String) -> String { finding[key] as? String ?? "" }
      return Finding(
        verdict: text("verdict"), subject: text("subject"), message: text("message"),
        advice: text("advice"))
    }
  }

  var verdicts: [String] { findings.map(\.verdict) }

  func kinds(of purpose: String) -> Set<String> {
    let chains = places.filter { $0["purpose"] as? String == purpose }
      .flatMap { $0["chain"] as? [[String: Any]] ?? [] }
    return Set(chains.compactMap { $0["kind"] as? String })
  }
}
