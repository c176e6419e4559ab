import Vault

/// Why a file is no audit that can be joined.
enum AuditDocumentError: Error, Equatable, CustomStringConvertible {
  /// Truncated, or not JSON at all.
  case notJSON
  /// JSON of something else.
  case noAudit
  /// Of another version of the document, or another document of esvault.
  case otherSchema(String)
  /// A member is missing, of another kind, or has a value that means nothing.
  case invalid(String)
  /// It says one thing, and its findings another: somebody has changed it.
  case contradiction(Verdict, Verdict)
  /// A finding is of another severity than the check that it is of.
  case otherSeverity(check: String)
  /// A path of the data is in the clear, and the check of such paths does not say so.
  case concealed(path: String)

  init(_ error: DecodingError) {
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty: self = .notJSON
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
      self = .invalid(Self.name(context.codingPath))
    case .keyNotFound(let key, let context): self = .invalid(Self.name(context.codingPath + [key]))
    @unknown default: self = .notJSON
    }
  }

  /// As in `findings[3].verdict`.
  private static func name(_ path: [any CodingKey]) -> String {
    path.reduce("") { name, key in
      if let index = key.intValue { return "\(name)[\(index)]" }
      return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
    }
  }

  var description: String {
    switch self {
    case .notJSON: "it is not a whole JSON document"
    case .noAudit: "it is not the JSON of an audit"
    case .otherSchema(let schema): "it follows '\(schema)', not '\(AuditJSON.schema)'"
    case .invalid(let member): "its '\(member)' is missing or not what the schema asks for"
    case .contradiction(let said, let found):
      "it says '\(said.rawValue)', but its findings say '\(found.rawValue)'"
    case .otherSeverity(let check): "a finding of '\(check)' is of another severity than the check"
    case .concealed(let path): "it shows '\(path)' in the clear, but no finding says so"
    }
  }
}
