/// `--wipe DEVICE`: the second naming of the disk must mean the same disk.
struct WipeOrder {
  let spec: VolumeSpec
  let facts: Facts

  init(_ spec: VolumeSpec, _ facts: Facts) {
    self.spec = spec
    self.facts = facts
  }

  func check(against disk: DiskFacts) throws(Refusal) {
    guard let word = spec.wipe else { return }
    let wiped =
      word.hasPrefix("/")
      ? try facts.disk(
        meant: word, leadingTo: facts.wiped, advice: "List the disks: esvault devices")
      : facts.disks.first { $0.disk.isMeant(by: word) }
    guard wiped?.disk.path == disk.disk.path else {
      throw Refusal(
        "--wipe names '\(word)', and the disk is '\(disk.disk.path)'",
        advice:
          "Name the same disk twice, if it is the one to be wiped: esvault provision \(disk.disk.path) --wipe \(disk.disk.path)"
      )
    }
  }
}
