import Foundation
import Lab
import Testing

/// A JSON Schema, as far as the schemas of `Documentation/schemas` use it: `type`, `properties`,
/// `required`, `enum`, `const`, `items` and `additionalProperties: false`.
struct JSONSchema {
  private let root: [String: Any]
  private static let keywords: Set<String> = [
    "$schema", "title", "description", "type", "properties", "required", "enum", "const", "items",
    "additionalProperties",
  ]

  init(_ data: Data) throws {
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// What does not follow the schema; empty for a document that does.
  func problems(in document: Data) throws -> [String] {
    let value = try JSONSerialization.jsonObject(with: document, options: .fragmentsAllowed)
    return problems(value, root, at: "$")
  }

  private func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    var found = Set(schema.keys).subtracting(Self.keywords).sorted().map {
      "\(path): the schema's keyword '\($0)' is not understood here"
    }
    if let allowed = schema["type"] {
      let names = allowed as? [String] ?? [allowed as? String ?? ""]
      if !names.contains(where: { Self.is(value, $0) }) {
        found.append("\(path): not of type \(names.joined(separator: " or "))")
      }
    }
    if let values = schema["enum"] as? [AnyHashable], !values.contains(Self.hashable(value)) {
      found.append("\(path): none of the values")
    }
    if let constant = schema["const"] as? AnyHashable, constant != Self.hashable(value) {
      found.append("\(path): not '\(constant)'")
    }
    if let object = value as? [String: Any] { found += problems(object: object, schema, at: path) }
    if let items = schema["items"] as? [String: Any], let array = value as? [Any] {
      for (index, item) in array.enumerated() {
        found += problems(item, items, at: "\(path)[\(index)]")
      }
    }
    return found
  }

  private func problems(
    object: [String: Any], _ schema: [String: Any], at path: String
  ) -> [String] {
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    var found = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
      "\(path): '\($0)' is missing"
    }
    for (key, value) in object.sorted(by: { $0.key < $1.key }) {
      if let property = properties[key] {
        found += problems(value, property, at: "\(path).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(path): '\(key)' is not foreseen")
      }
    }
    return found
  }

  /// Foundation reads `true` and `1` into the same class; only the C type tells them apart.
  private static func `is`(_ value: Any, _ type: String) -> Bool {
    let isBoolean = (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    switch type {
    case "null": return value is NSNull
    case "boolean": return isBoolean
    case "integer":
      return !isBoolean
        && (value as? NSNumber).map { "qQilsL".contains(String(cString: $0.objCType)) } ?? false
    case "number": return !isBoolean && value is NSNumber
    case "string": return value is String
    case "array": return value is [Any]
    case "object": return value is [String: Any]
    default: return false
    }
  }

  private static func hashable(_ value: Any) -> AnyHashable {
    value as? AnyHashable ?? AnyHashable("\(value)")
  }
}

/// Checks a document against a schema of `Documentation/schemas`.
func expect(
  _ document: String, follows schema: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let text = try Checkout.text(of: "Documentation/schemas/\(schema).json")
  let schema = try JSONSchema(Data(text.utf8))
  let problems = try schema.problems(in: Data(document.utf8))
  #expect(problems.isEmpty, "\(document)", sourceLocation: sourceLocation)
}
