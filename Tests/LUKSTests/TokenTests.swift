import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct TokenTests {
    @Test func aTokenIsReadAsItWasWrittenAndOverwrittenInPlace() throws {
      let image = try Image.formatted(key: "key")
      var device = try image.loaded()
      let id = try device.writeToken(token("esvault", phase: "format"), id: nil)
      #expect(id == 0)
      #expect(try device.writeToken(token("esvault", phase: "ready"), id: id) == id)
      let tokens = try #require(try image.header()).tokens
      #expect(tokens.map(\.id) == [0])
      #expect(tokens.map(\.type) == ["esvault"])
      #expect(tokens[0].json.contains("ready") && !tokens[0].json.contains("\"format\""))
    }

    @Test func foreignTokensAreListedAndStay() throws {
      let image = try Image.formatted(key: "key")
      var device = try image.loaded()
      _ = try device.writeToken(token("somebody-else", phase: "x"), id: nil)
      #expect(try device.writeToken(token("esvault", phase: "y"), id: nil) == 1)
      #expect(try image.header()?.tokens.map(\.type) == ["somebody-else", "esvault"])
    }

    @Test(arguments: ["", "{", "{}", #"{"type":"esvault"}"#])
    func whatIsNoTokenIsRefused(json: String) throws {
      let image = try Image.formatted(key: "key")
      var device = try image.loaded()
      do {
        _ = try device.writeToken(json, id: nil)
        Issue.record("\(json) was accepted")
      } catch {
        #expect("\(error)".hasPrefix("could not write a token to '\(image.path)'"))
      }
      #expect(try image.header()?.tokens == [])
    }

    private func token(_ type: String, phase: String) -> String {
      #"{"type":"\#(type)","keyslots":[],"phase":"\#(phase)"}"#
    }
  }
}
