/// What a service's unit files, and the files that they name, say about the program it starts.
///
/// Read from the files, because `systemctl show` joins words with blanks and keeps no places. Not seen:
/// specifiers such as `%i` stay as they are, and so does what the manager was told at runtime
/// (`systemctl set-environment`), what `PassEnvironment=` lets in, and a unit without files.
package struct ServiceDefinition: Equatable, Sendable {
  /// The unit's own file, then its drop-ins in systemd's order: that of their names, wherever they are.
  package var files: [UnitFile]
  /// The bytes of the environment files, by the path that names them.
  package var environmentFiles: [String: [UInt8]]

  /// Something that was said, and where: `/etc/default/elasticsearch:12`.
  package struct Saying: Equatable, Sendable {
    package var text: String
    package var place: String
  }

  package init(files: [UnitFile] = [], environmentFiles: [String: [UInt8]] = [:]) {
    self.files = files
    self.environmentFiles = environmentFiles
  }

  /// The same with a drop-in that is written, or written anew.
  package func adding(_ file: UnitFile) -> ServiceDefinition {
    var result = self
    result.files.removeAll { $0.path == file.path }
    let name = file.name
    let index = result.files.firstIndex {
      $0.isDropIn && name.utf8.lexicographicallyPrecedes($0.name.utf8)
    }
    result.files.insert(file, at: index ?? result.files.endIndex)
    return result
  }

  /// What the last assignment of a setting says.
  package func last(_ key: String) -> Saying? { sayings(key).last }

  /// The assignments of a setting of which several count: an empty one takes back those before.
  func sayings(_ key: String) -> [Saying] {
    var sayings: [Saying] = []
    for file in files {
      for assignment in file.assignments
      where assignment.section == "Service" && assignment.key == key {
        if assignment.value.isEmpty {
          sayings = []
        } else {
          sayings.append(Saying(text: assignment.value, place: "\(file.path):\(assignment.line)"))
        }
      }
    }
    return sayings
  }
}

extension ServiceDefinition {
  /// The files of `EnvironmentFile=`, each as it is named, without the dash that lets it be missing.
  package var environmentPaths: [String] {
    sayings("EnvironmentFile").map {
      ($0.text.hasPrefix("-") ? String($0.text.dropFirst()) : $0.text).unescapingPercent
    }
  }

  /// A variable of the service's environment: a file wins over the unit, a later file over an earlier
  /// one (systemd.exec(5)).
  package func variable(_ name: String) -> Saying? {
    let isUnset = sayings("UnsetEnvironment").contains { saying in
      UnitWords.split(saying.text).contains(name)
    }
    if isUnset { return nil }
    for path in environmentPaths.reversed() {
      let file = EnvironmentFile(environmentFiles[path] ?? [])
      if let found = file.assignments.last(where: { $0.name == name }) {
        return Saying(text: found.value, place: "\(path):\(found.line)")
      }
    }
    for saying in sayings("Environment").reversed() {
      let words = UnitWords.split(saying.text)
      if let word = words.last(where: { $0.hasPrefix(name + "=") }) {
        return Saying(
          text: String(word.dropFirst(name.utf8.count + 1)).unescapingPercent, place: saying.place)
      }
    }
    return nil
  }

  /// The words of the commands that start the service, the program first, with the variables in them
  /// (systemd.service(5), "Command Lines").
  package var command: [Saying] {
    sayings("ExecStart").flatMap { saying -> [Saying] in
      var words = UnitWords.split(saying.text)
      guard let first = words.first else { return [] }
      let prefix = first.prefix { "@-:+!|".contains($0) }
      words[0] = String(first.dropFirst(prefix.count))
      // The second word is then no argument, but what the program sees as its own name.
      if prefix.contains("@"), words.count > 1 { words.remove(at: 1) }
      let arguments = words.dropFirst().map(\.unescapingPercent)
      let expanded = prefix.contains(":") ? arguments : arguments.flatMap(expanding)
      return ([words[0].unescapingPercent] + expanded).map { Saying(text: $0, place: saying.place) }
    }
  }

  /// `${NAME}` anywhere in a word, `$NAME` where it is the whole word and may become several, and `$$`
  /// for a dollar sign.
  private func expanding(_ word: String) -> [String] {
    if word.hasPrefix("$"), EnvironmentName(word.dropFirst().utf8) != nil {
      return UnitWords.split(variable(String(word.dropFirst()))?.text ?? "")
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
        result += variable(name.text)?.text ?? ""
        rest = rest[end...].dropFirst()
      } else {
        result += "$"
      }
    }
    return [result + rest]
  }
}

extension ServiceDefinition {
  /// A setting of Elasticsearch on its command line, which wins over `elasticsearch.yml`:
  /// `-Epath.data=/x`, `-E path.data=/x`, or an element of a list, `-Epath.data.0=/x`.
  package func setting(_ name: String) -> Saying? { settings(name).first }

  /// The same, with every element of a list.
  package func settings(_ name: String) -> [Saying] {
    let words = command
    return words.indices.dropFirst().compactMap { index in
      let word = words[index]
      guard word.text.hasPrefix("-E") else { return nil }
      let isApart = word.text == "-E"
      guard !isApart || index + 1 < words.count else { return nil }
      let text = isApart ? words[index + 1].text : String(word.text.dropFirst(2))
      guard let sign = text.firstIndex(of: "=") else { return nil }
      let key = text[..<sign]
      guard key == name || key.hasPrefix(name + ".") else { return nil }
      return Saying(text: String(text[text.index(after: sign)...]), place: word.place)
    }
  }
}

extension UnitFile {
  fileprivate var isDropIn: Bool {
    path.split(separator: "/").dropLast().last?.hasSuffix(".d") ?? false
  }

  /// By which systemd sorts drop-ins.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension String {
  /// `%%` is a percent sign; other specifiers stay as they are.
  fileprivate var unescapingPercent: String { replacing("%%", with: "%") }
}
