extension Check {
  /// In an immutable directory (chattr(1), `+i`) nobody makes a file, not even root. The directory is
  /// hidden while the volume is mounted, and looked at all the same: through a copy of the mount
  /// beneath it that is in no mount table (open_tree(2), Linux 5.2; needs root).
  static let mountGuard = Check(
    "mount-guard", .error, "Nothing can be written at the mount point while the volume is away.",
    reason:
      "A program that starts while the volume is not mounted would write its files on the disk beneath, in the clear, and hidden from then on."
  ) { facts in
    facts.madeVolumes.map { volume in
      let (name, mount) = (volume.name, volume.spec.mount)
      return volume.judge(volume.boot.guarding, "the directory '\(mount)' beneath its mount") {
        switch $0 {
        case true?: return .pass(name, "the directory '\(mount)' is immutable")
        case false?:
          return .fail(
            name, "the directory '\(mount)' is not immutable",
            advice:
              "While the volume is not mounted: esvault lock \(name) && chattr +i \(mount.shellWord) && esvault unlock \(name)"
          )
        case nil:
          return .fail(
            name, "there is no directory '\(mount)' to mount the volume on",
            advice: "Let esvault make it: esvault provision --name \(name)")
        }
      }
    }
  }
}
