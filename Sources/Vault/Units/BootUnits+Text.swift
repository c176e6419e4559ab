/// What the unit files say.
extension BootUnits {
  /// The service that opens all volumes, and closes them again.
  var unlockText: String {
    """
    [Unit]
    Description=Open Elasticsearch's encrypted volumes
    # At shutdown that one takes every mapping down that nobody holds: what is opened here, is closed here.
    After=blk-availability.service

    # Nothing here may put it into a mount namespace of its own, as PrivateTmp= and ProtectSystem= do:
    # nobody else would see what it mounts.
    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=\(command("unlock", "--no-start"))
    ExecStop=\(command("lock"))
    # Every wait of esvault has a bound of its own. What repairs a filesystem must never be killed.
    TimeoutSec=infinity
    KillMode=process
    SendSIGKILL=no

    [Install]
    WantedBy=multi-user.target
    """
  }

  /// What one volume adds to that service.
  var volumeText: String {
    let unit = "[Unit]\nBefore=\(service)" + parentsText
    guard let credential else { return unit }
    // By name, and not by path: a credential that is gone then fails one volume, and not the service.
    let setting = credential.isEncrypted ? "LoadCredentialEncrypted" : "LoadCredential"
    return "\(unit)\n\n[Service]\n\(setting)=\(credential.name)"
  }

  /// A filesystem that is mounted above the mount point afterwards would hide the volume: a cloud's
  /// temporary disk at `/mnt`, which a boot does not wait for.
  private var parentsText: String {
    let names = AbsolutePath.parts(of: mount, below: "").dropLast()
    guard !names.isEmpty else { return "" }
    let parents = names.indices.map { "/" + names[...$0].joined(separator: "/") }
    return "\nAfter=" + parents.map(UnitName.mount).joined(separator: " ")
  }

  /// The mount, so that systemd can order it and notices when it goes away.
  var mountText: String {
    let source =
      diskLink.map {
        "\n# The disk was pulled out.\nStopPropagatedFrom=\(UnitName.device("/dev/disk/by-id/\($0)"))"
      } ?? ""
    return """
      [Unit]
      Description=Elasticsearch's encrypted volume '\(name)'
      # \(Self.unlock) mounts it: systemd takes it over, orders it, and unmounts it at shutdown.
      # By default it would come before local-fs.target, which is long over when a volume is opened.
      DefaultDependencies=no
      RefuseManualStart=yes
      After=\(Self.unlock)
      Before=umount.target
      Conflicts=umount.target
      PropagatesStopTo=\(service)\(source)

      [Mount]
      What=/dev/mapper/\(name)
      Where=\(UnitText.path(mount))
      Type=ext4
      Options=noatime,nodev,nosuid
      # Unmounting writes what is still in memory, gigabytes perhaps.
      TimeoutSec=600
      """
  }

  /// What keeps Elasticsearch from starting beside its volume.
  var gateText: String {
    """
    [Unit]
    # Wants, not Requires: systemd would say no more than that a dependency failed.
    Wants=\(Self.unlock)
    After=\(Self.unlock) \(mountUnit)
    # Who stops or restarts the unlocking stops or restarts Elasticsearch around it.
    PartOf=\(Self.unlock)

    [Service]
    # Its one line says why Elasticsearch does not start, and what to do.
    ExecStartPre=\(command("status", "--require", "--path-data", name, prefix: "+"))
    """ + coreDumpText + temporaryText
  }

  private var coreDumpText: String {
    keepsCoreDumps
      ? ""
      : """

      # A core dump holds documents, and the system writes it beside the volume.
      LimitCORE=0
      """
  }

  private var temporaryText: String {
    guard let temporary else { return "" }
    return """

      # Temporary files stay on the encrypted volume.
      Environment=\(UnitText.word("\(temporary.name)=\(temporary.value)"))
      """
  }
}
