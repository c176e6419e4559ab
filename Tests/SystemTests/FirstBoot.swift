import Foundation
import Lab
import Testing

/// An instance that has never run: the real cloud-init finds the example as its user data.
///
/// Three things are put in the place of the example's own: where the package is, its SHA-256, and the
/// device. A web server in the machine stands in for the operator's.
struct FirstBoot: Sendable {
  let machine: Machine
  /// The raw disk that becomes the volume, as this computer sees it; not plugged in yet.
  let disk: Image

  var node: Node { Node(machine: machine) }
  var volume: Machine.Disk { Machine.Disk(serial: Self.serial, file: disk.path, bytes: nil) }

  private static let serial = "vol0fedcba987654321"

  /// The example with the places of this machine.
  static func userData() throws -> String {
    let sum = try Image(path: Checkout.package("deb")).sha256()
    var text = try Checkout.text(of: "Playbooks/cloud-init/user-data.yml")
    for (part, own) in [
      ("https://packages.example.com/esvault_0.1.0_amd64.deb", "http://127.0.0.1:8000/esvault.deb"),
      (String(repeating: "0", count: 64), sum), ("/dev/sdf", serial),
    ] {
      guard text.components(separatedBy: part).count == 2 else {
        throw Failure("the example does not have '\(part)' once")
      }
      text = text.replacingOccurrences(of: part, with: own)
    }
    return text
  }

  /// Undoes what the lab's image had before, and pulls the plug: ``Machine/resume(disks:)`` is the first
  /// boot.
  fileprivate func prepare() throws {
    try machine.bash("mkdir -p /srv/packages")
    try machine.copy(Checkout.package("deb"), to: "/srv/packages/esvault.deb")
    try machine.bash(
      "mkdir -p \(Self.seed); cat >\(Self.seed)/user-data", input: try Self.userData())
    try machine.bash("cat >/usr/local/sbin/hold; chmod +x /usr/local/sbin/hold", input: Self.hold)
    try machine.bash(Self.preparation)
    try machine.kill()
  }

  private static let seed = "/var/lib/cloud/seed/nocloud"

  private static let preparation = """
    printf 'instance-id: first\\nlocal-hostname: machine\\n' >\(seed)/meta-data
    rm /etc/cloud/cloud-init.disabled
    cat >/etc/cloud/cloud.cfg.d/99-lab.cfg <<'END'
    # Network, ssh and users are the lab's. What is left of the modules is what the example uses, and one
    # of each stage.
    datasource_list: [NoCloud, None]
    network: {config: disabled}
    cloud_init_modules: [bootcmd]
    cloud_config_modules: [runcmd]
    cloud_final_modules: [final-message]
    END
    # There is no network, so no list of packages can be fetched.
    rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
    # As an image may have it.
    systemctl enable --quiet elasticsearch.service
    cat >/etc/systemd/system/packages.service <<'END'
    [Service]
    ExecStart=python3 -m http.server --bind 127.0.0.1 --directory /srv/packages 8000
    [Install]
    WantedBy=multi-user.target
    END
    cat >/etc/systemd/system/hold.service <<'END'
    [Unit]
    DefaultDependencies=no
    Before=cloud-init-local.service
    RequiresMountsFor=/root
    [Service]
    RemainAfterExit=yes
    ExecStart=/usr/local/sbin/hold
    [Install]
    WantedBy=sysinit.target
    END
    systemctl enable hold.service
    printf '%s\\n' unpacking format filesystem starting >/root/stages
    sync
    """

  /// Stops the work in the middle of the stage that is next on a list, so that the plug can be pulled
  /// there: a machine is fast, and whoever watches it from outside comes too late.
  private static let hold = #"""
    #!/bin/bash
    read -r stage </root/stages || exit 0
    sed -i 1d /root/stages
    sync /root/stages
    written() { local fields; read -ra fields <"$1" && ((fields[4] > 0)); } 2>/dev/null
    unpacking() { [[ -e /usr/sbin/esvault.dpkg-new ]]; }
    format() { written /sys/block/nvme0n1/stat; }
    filesystem() { written /sys/block/dm-0/stat; }
    starting() {
      local settings
      read -rd '' settings </etc/elasticsearch/elasticsearch.yml
      [[ $settings == *'path.data: /mnt/es'* ]]
    }
    exec {never}<> <(:)
    until "$stage"; do read -rt 0.05 -u "$never"; done
    for unit in esvault-install esvault-provision; do
      echo 1 >/sys/fs/cgroup/system.slice/$unit.service/cgroup.freeze
    done 2>/dev/null
    echo "$stage" >/run/held
    """#

  /// Makes the machine that the tests of a suite boot.
  struct Shared: SuiteTrait, TestScoping {
    @TaskLocal fileprivate static var current: FirstBoot?

    func provideScope(
      for test: Test, testCase: Test.Case?,
      performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
      try await Image.withSparse(bytes: 512 << 20) { image in
        try await Machine.with { machine in
          let first = FirstBoot(machine: machine, disk: image)
          try first.prepare()
          try await Self.$current.withValue(first) { try await body() }
        }
      }
    }
  }

  /// The machine of the suite that is running.
  static var shared: FirstBoot {
    get throws { try #require(Shared.current, "the suite has no machine") }
  }
}

extension Trait where Self == FirstBoot.Shared {
  static var firstBoot: Self { FirstBoot.Shared() }
}
