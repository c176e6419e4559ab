/// What systemd lets a service's processes do with memory (systemd.exec(5), systemd.resource-control(5)),
/// defaults included; nil where systemctl does not say it.
struct ServiceLimits: Equatable {
  /// `LimitCORE=`, the soft limit, in bytes; `infinity` for none.
  var core: String?
  /// `LimitMEMLOCK=`, the same.
  var lockedMemory: String?
  /// `MemorySwapMax=`, the same.
  var swap: String?

  static let properties = [
    "LimitCORE", "LimitCORESoft", "LimitMEMLOCK", "LimitMEMLOCKSoft", "MemorySwapMax",
  ]

  init() {}

  init(_ value: (String) -> String?) {
    core = value("LimitCORESoft") ?? value("LimitCORE")
    lockedMemory = value("LimitMEMLOCKSoft") ?? value("LimitMEMLOCK")
    swap = value("MemorySwapMax")
  }
}
