import Glibc
import SystemPackage

/// A place where a process of this machine listens for TCP connections.
struct ListeningSocket: Hashable {
  /// Four bytes, or sixteen.
  let address: [UInt8]
  let port: UInt16

  /// The sockets of some processes, by port. What a process has open is compared with what the kernel
  /// lists, so that no settings have to be read, and nobody else's port is ever taken for a node's.
  ///
  /// Empty for processes in a network of their own (`PrivateNetwork=`): from here their addresses mean
  /// somebody else.
  static func of(processes: [String]) -> [ListeningSocket] {
    let own = try? FilePath.target(of: "/proc/self/ns/net")
    var found: Set<ListeningSocket> = []
    for process in processes {
      let folder = "/proc/\(process)"
      guard let network = try? FilePath.target(of: "\(folder)/ns/net"), network == own else {
        continue
      }
      let inodes = Set(
        (Directories.names(in: "\(folder)/fd") ?? []).compactMap { name -> String? in
          guard let target = try? FilePath.target(of: "\(folder)/fd/\(name)"),
            target.hasPrefix("socket:[")
          else { return nil }
          return String(target.dropFirst("socket:[".count).dropLast())
        })
      for table in ["tcp", "tcp6"] {
        let bytes = (try? AtomicFile("\(folder)/net/\(table)").bytes()) ?? []
        found.formUnion(listed(String(decoding: bytes, as: UTF8.self), inodes))
      }
    }
    return found.sorted { ($0.port, $0.address.count) < ($1.port, $1.address.count) }
  }

  /// Those of a table of proc_pid_net(5) that listen and have one of these inodes.
  static func listed(_ table: String, _ inodes: Set<String>) -> [ListeningSocket] {
    table.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      // 0A is TCP_LISTEN.
      guard fields.count > 9, fields[3] == "0A", inodes.contains(String(fields[9])) else {
        return nil
      }
      return ListeningSocket(fields[1])
    }
  }

  /// Reads `0100007F:23F0`: each four bytes of the address as one number, in the machine's own order.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, [8, 32].contains(parts[0].utf8.count),
      let port = UInt16(parts[1], radix: 16)
    else { return nil }
    var address: [UInt8] = []
    var digits = parts[0][...]
    while !digits.isEmpty {
      guard let word = UInt32(digits.prefix(8), radix: 16) else { return nil }
      withUnsafeBytes(of: word) { address += $0 }
      digits = digits.dropFirst(8)
    }
    self.init(address: address, port: port)
  }

  init(address: [UInt8], port: UInt16) {
    self.port = port
    // An address of IPv4 within IPv6, as Java writes it.
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    self.address = address.starts(with: mapped) ? Array(address.suffix(4)) : address
  }

  /// How a person writes it, and how it is written in a request.
  var text: String {
    guard address.count == 16 else {
      return address.map { "\($0)" }.joined(separator: ".") + ":\(port)"
    }
    let words = stride(from: 0, to: 16, by: 2).map {
      String(UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]), radix: 16)
    }
    return "[\(words.joined(separator: ":"))]:\(port)"
  }

  /// Where to connect to: one that listens everywhere listens on the loopback, too.
  var connectable: ListeningSocket {
    guard address.allSatisfy({ $0 == 0 }) else { return self }
    let loopback: [UInt8] =
      address.count == 4 ? [127, 0, 0, 1] : [UInt8](repeating: 0, count: 15) + [1]
    return ListeningSocket(address: loopback, port: port)
  }
}
