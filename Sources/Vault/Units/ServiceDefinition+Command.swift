extension ServiceDefinition {
  /// The words of the commands that start the service, the program first, with the variables in them
  /// (systemd.service(5), "Command Lines").
  package var command: [Saying] { command { variable($0)?.text } }

  /// The variables that these commands name.
  var commandVariables: [String] {
    var names: [String] = []
    _ = command {
      names.append($0)
      return nil
    }
    return names
  }

  private func command(_ value: (String) -> String?) -> [Saying] {
    sayings("ExecStart").flatMap { saying -> [Saying] in
      var words = UnitWords.split(saying.text)
      guard let first = words.first else { return [] }
      let prefix = first.prefix { "@-:+!|".contains($0) }
      words[0] = String(first.dropFirst(prefix.count))
      // The second word is then no argument, but what the program sees as its own name.
      if prefix.contains("@"), words.count > 1 { words.remove(at: 1) }
      words = words.map { specifiers.expanded($0) ?? $0 }
      let arguments = words.dropFirst()
      let expanded =
        prefix.contains(":") ? Array(arguments) : arguments.flatMap { expanding($0, value) }
      return ([words[0]] + expanded).map { Saying(text: $0, place: saying.place) }
    }
  }

  /// `${NAME}` anywhere in a word, `$NAME` where it is the whole word and may become several, and `$$`
  /// for a dollar sign.
  private func expanding(_ word: String, _ value: (String) -> String?) -> [String] {
    if word.hasPrefix("$"), EnvironmentName(word.dropFirst().utf8) != nil {
      return UnitWords.split(value(String(word.dropFirst())) ?? "")
    }
    var result = ""
    var rest = word[...]
    while let sign = rest.firstIndex(of: "$") {
      result += rest[..<sign]
      rest = rest[sign...].dropFirst()
      if rest.hasPrefix("$") {
        result += "$"
        rest = rest.dropFirst()
      } else if rest.hasPrefix("{"), let end = rest.firstIndex(of: "}"),
        let name = EnvironmentName(rest[..<end].dropFirst().utf8)
      {
        result += value(name.text) ?? ""
        rest = rest[end...].dropFirst()
      } else {
        result += "$"
      }
    }
    return [result + rest]
  }
}

extension ServiceDefinition {
  /// The values of a setting of Elasticsearch on its command line, which win over `elasticsearch.yml`:
  /// `-Epath.data=/x`, `-E path.data=/x`, the elements of a list, `-Epath.data.0=/x`, and one that wins
  /// over all of these, `-Eforce.path.data=/x`.
  package func settings(_ name: String) -> [Saying] {
    let words = command
    return words.indices.dropFirst().compactMap { index -> Saying? in
      guard let rest = words[index].text.afterOptionE else { return nil }
      let next = words.dropFirst(index + 1).first?.text ?? ""
      let text = rest.isEmpty ? next[...] : rest
      guard let sign = text.firstIndex(of: "=") else { return nil }
      let given = text[..<sign]
      let key = given.hasPrefix("force.") ? given.dropFirst("force.".count) : given
      guard key == name || key.hasPrefix(name + ".") else { return nil }
      return Saying(text: String(text[text.index(after: sign)...]), place: words[index].place)
    }
  }
}

extension String {
  /// What stands behind `-E`, which may share its dash with options that have no value (`-qE…`).
  fileprivate var afterOptionE: Substring? {
    guard hasPrefix("-") else { return nil }
    let rest = dropFirst().drop { "Vdhqsv".contains($0) }
    return rest.first == "E" ? rest.dropFirst() : nil
  }
}
