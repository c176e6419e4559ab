import Vault

extension JSON {
  /// A volume, as every document of esvault shows it.
  init(_ volume: VolumeStatus) {
    self = .object(volume.members)
  }
}

extension VolumeStatus {
  var members: [String: JSON] {
    [
      "name": .string(name), "device": JSON(device), "serial": JSON(serial), "model": JSON(model),
      "bytes": JSON(bytes), "uuid": JSON(uuid), "cipher": JSON(cipher), "keyBits": JSON(keyBits),
      "sectorSize": JSON(sectorSize), "open": .bool(isOpen), "mount": JSON(mount),
      "filesystem": JSON(filesystem), "dataPath": .string(dataPath), "nodeID": JSON(nodeID),
      "heapBytes": JSON(heapBytes), "heapOption": JSON(heapOption), "service": .string(service),
      "serviceState": .string(serviceState), "version": JSON(version),
      "unknown": .array(unknown.map(JSON.string)),
    ]
  }
}
