/// What a service's unit files, and the files that they name, say about the program it starts.
///
/// Read from the files, because `systemctl show` joins words with blanks and keeps no places. What they
/// leave open, as `PassEnvironment=` does and some specifiers, is told by ``obscurity(of:)``. Not seen is
/// what the manager was told at runtime (`systemctl set-environment`), and a unit without files.
package struct ServiceDefinition: Equatable, Sendable {
  /// Its whole name, for which some specifiers stand.
  package var unit: String
  /// The unit's own file, then its drop-ins in systemd's order: that of their names, wherever they are.
  package var files: [UnitFile]
  /// The bytes of the environment files, by the path that names them.
  package var environmentFiles: [String: [UInt8]]
  /// The environment of a program that the service itself has started: it counts where the files do not
  /// tell.
  package var inherited: [String: String] = [:]
  /// Why files that are there could not be read: what they say is not known.
  package var failures: [String] = []

  /// Something that was said, and where: `/etc/default/elasticsearch:12`.
  package struct Saying: Equatable, Sendable {
    package var text: String
    package var place: String

    /// Both, for a sentence; the place only where there is one.
    var quoted: String { place.isEmpty ? "'\(text)'" : "'\(text)' (said in '\(place)')" }
  }

  package init(
    unit: String = "", files: [UnitFile] = [], environmentFiles: [String: [UInt8]] = [:]
  ) {
    self.unit = unit
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
  var specifiers: Specifiers { Specifiers(unit: unit) }

  /// The files of `EnvironmentFile=`, each as it is named, without the dash that lets it be missing; those
  /// that can be told.
  package var environmentPaths: [String] {
    sayings("EnvironmentFile").compactMap { specifiers.expanded($0.text) }.map {
      $0.hasPrefix("-") ? String($0.dropFirst()) : $0
    }
  }

  /// A variable of the service's environment: a file wins over the unit, a later file over an earlier
  /// one, and both over what is let in from outside (systemd.exec(5)).
  package func variable(_ name: String) -> Saying? {
    let isUnset = sayings("UnsetEnvironment").contains { saying in
      UnitWords.split(saying.text).contains(name)
    }
    if isUnset { return nil }
    let assignment = assignment(of: name)
    if let text = assignment?.value { return Saying(text: text, place: assignment?.place ?? "") }
    return inherited[name].map {
      Saying(text: $0, place: assignment?.place ?? "the environment of '\(unit)'")
    }
  }

  /// What assigns a value to a variable, and which; nil is one that cannot be told from the files.
  private struct Assignment {
    var value: String?
    var text: String
    var place: String
  }

  private func assignment(of name: String) -> Assignment? {
    for path in environmentPaths.reversed() {
      let file = EnvironmentFile(environmentFiles[path] ?? [])
      if let found = file.assignments.last(where: { $0.name == name }) {
        return Assignment(
          value: found.value, text: "\(name)=\(found.value)", place: "\(path):\(found.line)")
      }
    }
    for saying in sayings("Environment").reversed() {
      let words = UnitWords.split(saying.text)
      if let word = words.last(where: { $0.hasPrefix(name + "=") }) {
        let value = specifiers.expanded(String(word.dropFirst(name.utf8.count + 1)))
        return Assignment(value: value, text: word, place: saying.place)
      }
    }
    return sayings("PassEnvironment").last { UnitWords.split($0.text).contains(name) }.map {
      Assignment(value: nil, text: "PassEnvironment=\(name)", place: $0.place)
    }
  }

  /// What keeps the value of a variable, or of one in the command, from being known: a specifier that is
  /// not expanded here, or `PassEnvironment=`. nil where all of them are known.
  package func obscurity(of names: [String]) -> Saying? {
    let file = sayings("EnvironmentFile").first { specifiers.expanded($0.text) == nil }
    if let file { return Saying(text: "EnvironmentFile=\(file.text)", place: file.place) }
    for name in names + commandVariables where variable(name) == nil {
      if let open = assignment(of: name), open.value == nil {
        return Saying(text: open.text, place: open.place)
      }
    }
    return nil
  }
}

extension UnitFile {
  fileprivate var isDropIn: Bool {
    path.split(separator: "/").dropLast().last?.hasSuffix(".d") ?? false
  }

  /// By which systemd sorts drop-ins.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
