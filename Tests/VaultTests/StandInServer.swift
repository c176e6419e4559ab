import Foundation
import Glibc

@testable import Vault

/// A server on the loopback that answers every connection in the same way, whatever it is asked.
final class StandInServer: Sendable {
  enum Manner: Sendable {
    /// Sends the bytes, and closes.
    case sends([UInt8])
    /// Sends the bytes again and again, so many milliseconds apart, for as long as somebody listens.
    case drips([UInt8], every: UInt32)
    /// Says nothing, and keeps the connection.
    case isSilent
  }

  let socket: ListeningSocket
  private let descriptor: CInt

  init(_ manner: Manner) throws {
    descriptor = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, size)
        _ = listen(descriptor, 5)
        _ = getsockname(descriptor, $0, &size)
      }
    }
    socket = ListeningSocket(address: [127, 0, 0, 1], port: address.sin_port.bigEndian)
    Thread.detachNewThread {
      while true {
        let connection = accept(descriptor, nil, nil)
        // Closed here alone: a number that is given to another socket would be answered for.
        guard connection >= 0 else {
          _ = close(descriptor)
          return
        }
        Self.answer(connection, manner)
      }
    }
  }

  convenience init(status: String, _ body: String, _ header: String = "") throws {
    let text = "HTTP/1.1 \(status)\r\n\(header)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    try self.init(.sends(Array(text.utf8)))
  }

  deinit { shutdown(descriptor, CInt(SHUT_RDWR)) }

  private static func answer(_ connection: CInt, _ manner: Manner) {
    var request = [UInt8](repeating: 0, count: 4096)
    _ = recv(connection, &request, request.count, 0)
    func send(_ bytes: [UInt8]) -> Bool {
      Glibc.send(connection, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
    }
    switch manner {
    case .sends(let bytes): _ = send(bytes)
    case .drips(let bytes, let pause): while send(bytes) { usleep(pause * 1000) }
    case .isSilent: while recv(connection, &request, request.count, 0) > 0 {}
    }
    // Not closed alone: a program that another test is starting may have a copy, and then the other
    // side would never see the end.
    shutdown(connection, CInt(SHUT_RDWR))
    close(connection)
  }
}
