import LUKS

/// The step that makes a volume of another machine this machine's own.
extension LinuxHost {
  /// Writes the volume's new token and label; keyslots and all other tokens stay as they are.
  func adopt(_ adoption: Adoption) throws {
    let (_, id) = try checkedHeader(adoption.opening)
    var device = try LUKSDevice.open(adoption.opening.disk.path)
    try device.load()
    _ = try device.writeToken(adoption.token.json(), id: id)
    try device.write(label: VolumeName.label(adoption.token.name), subsystem: VolumeName.subsystem)
  }
}
