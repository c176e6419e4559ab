import YAML

extension Configuration {
  /// The file's new bytes with a volume as it is now, everything else as it was.
  ///
  /// - Throws: ``ConfigurationError`` where the file is written in a form that cannot be edited safely.
  package func recording(_ volume: RecordedVolume) throws(ConfigurationError) -> [UInt8] {
    do {
      let bytes = try edited(volume)
      guard try Configuration.parse(bytes).volume(named: volume.name) == volume else {
        throw ConfigurationError(
          line: nil, problem: "volume '\(volume.name)' could not be written into it")
      }
      return bytes
    } catch let error as YAMLError {
      throw ConfigurationError(line: error.line, problem: error.problem)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(
        line: nil, problem: "volume '\(volume.name)' could not be written into it")
    }
  }

  private func edited(_ volume: RecordedVolume) throws -> [UInt8] {
    guard document.root != nil else {
      let start = try Document.parse(Array(Self.preamble.utf8))
      return try start.appending(volume.value, toListAt: "volumes")
    }
    guard let index = volumes.firstIndex(where: { $0.name == volume.name }) else {
      return try document.appending(volume.value, toListAt: "volumes")
    }
    var document = document
    func entry() -> Node? { document.root?["volumes"]?.items?[index] }
    // What is the same is left as it is written: a UUID may be in capitals.
    for ((key, text), (_, present)) in zip(volume.scalars, volumes[index].scalars) {
      guard let node = entry(), let text, text != present else { continue }
      document = try Document.parse(document.setting(key, to: text, in: node))
    }
    for (key, entries) in volume.mappings where !entries.isEmpty {
      guard let node = entry() else { continue }
      guard let present = node[key], !present.isNull else {
        document = try Document.parse(document.adding([.init(key, .mapping(entries))], to: node))
        continue
      }
      for added in entries {
        let (name, text) = (added.key, added.value.scalar)
        guard let inner = entry()?[key], inner[name]?.text != text else { continue }
        if name == "credential", inner["generate"]?.text == "true" {
          throw ConfigurationError(
            line: inner["generate"]?.line,
            problem:
              "'generate: true' goes with a key in a file, and the key of volume '\(volume.name)' becomes a credential: remove it"
          )
        }
        if key == "key", let other = inner.entries?.first?.key.text, inner[name] == nil {
          // A key is in one place: the new one takes the place of the old one.
          document = try Document.parse(document.replacing(other, in: inner, with: name, text))
        } else if inner[name] == nil {
          document = try Document.parse(
            inner.isFlow
              ? document.addingInBraces([added], to: inner) : document.adding([added], to: inner))
        } else {
          document = try Document.parse(document.setting(name, to: text, in: inner))
        }
      }
    }
    return document.source
  }

  private static let preamble = """
    # The volumes of this machine, for esvault(8). Yours to edit: esvault changes only
    # the values that it learns, and keeps your comments.
    version: 1

    """
}

extension RecordedKey {
  fileprivate var entry: Value.Entry {
    switch self {
    case .file(let path): Value.Entry("file", .text(path))
    case .credential(let name): Value.Entry("credential", .text(name))
    }
  }
}

extension Value {
  /// What a scalar says; all that is recorded in a mapping are scalars.
  fileprivate var scalar: String {
    switch self {
    case .text(let text), .bare(let text): text
    case .null, .sequence, .mapping: ""
    }
  }
}

extension RecordedVolume {
  fileprivate var scalars: [(String, String?)] {
    [("device", device), ("uuid", uuid), ("mount", mount), ("data", data), ("node", node)]
  }

  fileprivate var mappings: [(String, [Value.Entry])] {
    let parts = [
      ("config", elasticsearch.configuration), ("service", elasticsearch.service),
      ("heap", elasticsearch.heap),
    ]
    let switches = [
      ("confine", elasticsearch.confines), ("keep-diagnostics", elasticsearch.keepsDiagnostics),
    ]
    return [
      ("key", key.map { [$0.entry] } ?? []),
      (
        "elasticsearch",
        parts.compactMap { key, text in text.map { .init(key, .text($0)) } }
          + switches.compactMap { key, isOn in isOn.map { .init(key, .bare("\($0)")) } }
      ),
    ]
  }

  fileprivate var value: Value {
    var entries = [Value.Entry("name", .text(name))]
    entries += scalars.compactMap { key, text in text.map { .init(key, .text($0)) } }
    entries += mappings.filter { !$0.1.isEmpty }.map { .init($0.0, .mapping($0.1)) }
    return .mapping(entries)
  }
}
