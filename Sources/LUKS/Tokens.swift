import CCryptsetup

/// A note in the LUKS2 header, as JSON text; whoever can write the disk can write it.
package struct Token: Equatable, Sendable {
  package var id: Int
  package var type: String
  /// The whole JSON object, with its "type" and "keyslots".
  package var json: String

  package init(id: Int, type: String, json: String) {
    self.id = id
    self.type = type
    self.json = json
  }
}

extension LUKSDevice {
  /// Writes a token, over the one with this id or with nil in a free place; returns its id.
  ///
  /// The JSON needs a "type" and an array "keyslots".
  ///
  /// The corresponding C function is `crypt_token_json_set`.
  package mutating func writeToken(_ json: String, id: Int?) throws(LUKSError) -> Int {
    let place = id.map { Int32(clamping: $0) } ?? CRYPT_ANY_TOKEN
    let result = crypt_token_json_set(handle, place, json)
    return Int(try LUKSError.check(result, "write a token to", path, log: log))
  }

  /// The tokens of the loaded header, also those that others made.
  ///
  /// The corresponding C functions are `crypt_token_status` and `crypt_token_json_get`.
  func tokens() -> [Token] {
    let places = max(crypt_token_max(crypt_get_type(handle)), 0)
    return (0..<places).compactMap { id in
      var type: UnsafePointer<CChar>?
      let status = crypt_token_status(handle, id, &type)
      guard status != CRYPT_TOKEN_INVALID, status != CRYPT_TOKEN_INACTIVE else { return nil }
      var json: UnsafePointer<CChar>?
      guard crypt_token_json_get(handle, id, &json) >= 0 else { return nil }
      return Token(id: Int(id), type: String(c: type), json: String(c: json))
    }
  }
}
