import YAML

/// One setting as it stands in the file.
package struct Setting: Equatable, Sendable {
  package let value: String
  /// Counted from 1.
  package let line: Int

  package init(value: String, line: Int) {
    self.value = value
    self.line = line
  }
}

/// What a setting is given: nothing, one text, or a list.
package enum SettingValue: Equatable, Sendable {
  case null
  case text(String)
  case list([String])
}

/// A setting where the file gives it, under its whole name.
package struct GivenSetting: Equatable, Sendable {
  package let name: String
  package let value: SettingValue
  /// The value's place.
  let node: Node
  /// Whether it or a mapping around it has an anchor.
  let isAnchored: Bool
}

/// An `elasticsearch.yml`: what it gives, what Elasticsearch makes of it, and edits of single values.
///
/// Elasticsearch reads the file with Jackson's YAML parser over SnakeYAML, and flattens it: `path.data:
/// /x`, `path:` with an indented `data: /x`, and `path: {data: /x}` are one setting (class `Settings`;
/// Elastic documentation, "Configuring Elasticsearch"). This type does the same, and ``LoadedSettings``
/// does what follows (class `InternalSettingsPreparer`).
///
/// | form | Elasticsearch | known by | an edit of it |
/// | --- | --- | --- | --- |
/// | `path.data: /x`, in quotes, in a block, in braces, JSON | `/x` | run on 7.0.0 | changes the value |
/// | `/a,/b`, also in quotes | two paths; blanks around them do not count | run on 7.0.0 | refused: two paths |
/// | `/a,` | `/a`: what is empty at the end does not count; `,/a` is the working directory and `/a` | run on 7.0.0 | changes the value; refused |
/// | `[/a]`, `- /a` | `/a` | run on 7.0.0 | changes the item |
/// | `["/a,b"]` | one path with a comma | run on 7.0.0 | changes the item |
/// | `[]`, `''` | as if it were not there: `data` below Elasticsearch's home | run on 7.0.0 | changes the value |
/// | `path.data.0: /a` | a list; from 0, without a gap | run on 7.0.0 | changes it, if it is alone |
/// | `path.data.0` and `path.data` | refused | run on 7.0.0 | refused |
/// | nothing, `~`, `null`, anywhere | refused: null-valued setting | run on 7.0.0 | changes the value; elsewhere ``SettingsError/null(setting:line:)`` |
/// | one key twice in one mapping | refused: duplicate field | run on 7.0.0 | refused, with both lines |
/// | `path.data` and `data` below `path` | the later one; 6.x refuses the file | run on 7.0.0; read in 6.8, 7.6, 9.5 | refused, with both lines |
/// | `force.path.data` | wins over `path.data`; a list becomes the text `[/a, /b]` | run on 7.0.0 | changes that one |
/// | `${NAME}`, `${NAME:default}` | the variable, else the setting of that name, else the default; then refused. A comma in it splits, except in a list | run on 7.0.0 | changes the value |
/// | the same since 8.2 | a variable is put into the text before it is parsed; `${NAME:default}` is no variable any more, but the setting of that name or the default | read in 8 and 9 | changes the value |
/// | `&anchor` | nothing | run on 7.0.0 | refused where it touches the value |
/// | `*alias` | the text `alias`: aliases are not followed | run on 7.0.0 | refused where it touches the value |
/// | `<<` | a setting of that name | run on 7.0.0 | refused where it touches the value |
/// | `!!str`, unknown tags | the text | run on 7.0.0 | refused |
/// | `!!null`, `!!binary` | refused | run on 7.0.0 | refused |
/// | `true`, `Yes`, `off` | `true`, `true`, `false`; as they are in a list | run on 7.0.0 | changes the value |
/// | numbers, dates, `0x1F`, `1:30` | as written | run on 7.0.0 | changes the value |
/// | text over several lines | one text | run on 7.0.0 | refused |
/// | a mapping or a null in a list, lists in lists | refused | run on 7.0.0 | refused |
/// | a second document, `---` alone | refused | run on 7.0.0 | refused |
/// | a tab between tokens | refused, except after plain text | run on 7.0.0 | refused |
/// | a byte order mark, CRLF, a lone CR, no last newline | read | run on 7.0.0 | stays |
/// | UTF-16, broken UTF-8 | refused | run on 7.0.0 | refused |
/// | a relative path | from Elasticsearch's home, where its script goes first | read in 7.6, 8, 9 | changes the value |
/// | `-Epath.data=` on the command line | wins over the file | read in 7.1, 9.5 | not this file's |
///
/// "Run on 7.0.0" means Elasticsearch's own classes of that version over Jackson 2.10 and SnakeYAML
/// 1.24, as the tests do at every run; the distribution of 7.0.0 has Jackson 2.8 and SnakeYAML 1.17. That
/// 7.x, 8.x and 9.x do the same is inferred from their sources where no other word stands.
///
/// Elasticsearch reads some files that this type refuses on purpose:
///
/// | what | why |
/// | --- | --- |
/// | more than 64 levels of mappings, of variables in variables; more than 1000 variables for one value | they would eat the stack, or never end |
/// | a file of more than 4 MiB | it is no configuration |
/// | overlong UTF-8, surrogates as escapes | libyaml takes neither |
/// | unknown `%` directives; `a:[b]` in braces; a tab first in a literal text | libyaml does not take them |
/// | a key that is not written (`? ` alone) | it could not be told apart from a mistake |
/// | a variable of Elasticsearch's own, as `${path.home}` | only it knows its home |
/// | `${prompt.…}`, which stays as it is but for `text` and `secret` | nobody means that |
///
/// Of tags and `%YAML` directives with odd characters it takes some that Elasticsearch refuses; a value
/// with a tag is never edited.
package struct SettingsFile: Equatable, Sendable {
  let document: Document
  /// Every setting in the order of the file, under its whole name. A name may be there twice, once in
  /// each of two forms.
  package let given: [GivenSetting]

  /// Reads the bytes of a file; an empty file and one of comments only are fine.
  package static func parse(_ bytes: [UInt8]) throws(SettingsError) -> SettingsFile {
    let document: Document
    do { document = try Document.parse(bytes, forms: .all) } catch { throw SettingsError(error) }
    if let refusal = document.refusalOfSnakeYAML() { throw SettingsError(refusal) }
    return SettingsFile(document: document, given: try Flattening.settings(of: document))
  }

  /// The one value of a setting such as `path.logs`, nil if the file does not give it.
  ///
  /// - Throws: also for a list, for a variable, and for a setting that is given twice.
  package func value(of setting: String) throws(SettingsError) -> Setting? {
    guard let found = try place(of: setting) else { return nil }
    switch found.value {
    case .null: throw .null(setting: setting, line: found.node.line)
    case .text(let text) where text.hasVariable: throw found.unsupported("a variable (${…})")
    case .text(let text) where text.isSplitAtCommas: throw found.unsupported("a list with commas")
    case .text(let text): return Setting(value: text, line: found.node.line)
    case .list(let items):
      guard items.count == 1, !items[0].hasVariable else { throw found.unsupported("a list") }
      return Setting(value: items[0], line: found.node.line)
    }
  }

  /// What Elasticsearch has after it has read the file.
  ///
  /// - Parameters:
  ///   - version: nil for one that nobody knows: then as 7.0 and later.
  ///   - environment: the variables of Elasticsearch's environment.
  package func loaded(
    by version: ElasticsearchVersion? = nil,
    environment: @escaping (String) -> String? = { _ in nil }
  ) throws(SettingsError) -> LoadedSettings {
    guard version?.replacesVariablesInText == true, document.source.hasVariable else {
      return try LoadedSettings(given, version: version, environment: environment)
    }
    let text = VariableText.replaced(in: document.source, environment)
    return try LoadedSettings(try SettingsFile.parse(text).given, version: version) { _ in nil }
  }

  /// The data paths as Elasticsearch has them; empty where the default counts, `data` below its home.
  ///
  /// - Throws: also where they depend on a version that nobody knows.
  package func dataPaths(
    by version: ElasticsearchVersion?, environment: @escaping (String) -> String?
  ) throws(SettingsError) -> [String] {
    let paths = try loaded(by: version, environment: environment).dataPaths()
    guard version == nil, document.source.hasVariable else { return paths }
    let later = try loaded(by: .firstWithVariablesInText, environment: environment).dataPaths()
    guard paths == later else { throw .dependsOnVersion(setting: "path.data") }
    return paths
  }
}
