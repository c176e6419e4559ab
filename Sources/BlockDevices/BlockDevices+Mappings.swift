extension BlockDevices {
  /// The number of device-mapper's mapping with this name; nil where there is none.
  ///
  /// Sysfs has it from the first moment on; its node in /dev/mapper comes later, and only from udev.
  package func number(ofMapping name: String) -> DeviceNumber? {
    let folders = sys.names("block").map { "block/\($0)" }
    return folders.first { sys.text("\($0)/dm/name") == name }
      .flatMap { sys.text("\($0)/dev") }.flatMap { DeviceNumber($0) }
  }
}
