import Glibc

/// One GET request to a socket of this machine, in the clear, with a bound on its time and its size.
struct LocalRequest {
  let socket: ListeningSocket
  /// In all, however slowly the answer drips.
  var limit = Duration.seconds(5)
  /// Of the answer, in bytes; a node's own is some hundred.
  var greatestAnswer = 1 << 20

  /// Why there is no answer. A node that speaks TLS closes, or answers with an alert.
  enum Failure: Error, Equatable {
    case unreachable(errno: CInt)
    case notHTTP
    case tooLong
    case tooLarge
  }

  func get(_ path: String) throws(Failure) -> HTTPMessage {
    let deadline = ContinuousClock.now + limit
    let connection = Glibc.socket(
      socket.address.count == 4 ? AF_INET : AF_INET6,
      CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard connection >= 0 else { throw .unreachable(errno: errno) }
    defer { close(connection) }
    try connect(connection, until: deadline)
    let request =
      "GET \(path) HTTP/1.1\r\nHost: \(socket.text)\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    try send(Array(request.utf8), to: connection, until: deadline)
    return try receive(from: connection, until: deadline)
  }

  private func connect(
    _ connection: CInt, until deadline: ContinuousClock.Instant
  ) throws(Failure) {
    let result =
      socket.address.count == 4
      ? Self.call(connection, socket.ipv4) : Self.call(connection, socket.ipv6)
    if result == 0 { return }
    guard errno == EINPROGRESS else { throw .unreachable(errno: errno) }
    try wait(connection, for: POLLOUT, until: deadline)
    var problem: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    getsockopt(connection, SOL_SOCKET, SO_ERROR, &problem, &size)
    guard problem == 0 else { throw .unreachable(errno: problem) }
  }

  private static func call<Address>(_ connection: CInt, _ address: Address) -> CInt {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(connection, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }

  private func send(
    _ bytes: [UInt8], to connection: CInt, until deadline: ContinuousClock.Instant
  ) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      try wait(connection, for: POLLOUT, until: deadline)
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count < 0, Self.isForAMoment(errno) { continue }
      guard count > 0 else { throw .notHTTP }
      rest = rest.dropFirst(count)
    }
  }

  private func receive(
    from connection: CInt, until deadline: ContinuousClock.Instant
  ) throws(Failure) -> HTTPMessage {
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      try wait(connection, for: POLLIN, until: deadline)
      let count = recv(connection, &chunk, chunk.count, 0)
      if count < 0, Self.isForAMoment(errno) { continue }
      guard count >= 0 else { throw .notHTTP }
      answer += chunk[..<count]
      guard answer.count <= greatestAnswer else { throw .tooLarge }
      switch HTTPMessage.read(answer, isAtEnd: count == 0) {
      case .complete(let message): return message
      case .notHTTP: throw .notHTTP
      case .unfinished: continue
      }
    }
  }

  private func wait(
    _ connection: CInt, for events: CInt, until deadline: ContinuousClock.Instant
  ) throws(Failure) {
    while true {
      let left = deadline - ContinuousClock.now
      guard left > .zero else { throw .tooLong }
      var entry = pollfd(fd: connection, events: Int16(events), revents: 0)
      // Rounded up: a limit that is nearly over must not become a loop.
      let count = poll(&entry, 1, CInt(left / .milliseconds(1)) + 1)
      if count > 0 { return }
      if count == 0 { throw .tooLong }
      guard Self.isForAMoment(errno) else { throw .unreachable(errno: errno) }
    }
  }

  private static func isForAMoment(_ error: CInt) -> Bool { error == EINTR || error == EAGAIN }
}

extension ListeningSocket {
  fileprivate var ipv4: sockaddr_in {
    var result = sockaddr_in()
    result.sin_family = sa_family_t(AF_INET)
    result.sin_port = port.bigEndian
    withUnsafeMutableBytes(of: &result.sin_addr) { $0.copyBytes(from: address) }
    return result
  }

  fileprivate var ipv6: sockaddr_in6 {
    var result = sockaddr_in6()
    result.sin6_family = sa_family_t(AF_INET6)
    result.sin6_port = port.bigEndian
    withUnsafeMutableBytes(of: &result.sin6_addr) { $0.copyBytes(from: address) }
    return result
  }
}
