extension Check {
  /// Each area of `/proc/swaps` (proc_swaps(5)) is behind LUKS, or in memory (zram without a device
  /// behind it), or encrypted with a random key of each boot (crypttab(5)). An area in the clear passes
  /// where no service may use it: `MemorySwapMax=0` (systemd.resource-control(5)), or
  /// `bootstrap.memory_lock` with memory that is really locked (proc_pid_status(5), `VmLck`).
  static let swap = Check(
    "swap", .error, "No memory of Elasticsearch is swapped to a disk in the clear.",
    reason: "What is swapped out stays on the disk, documents and keys, also after a restart.",
    controls: [.protectionAtRest]
  ) { facts in
    let services = facts.writing.services
    guard !services.isEmpty else { return [] }
    let areas = facts.places.filter { $0.purpose == .swap }
    guard !areas.isEmpty else { return [.pass("swap", "nothing is swapped to: no area is in use")] }
    let reasons = services.map(\.reasonNotToSwap)
    return areas.map { area in
      let seen = area.observation { "Switch it off: swapoff \($0.path.shellWord)" }
      guard seen.verdict != .pass, !reasons.contains(nil) else { return seen }
      return .pass(
        area.path, "'\(area.path)' is not used for Elasticsearch",
        evidence: reasons.compactMap(\.self) + seen.evidence)
    }
  }
}
