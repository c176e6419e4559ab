import Testing

@testable import Vault

/// The plan for a spec; a refusal fails the test.
func plan(_ spec: VolumeSpec = .generating, _ facts: Facts) throws -> Plan {
  try Plan.provisioning(spec, facts)
}

/// The refusal that a spec meets. A plan fails the test, and so does a refusal that breaks the house
/// style.
func refusal(
  _ spec: VolumeSpec = .generating, _ facts: Facts,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Refusal {
  let refusal = try #require(throws: Refusal.self, sourceLocation: sourceLocation) {
    try Plan.provisioning(spec, facts)
  }
  expectHouseStyle(refusal, sourceLocation: sourceLocation)
  return refusal
}

/// A description is a lower-case phrase; an advice is a sentence, or ends with something to paste.
func expectHouseStyle(_ refusal: Refusal, sourceLocation: SourceLocation = #_sourceLocation) {
  let description = refusal.description
  let advice = refusal.advice
  #expect(isPhrase(description), "'\(description)'", sourceLocation: sourceLocation)
  #expect(isAdvice(advice), "'\(advice)'", sourceLocation: sourceLocation)
}

func isPhrase(_ text: String) -> Bool {
  guard let first = text.first, !text.hasSuffix("."), !text.contains("\n") else { return false }
  return !first.isUppercase || text.hasPrefix("Elasticsearch")
}

func isAdvice(_ text: String) -> Bool {
  guard let first = text.first, !text.contains("\n") else { return false }
  guard first.isUppercase || text.hasPrefix("esvault ") else { return false }
  return text.hasSuffix(".") || text.contains(": ")
}
