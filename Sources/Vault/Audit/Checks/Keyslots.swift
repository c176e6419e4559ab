import BlockDevices
import Elasticsearch
import LUKS

extension Check {
  /// A keyslot is as strong as its key, or as the work that each guess at the key costs.
  ///
  /// esvault gives PBKDF2 with 1000 iterations, LUKS2's minimum, to its own first keyslot alone, and only
  /// where it generated the key or `--key-is-random` vouched for it. Nothing on the disk proves that;
  /// it is believed where esvault's token is in the header, and the key is not too short to be true: below
  /// 32 bytes no file holds 256 random bits. Every other keyslot needs work: argon2 with 32 MiB, the least
  /// that esvault gives, or PBKDF2 with 210,000 iterations of SHA-512 or 600,000 of another hash (OWASP Password
  /// Storage Cheat Sheet).
  ///
  /// A keyslot that takes more memory than the heap leaves cannot be opened beside the running node.
  static let keyslots = Check(
    "keyslots", .warning,
    "Each keyslot makes guessing its key slow, or its key random, and the machine has the memory to open it.",
    reason:
      "Who has the disk can guess at keys as fast as he can buy computers; and a volume that needs more memory than there is stays closed."
  ) { facts in
    facts.madeVolumes.map { volume in
      volume.judgeHeader { header, disk in
        let keyslots = header.keyslots.filter { !$0.isUnbound && !$0.kdf.isEmpty }
        let evidence = keyslots.map(\.evidence)
        guard !keyslots.isEmpty else {
          return .fail(
            volume.name, "'\(disk.path)' has no keyslot: nobody can open it once it is closed",
            advice:
              "Save its data while it is open. See what is left: cryptsetup luksDump \(disk.path.shellWord)",
            evidence: evidence)
        }
        for keyslot in keyslots {
          guard let weakness = volume.weakness(of: keyslot, header, memory: facts.memory) else {
            continue
          }
          return .fail(
            volume.name, "keyslot \(keyslot.id) \(weakness)",
            advice:
              "Make the derivation of that key anew, with work that fits the machine: cryptsetup luksConvertKey --pbkdf argon2id --pbkdf-memory \(volume.suitedMemory(facts.memory)) --key-slot \(keyslot.id) \(disk.path.shellWord)",
            evidence: evidence)
        }
        return .pass(
          volume.name, evidence.joined(separator: "; "), evidence: evidence)
      }
    }
  }
}

extension AuditedVolume {
  fileprivate func weakness(of keyslot: Keyslot, _ header: Header, memory: UInt64) -> String? {
    if let needed = keyslot.memoryKiB {
      guard needed >= KeyDerivation.argonFloorKiB else {
        return
          "takes \(needed) KiB of memory for a guess: a graphics card makes thousands at a time"
      }
      let left = memory - min(heap(memory), memory)
      return UInt64(needed) << 10 <= left
        ? nil
        : "takes \(needed >> 10) MiB of memory, and the heap leaves \(left >> 20) MiB of the machine's"
    }
    guard !keyslot.isSlow else { return nil }
    let guess =
      "costs only \(keyslot.iterations) rounds of \(keyslot.hash ?? "a hash") for a guess"
    guard keyslot.id == 0, header.hasOwnToken else {
      return
        "\(guess): unless its key is random, a graphics card guesses millions in a second"
    }
    // 256 random bits need as many.
    guard let bytes = boot.key?.plainBytes, bytes < 32 else { return nil }
    return "\(guess), and the key has only \(bytes) bytes: too few to be random"
  }

  /// The heap in bytes, as configured or else as Elasticsearch chooses it.
  private func heap(_ memory: UInt64) -> UInt64 {
    chain.heap.value ?? Heap.recommended(memory: memory)
  }

  /// In KiB.
  fileprivate func suitedMemory(_ memory: UInt64) -> Int {
    let suited = KeyDerivation.suited(isRandom: false, memory: memory, heap: heap(memory))
    guard case .argon2id(let maximum, _) = suited else { return KeyDerivation.argonFloorKiB }
    return maximum
  }
}

extension StoredKeyFacts {
  /// How long the key is; nil where it is encrypted, or out of sight.
  fileprivate var plainBytes: UInt64? { sealing == nil ? file.value?.bytes : nil }
}

extension Header {
  /// Whether esvault has made it, as far as it says itself.
  fileprivate var hasOwnToken: Bool {
    tokens.contains { token in
      token.type == VolumeToken.type && (try? VolumeToken.decode(token.json)) != nil
    }
  }
}

extension Keyslot {
  /// Whether PBKDF2 alone is work enough for a key that a person chose.
  fileprivate var isSlow: Bool { iterations >= (hash == "sha512" ? 210_000 : 600_000) }

  fileprivate var evidence: String {
    let cost = memoryKiB.map { ", \($0) KiB" } ?? hash.map { " with \($0)" } ?? ""
    return "keyslot \(id): \(kdf)\(cost), \(iterations) iterations"
  }
}
