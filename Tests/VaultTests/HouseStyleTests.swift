import Testing

@testable import Vault

@Suite struct HouseStyleTests {
  @Test(arguments: ["'/dev/sda' is mounted", "no disk is blank", "Elasticsearch is not installed"])
  func aPhraseIsAccepted(_ text: String) { #expect(isPhrase(text)) }

  @Test(arguments: ["", "The disk is mounted", "the disk is mounted.", "one\ntwo"])
  func whatIsNoPhraseIsFound(_ text: String) { #expect(!isPhrase(text)) }

  @Test(arguments: ["Mend it.", "List the disks: esvault devices"])
  func adviceIsAccepted(_ text: String) { #expect(isAdvice(text)) }

  @Test(arguments: ["", "mend it.", "Mend it", "Mend\nit."])
  func whatIsNoAdviceIsFound(_ text: String) { #expect(!isAdvice(text)) }
}
