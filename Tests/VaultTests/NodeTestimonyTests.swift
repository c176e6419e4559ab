import Testing

@testable import Vault

/// What a node answers when it is asked where its data is.
@Suite struct NodeTestimonyTests {
  private static let id = "_cRiw287SRyE7ChkYnWIww"

  static func body(
    _ id: String = id, path: String = "/mnt/es/elasticsearch/nodes/0",
    mount: String = "/mnt/es (/dev/mapper/esvol)"
  ) -> String {
    #"{"nodes":{"\#(id)":{"fs":{"data":[{"path":"\#(path)","mount":"\#(mount)","type":"ext4"}]}}}}"#
  }

  private func answer(_ status: String, _ body: String, _ header: String = "") throws -> NodeAnswer
  {
    try ask(StandInServer(status: status, body, header))
  }

  private func ask(_ server: StandInServer) -> NodeAnswer {
    withExtendedLifetime(server) { NodeAnswer(at: server.socket) }
  }

  private func contradiction(_ answer: NodeAnswer) throws -> String? {
    guard case .testimony(let testimony) = answer else {
      throw Refusal("no testimony: \(answer)", advice: "None.")
    }
    return testimony.contradiction(nodeID: Self.id, data: "/mnt/es/elasticsearch") {
      $0 == "/dev/mapper/esvol"
    }
  }

  @Test(arguments: [
    body(), body(path: "/mnt/es/elasticsearch"), body(mount: "/mnt/es (/dev/mapper/esvol)"),
    // Java could not tell, or nothing is told of places at all.
    body(mount: "? (?)"), #"{"nodes":{"\#(id)":{}}}"#,
  ])
  func aNodeThatConfirmsIsBelieved(_ body: String) throws {
    #expect(try contradiction(answer("200 OK", body)) == nil)
  }

  @Test func aNodeOnAnotherDeviceIsNot() throws {
    for device in ["/dev/vda1", "/dev/mapper/esvol2", "/dev/mapper"] {
      let answer = try answer("200 OK", Self.body(mount: "/ (\(device))"))
      #expect(
        try contradiction(answer)
          == "the node says that '/mnt/es/elasticsearch' is on '\(device)', not on the volume")
    }
  }

  @Test func aNodeWithAnotherDataPathIsNot() throws {
    for path in ["/var/lib/elasticsearch/nodes/0", "/mnt/es/elasticsearch2", "/mnt/es"] {
      #expect(
        try contradiction(answer("200 OK", Self.body(path: path)))
          == "the node says that it keeps its data in '\(path)', not in '/mnt/es/elasticsearch'")
    }
  }

  @Test func anotherNodeIsNot() throws {
    #expect(
      try contradiction(answer("200 OK", Self.body("AAAAAAAAAAAAAAAAAAAAAA")))
        == "the node says that it is 'AAAAAAAAAAAAAAAAAAAAAA', and its state says '\(Self.id)'")
    #expect(
      try contradiction(answer("200 OK", #"{"nodes":{}}"#))?.contains("that it is nobody") == true)
  }

  @Test(arguments: [
    "401 Unauthorized", "403 Forbidden", "503 Service Unavailable", "404 Not Found",
  ])
  func anAnswerToStrangersIsNormal(_ status: String) throws {
    let number = try #require(Int(status.prefix(3)))
    #expect(try answer(status, #"{"error":{}}"#) == .withheld(status: number))
  }

  @Test(arguments: [
    "", "{", "null", "[]", "{}", #"{"nodes":[]}"#, #"{"nodes":{"a":{"fs":{"data":7}}}}"#,
  ])
  func anAnswerThatIsNotUnderstoodIsNoTestimony(_ body: String) throws {
    #expect(try answer("200 OK", body) == .withheld(status: 200))
  }

  @Test func thePortForOtherNodesIsNotTheOne() throws {
    #expect(try answer("400 Bad Request", "This is not an HTTP port") == .silent)
    #expect(try ask(StandInServer(.sends(Array("This is not an HTTP port".utf8)))) == .silent)
  }

  @Test func anAnswerInPiecesIsPutTogether() throws {
    let body = Self.body()
    let (head, tail) = (body.prefix(40), body.dropFirst(40))
    let text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(head.utf8.count, radix: 16))\r\n\(head)\r\n\(String(tail.utf8.count, radix: 16));x=y\r\n\(tail)\r\n0\r\n\r\n"
    #expect(try contradiction(ask(StandInServer(.sends(Array(text.utf8))))) == nil)
  }

  @Test func aNodeThatSpeaksTLSIsSilent() throws {
    // An alert, as OpenSSL and Java answer to a request in the clear; and a connection that is closed.
    for bytes: [UInt8] in [[0x15, 3, 3, 0, 2, 2, 0x46], []] {
      #expect(try ask(StandInServer(.sends(bytes))) == .silent)
    }
  }
}

/// One question to a socket, and every kind of answer, none of which may keep esvault waiting.
@Suite struct LocalRequestTests {
  /// - Parameter limit: 500 ms where it is to pass; else more than a slow computer takes to answer.
  private func failure(
    _ manner: StandInServer.Manner, within limit: Duration = .seconds(60), greatest: Int = 1 << 20
  ) throws -> LocalRequest.Failure? {
    let server = try StandInServer(manner)
    let request = LocalRequest(
      socket: server.socket, limit: limit, greatestAnswer: greatest)
    return withExtendedLifetime(server) {
      do throws(LocalRequest.Failure) {
        _ = try request.get("/")
        return nil
      } catch { return error }
    }
  }

  @Test func silenceEnds() throws {
    #expect(try failure(.isSilent, within: .milliseconds(500)) == .tooLong)
  }

  @Test func aSlowDripEnds() throws {
    #expect(try failure(.drips([0x48], every: 20)) == .notHTTP)
    let line = Array("HTTP/1.1 200 OK\r\n".utf8)
    #expect(try failure(.drips(line, every: 100), within: .milliseconds(500)) == .tooLong)
    let header = Array("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n".utf8)
    #expect(try failure(.drips(header, every: 100), within: .milliseconds(500)) == .tooLong)
  }

  @Test func aHugeAnswerEnds() throws {
    let start = Array("HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n".utf8)
    let filler = [UInt8](repeating: 0x20, count: 1 << 16)
    #expect(try failure(.drips(start + filler, every: 0), greatest: 1 << 18) == .tooLarge)
    #expect(try failure(.drips(filler, every: 0)) == .notHTTP)
  }

  @Test func garbageAndAnAnswerThatIsCutOffAreNoAnswer() throws {
    let texts = [
      "", "H", "HTTP/1.1", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 abc\r\n\r\n",
      "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "SSH-2.0-OpenSSH\r\n", "\0\0\0\0",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc",
    ]
    for text in texts {
      #expect(try failure(.sends(Array(text.utf8))) == .notHTTP, "\(text)")
    }
  }

  @Test func nobodyThereIsNoAnswer() throws {
    var gone: ListeningSocket?
    do { gone = try StandInServer(.isSilent).socket }
    let request = LocalRequest(socket: try #require(gone))
    #expect(throws: LocalRequest.Failure.self) { try request.get("/") }
  }

  @Test func anAnswerWithoutALengthEndsWithTheConnection() throws {
    let server = try StandInServer(.sends(Array("HTTP/1.0 200 OK\r\n\r\nabc".utf8)))
    let message = try LocalRequest(socket: server.socket).get("/")
    #expect(message == HTTPMessage(status: 200, body: Array("abc".utf8)))
    withExtendedLifetime(server) {}
  }

  @Test func everyPieceOfAnAnswerIsUnfinishedUntilTheLast() {
    let whole = Array("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc".utf8)
    for length in 0..<whole.count {
      #expect(HTTPMessage.read(Array(whole[..<length]), isAtEnd: false) == .unfinished)
    }
    #expect(
      HTTPMessage.read(whole, isAtEnd: false)
        == .complete(HTTPMessage(status: 200, body: Array("abc".utf8))))
  }
}

/// Where a process listens, as the kernel tells it.
@Suite struct ListeningSocketTests {
  @Test func aTableIsRead() {
    let table = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:23F0 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 111 1 0 100
         1: 00000000:2454 00000000:0000 0A 00000000:00000000 00:00000000 00000000   113        0 222 1 0 100
         2: 0100007F:23F0 0100007F:9999 01 00000000:00000000 00:00000000 00000000   113        0 333 1 0 100
         3: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 444 1 0 100
         4: nonsense
      """
    let found = ListeningSocket.listed(table, ["111", "222", "333"])
    #expect(found.map(\.text) == ["127.0.0.1:9200", "0.0.0.0:9300"])
    #expect(found.map(\.connectable.text) == ["127.0.0.1:9200", "127.0.0.1:9300"])
  }

  @Test(arguments: [
    ("0000000000000000FFFF00000100007F:23F0", "127.0.0.1:9200"),
    ("00000000000000000000000001000000:23F0", "[0:0:0:0:0:0:0:1]:9200"),
    ("00000000000000000000000000000000:23F0", "[0:0:0:0:0:0:0:1]:9200"),
    ("B80D0120000000000000000001000000:23F0", "[2001:db8:0:0:0:0:0:1]:9200"),
  ])
  func addressesOfVersion6AreRead(_ text: String, _ expected: String) {
    #expect(ListeningSocket(text)?.connectable.text == expected)
  }

  @Test(arguments: [
    "", ":", "0100007F", "0100007F:", "0100007F:99999", "01007F:23F0", "GG00007F:23F0",
  ])
  func whatIsNoAddressIsNone(_ text: String) {
    #expect(ListeningSocket(text) == nil)
  }

  @Test func theSocketsOfThisProcessAreFound() throws {
    let server = try StandInServer(.isSilent)
    #expect(ListeningSocket.of(processes: ["self"]).contains(server.socket))
    #expect(ListeningSocket.of(processes: ["1000000000", "x"]).isEmpty)
    withExtendedLifetime(server) {}
  }
}
