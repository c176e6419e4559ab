import Foundation
import Testing

@testable import Elasticsearch

/// Files made by chance, read by Elasticsearch's own classes and by us, before and after an edit.
///
/// `ESVAULT_SETTINGS_CASES` is how many, `ESVAULT_SETTINGS_SEED` the first seed; a failure names its own.
@Suite struct SettingsPropertyTests {
  private static let cases = number("ESVAULT_SETTINGS_CASES") ?? 2000
  private static let seed = UInt64(number("ESVAULT_SETTINGS_SEED") ?? 1)

  private static func number(_ variable: String) -> Int? {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
  }

  /// A file before and after an edit of ours; not all can be edited.
  private struct Case {
    let seed: UInt64
    let text: String
    let path: String
    let edited: [UInt8]?

    init(_ seed: UInt64) {
      self.seed = seed
      text = GeneratedSettings(seed: seed).text
      path =
        ["/mnt/es/\(seed)", "/mnt/my data", "/mnt/ü's", "/mnt/a#b: c", "/mnt/[1]"][Int(seed % 5)]
      let changes = [("path.data", path)] + (seed % 3 == 0 ? [("path.logs", "/mnt/log")] : [])
      edited = try? SettingsFile.parse(Array(text.utf8)).setting(changes)
    }
  }

  @Test func elasticsearchReadsWhatWeSayBeforeAndAfterAnEdit() throws {
    let cases = (0..<UInt64(Self.cases)).map { Case(Self.seed + $0) }
    let before = try SettingsOracle.answers(to: cases.map { Array($0.text.utf8) })
    for (one, answer) in zip(cases, before) {
      let ours = Answer(ofOurs: Array(one.text.utf8))
      #expect(ours.agrees(with: answer), "seed \(one.seed): \(one.text)\n\(ours)\n\(answer)")
    }
    let edits = zip(cases, before).filter { $0.0.edited != nil }
    #expect(edits.count > cases.count * 8 / 10)
    let after = try SettingsOracle.answers(to: edits.map { $0.0.edited! })
    for ((one, before), after) in zip(edits, after) {
      let says =
        "seed \(one.seed): \(one.text)\n\(String(decoding: one.edited!, as: UTF8.self))\n\(after)"
      #expect(after.settings?["path.data"] == .list([one.path]), "\(says)")
      if one.seed % 3 == 0 { #expect(after.settings?["path.logs"] == .text("/mnt/log"), "\(says)") }
      guard let kept = before.settings?.without("path.data").without("path.logs") else { continue }
      #expect(after.settings?.without("path.data").without("path.logs") == kept, "\(says)")
    }
  }

  /// What our reader refuses and Elasticsearch's does not, by libyaml's words.
  private static let stricter = [
    "found unexpected ':'", "found unknown directive name",
    "found a tab character where an indentation space is expected", "a key is missing",
    "nothing gives the variable '${prompt.",
  ]

  @Test func damagedFilesAreReadAlikeOrRefusedByBoth() throws {
    // Tags and directives are left out: the readers differ in which characters they may have.
    let forms = try SettingsForm.all().filter { !$0.name.hasPrefix("purpose-") }
      .map { String(decoding: $0.file, as: UTF8.self) }
      .filter { !$0.contains("!") && !$0.contains("%") }.map { Array($0.utf8) }
    var random = Numbers(seed: Self.seed)
    let files = (0..<Self.cases / 2).map { _ in damaged(forms[random.below(forms.count)], &random) }
    for (file, answer) in zip(files, try SettingsOracle.answers(to: files)) {
      let ours = Answer(ofOurs: file)
      if let refusal = ours.refuses, Self.stricter.contains(where: refusal.contains) { continue }
      guard String(validating: file, as: UTF8.self) != nil else { continue }
      #expect(
        ours.agrees(with: answer),
        "\(String(decoding: file, as: UTF8.self).debugDescription)\n\(ours)\n\(answer)")
    }
  }

  private func damaged(_ form: [UInt8], _ random: inout Numbers) -> [UInt8] {
    let alphabet = Array("a:- \n\t#'\"[]{}&*|>@,?\\\r~/0.$<\u{e9}".utf8)
    var file = form
    for _ in 0...random.below(3) {
      let place = random.below(file.count + 1)
      let byte = alphabet[random.below(alphabet.count)]
      switch random.below(3) {
      case 0: file.insert(byte, at: place)
      case 1 where place < file.count: file.remove(at: place)
      default: if place < file.count { file[place] = byte }
      }
    }
    return file
  }
}
