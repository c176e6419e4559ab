import Foundation
import Testing

/// The validator finds what it is there for.
@Suite struct JSONSchemaTests {
  @Test(arguments: [
    (#"{"type":"string"}"#, #""x""#), (#"{"type":"integer"}"#, "3"),
    (#"{"type":"boolean"}"#, "true"),
    (#"{"type":"null"}"#, "null"), (#"{"type":["string","null"]}"#, "null"),
    (#"{"type":"array","items":{"type":"integer"}}"#, "[1,2]"), (#"{"type":"number"}"#, "1.5"),
    (#"{"enum":["a","b"]}"#, #""b""#), (#"{"const":"a"}"#, #""a""#),
    (#"{"required":["a"],"properties":{"a":{"type":"integer"}}}"#, #"{"a":1,"more":2}"#),
    (#"{"additionalProperties":false,"properties":{"a":{}}}"#, #"{"a":[]}"#),
  ])
  func aDocumentFollows(_ schema: String, _ document: String) throws {
    #expect(try problems(schema, document) == [])
  }

  @Test(arguments: [
    (#"{"type":"string"}"#, "1"), (#"{"type":"integer"}"#, "true"), (#"{"type":"integer"}"#, "1.5"),
    (#"{"type":"boolean"}"#, "1"), (#"{"type":"boolean"}"#, "0"), (#"{"type":"null"}"#, "0"),
    (#"{"type":["string","null"]}"#, "1"), (#"{"type":"object"}"#, "[]"),
    (#"{"type":"array"}"#, "{}"),
    (#"{"items":{"type":"integer"}}"#, #"[1,"2"]"#), (#"{"enum":["a","b"]}"#, #""c""#),
    (#"{"const":"a"}"#, #""b""#), (#"{"required":["a"]}"#, "{}"),
    (#"{"properties":{"a":{"type":"integer"}}}"#, #"{"a":"1"}"#),
    (#"{"additionalProperties":false,"properties":{"a":{}}}"#, #"{"b":1}"#),
    (#"{"items":{"properties":{"a":{"const":"x"}}}}"#, #"[{"a":"x"},{"a":"y"}]"#),
    (#"{"minimum":1}"#, "2"), (#"{"type":"strnig"}"#, #""x""#),
  ])
  func aDocumentDoesNot(_ schema: String, _ document: String) throws {
    #expect(try problems(schema, document).count == 1)
  }

  private func problems(_ schema: String, _ document: String) throws -> [String] {
    try JSONSchema(Data(schema.utf8)).problems(in: Data(document.utf8))
  }
}
