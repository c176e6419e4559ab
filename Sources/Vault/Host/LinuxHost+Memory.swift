import BlockDevices
import Glibc
import LUKS

extension LinuxHost {
  /// Memory of the machine in bytes.
  package static func memory() -> UInt64 {
    UInt64(sysconf(Int32(_SC_PHYS_PAGES))) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Memory that can be had without swapping, in bytes; as proc_meminfo(5) estimates it.
  package static func availableMemory() -> UInt64 {
    let text = (try? AtomicFile("/proc/meminfo").bytes()) ?? []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "MemAvailable:", words.count > 1, let kibibytes = UInt64(words[1]) {
        return kibibytes << 10
      }
    }
    return memory() / 2
  }

  /// How much memory the key derivation of each recorded volume takes, in bytes.
  ///
  /// A disk that is not there yet counts as cryptsetup's upper limit, 1 GiB.
  package static func derivationMemory(of specs: [VolumeSpec]) throws -> [UInt64] {
    let disks = try DiskSurvey().all { _ in false }
    return specs.map { spec in
      guard case .header(let header)? = disks.first(where: { $0.luksUUID == spec.uuid })?.header
      else { return UInt64(KeyDerivation.argonLimitKiB) << 10 }
      return UInt64(header.keyslots.compactMap(\.memoryKiB).max() ?? 0) << 10
    }
  }
}
