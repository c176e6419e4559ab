/// Everything that Elasticsearch starts its Java machine with, in the order in which it counts.
///
/// Of two options that say the same, Java takes the later. Up to 7.6 Elasticsearch reads
/// `jvm.options`; from 7.7 on (elastic/elasticsearch#51882) also the files of `jvm.options.d` whose
/// names end in `.options`, sorted by path. Then come the words of `ES_JAVA_OPTS`. `_JAVA_OPTIONS` is
/// read by Java itself, after its command line; `JAVA_TOOL_OPTIONS` and `JDK_JAVA_OPTIONS` come before
/// it, and lose (all three run with OpenJDK 17). What Elasticsearch adds by itself comes first, except
/// for the heap that it chooses, which it does only where nothing here sets one (read in the source of
/// 7.6 and 9.5; not run).
package struct JVMConfiguration: Equatable, Sendable {
  /// A file of options.
  package struct File: Equatable, Sendable {
    package var path: String
    package var options: JVMOptions

    package init(path: String, _ options: JVMOptions) {
      self.path = path
      self.options = options
    }
  }

  /// A variable whose words are options.
  package struct Variable: Equatable, Sendable {
    package var name: String
    package var value: String
    /// Where it is set: `/etc/default/elasticsearch:12`.
    package var place: String

    package init(name: String, value: String, place: String) {
      self.name = name
      self.value = value
      self.place = place
    }
  }

  /// In the order in which they are read.
  package var files: [File]
  package var variables: [Variable]
  /// The major version of the Java that runs, such as 17; nil where it is not known.
  package var java: Int?

  package init(files: [File] = [], variables: [Variable] = [], java: Int? = nil) {
    self.files = files
    self.variables = variables
    self.java = java
  }

  /// The names of a folder's entries that Elasticsearch reads, in its order: that of their bytes.
  package static func readFiles(among names: [String]) -> [String] {
    names.filter { $0.hasSuffix(".options") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The same with another text of one file.
  package func replacing(_ path: String, with bytes: [UInt8]) -> JVMConfiguration {
    var result = self
    let file = File(path: path, .parse(bytes))
    if let index = files.firstIndex(where: { $0.path == path }) {
      result.files[index] = file
    } else {
      // 'jvm.options' itself comes first, and before 'jvm.options.d/…' in the order of bytes, too.
      let index = files.firstIndex { path.utf8.lexicographicallyPrecedes($0.path.utf8) }
      result.files.insert(file, at: index ?? files.endIndex)
    }
    return result
  }
}

/// One option, and where it stands.
package struct JVMOption: Equatable, Sendable {
  package var text: String
  /// Such as `/etc/elasticsearch/jvm.options:22`, or `ES_JAVA_OPTS in /etc/default/elasticsearch:12`.
  package var place: String

  package init(text: String, place: String) {
    self.text = text
    self.place = place
  }
}

extension JVMConfiguration {
  /// The options in their order.
  ///
  /// - Parameter java: the major version of Java; nil for all lines, whatever version they are for.
  func options(java: Int?) -> [JVMOption] {
    files.flatMap { file in
      file.options.placedOptions(javaMajor: java).map { number, text in
        JVMOption(text: text, place: "\(file.path):\(number)")
      }
    } + variables.flatMap { $0.options }
  }

  /// The versions of Java to reckon with: the one that runs. Where it is not known, one for each set of
  /// options that the ranges of the lines allow: that changes where a range begins, and behind its end.
  /// No Elasticsearch of these formats runs on a Java before 8.
  private var javas: [Int] {
    if let java { return [java] }
    let bounds = files.flatMap(\.options.javaRanges).flatMap { range in
      [range.lowerBound, range.upperBound == .max ? .max : range.upperBound + 1]
    }
    return Set([8] + bounds).filter { $0 >= 8 }.sorted()
  }

  /// What holds on every Java to reckon with; nil where it depends on which one runs.
  func agreed<Value: Equatable>(_ value: ([JVMOption]) -> Value?) -> Value? {
    let values = javas.map { value(options(java: $0)) }
    return values.allSatisfy { $0 == values[0] } ? values[0] : nil
  }

  /// The first thing that is found on some Java to reckon with.
  func first<Value>(_ value: ([JVMOption]) -> Value?) -> Value? {
    for java in javas {
      if let found = value(options(java: java)) { return found }
    }
    return nil
  }

  /// The first line on which Elasticsearch refuses to start.
  package var invalidPlace: String? {
    for file in files {
      if let line = file.options.invalidLines.first { return "\(file.path):\(line)" }
    }
    return nil
  }
}

extension JVMConfiguration.Variable {
  /// Elasticsearch splits it at blanks, and knows no quotes.
  var options: [JVMOption] {
    value.split(whereSeparator: \.isWhitespace).map {
      JVMOption(text: String($0), place: "\(name) in \(place)")
    }
  }
}
