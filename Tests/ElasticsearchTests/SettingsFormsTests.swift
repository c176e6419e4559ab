import Foundation
import Lab
import Testing

@testable import Elasticsearch

/// Every form of `elasticsearch.yml` that we know, in `Settings/NAME.yml`; beside it, in `NAME.json`,
/// what Elasticsearch makes of it, and what an edit of `path.data` does.
///
/// With `ESVAULT_RECORD=1` the answers are written anew; read the difference before you commit it.
@Suite struct SettingsFormsTests {
  static let newPath = "/mnt/es/data"
  private static let isRecording = ProcessInfo.processInfo.environment["ESVAULT_RECORD"] != nil

  @Test func elasticsearchAndWeReadEveryFormAsItIsWrittenDown() throws {
    let forms = try SettingsForm.all()
    #expect(forms.count >= 140)
    let answers = try SettingsOracle.answers(to: forms.map(\.file))
    for (form, answer) in zip(forms, answers) {
      let answer = answer.withoutDefaults()
      if Self.isRecording { try form.record(.init(elasticsearch: answer, edit: form.edit)) }
      let expected = try form.expected()
      #expect(answer == expected.elasticsearch, "\(form.name)")
      let ours = Answer(ofOurs: form.file)
      // Those that we refuse on purpose (see `SettingsFile`).
      if form.name.hasPrefix("purpose-") {
        #expect(answer.refuses == nil && ours.refuses != nil, "\(form.name): \(ours)")
      } else {
        #expect(ours.agrees(with: answer), "\(form.name): \(ours)")
      }
    }
  }

  @Test func everyFormIsEditedOrRefusedAsItIsWrittenDown() throws {
    for form in try SettingsForm.all() {
      #expect(form.edit == (try form.expected().edit), "\(form.name)")
    }
  }

  /// Of the forms that Elasticsearch reads, most can be edited; of the others only a null becomes good.
  @Test func elasticsearchReadsTheNewPathAndNothingElseAnew() throws {
    let forms = try SettingsForm.all().filter { $0.edit.text != nil }
    #expect(forms.count >= 75)
    let answers = try SettingsOracle.answers(to: forms.map { Array($0.edit.text!.utf8) })
    for (form, answer) in zip(forms, answers) {
      let answer = answer.withoutDefaults()
      // Which variables there are is Elasticsearch's to know.
      if form.name == "variable-unknown-elsewhere" { continue }
      #expect(answer.settings?["path.data"] == .list([Self.newPath]), "\(form.name): \(answer)")
      guard let before = try form.expected().elasticsearch.settings else { continue }
      #expect(answer.settings?.without("path.data") == before.without("path.data"), "\(form.name)")
    }
  }
}

extension [String: Answer.Value] {
  func without(_ name: String) -> Self { filter { $0.key != name } }
}

/// One file, and what is written down of it.
struct SettingsForm {
  struct Expected: Codable, Equatable {
    var elasticsearch: Answer
    var edit: Edit
  }

  /// The edited file, or why it is not edited.
  struct Edit: Codable, Equatable {
    var text: String?
    var refused: String?
  }

  private static let folder = Checkout.folder + "/Tests/ElasticsearchTests/Settings/"
  let name: String
  let file: [UInt8]

  static func all() throws -> [SettingsForm] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { entry in
      guard entry.hasSuffix(".yml") else { return nil }
      let file = try Data(contentsOf: URL(filePath: folder + entry))
      return SettingsForm(name: String(entry.dropLast(4)), file: Array(file))
    }
  }

  var edit: Edit {
    do {
      let bytes = try SettingsFile.parse(file)
        .setting("path.data", to: SettingsFormsTests.newPath)
      return Edit(text: String(decoding: bytes, as: UTF8.self))
    } catch {
      return Edit(refused: "\(error)")
    }
  }

  func expected() throws -> Expected {
    let data = try Data(contentsOf: URL(filePath: Self.folder + name + ".json"))
    return try JSONDecoder().decode(Expected.self, from: data)
  }

  func record(_ expected: Expected) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(expected) + Data("\n".utf8))
      .write(to: URL(filePath: Self.folder + name + ".json"))
  }
}
