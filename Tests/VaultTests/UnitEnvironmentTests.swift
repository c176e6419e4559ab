import Elasticsearch
import Foundation
import Testing

@testable import Vault

/// What a unit's files say of the program that it starts, and where.
@Suite struct UnitEnvironmentTests {
  private func definition(
    _ files: (String, String)..., environment: [String: String] = [:]
  ) -> ServiceDefinition {
    ServiceDefinition(
      files: files.map { UnitFile(path: $0, text: $1) },
      environmentFiles: environment.mapValues { Array($0.utf8) })
  }

  @Test func aUnitFileIsReadAsSystemdDoes() {
    let file = UnitFile(
      path: "/u",
      text: """
        # comment \\
        [Unit]
        ; comment
        Description = two words\u{20}
        [Service]
          ExecStart=/bin/a \\
        # in between
            b\\\\
        nothing
        Environment=
        """)
    #expect(
      file.assignments == [
        .init(section: "Unit", key: "Description", value: "two words", line: 4),
        .init(section: "Service", key: "ExecStart", value: #"/bin/a  b\\"#, line: 6),
        .init(section: "Service", key: "Environment", value: "", line: 10),
      ])
  }

  @Test(
    arguments: [
      ("a  b\tc", ["a", "b", "c"]), (#""a b" 'c d'"#, ["a b", "c d"]), (#"A="b c"d"#, ["A=b cd"]),
      (#"A='$x "y"'"#, [#"A=$x "y""#]), (#"a\x41\101\s\tb"#, ["aAA \tb"]), ("", []),
      (#"a\u00e9 \\ \""#, ["aé", #"\"#, #"""#]), (#"a b\qc d"#, ["a"]), (#"a "b"#, ["a"]),
      ("\"\" a", ["", "a"]),
    ] as [(String, [String])])
  func wordsAreTakenApartAsSystemdDoes(text: String, words: [String]) {
    #expect(UnitWords.split(text) == words)
  }

  @Test func anEnvironmentFileIsReadAsSystemdDoes() {
    let text = #"""
      # comment \
      A=one
       B = two words  \#u{20}
      C="quoted \" \$ \x" and ' more '
      D='$A "b"'
      E=goes \
      on
      ;F=no
      export G=no
      1H=no
      I=
      J="two
      lines"
      K=a"b c"
      L= 'x' y
      M=\ z\#u{20}
      """#
    let read = EnvironmentFile(Array(text.utf8)).assignments
    #expect(
      read == [
        .init(name: "A", value: "one", line: 2), .init(name: "B", value: "two words", line: 3),
        .init(name: "C", value: #"quoted " $ \xand ' more '"#, line: 4),
        .init(name: "D", value: #"$A "b""#, line: 5), .init(name: "E", value: "goes on", line: 6),
        .init(name: "I", value: "", line: 11), .init(name: "J", value: "two\nlines", line: 12),
        .init(name: "K", value: #"a"b c""#, line: 14), .init(name: "L", value: "xy", line: 15),
        .init(name: "M", value: " z", line: 16),
      ])
    #expect(EnvironmentFile(Array("A='x".utf8)).assignments.map(\.value) == ["x"])
    #expect(EnvironmentFile(Array("A".utf8)).assignments.isEmpty)
  }

  @Test func theLaterAssignmentCountsAndAFileWinsOverTheUnit() {
    let unit = (
      "/lib/es.service",
      "[Service]\nEnvironment=A=1 \"B=b c\"\nEnvironment=A=2\nEnvironmentFile=-/etc/default/es\n"
    )
    let dropIn = ("/etc/es.service.d/o.conf", "[Service]\nEnvironment=A=3\n")
    #expect(definition(unit).variable("A") == .init(text: "2", place: "/lib/es.service:3"))
    #expect(definition(unit).variable("B")?.text == "b c")
    #expect(
      definition(unit, dropIn).variable("A")
        == .init(text: "3", place: "/etc/es.service.d/o.conf:2"))
    let file = definition(unit, dropIn, environment: ["/etc/default/es": "#\nA=4\nC=%%\n"])
    #expect(file.variable("A") == .init(text: "4", place: "/etc/default/es:2"))
    #expect(file.variable("C")?.text == "%%" && file.variable("D") == nil)
  }

  @Test func anEmptyAssignmentTakesBackThoseBefore() {
    let unit = ("/u", "[Service]\nEnvironment=A=1\nEnvironmentFile=/e\nExecStart=/bin/a\n")
    let dropIn = ("/d", "[Service]\nEnvironment=\nEnvironmentFile=\nExecStart=\nExecStart=/bin/b\n")
    let both = definition(unit, dropIn, environment: ["/e": "B=2"])
    #expect(both.variable("A") == nil && both.variable("B") == nil)
    #expect(both.command == [.init(text: "/bin/b", place: "/d:5")])
    #expect(definition(unit, ("/d", "[Service]\nUnsetEnvironment=A\n")).variable("A") == nil)
    #expect(definition(("/u", "[Unit]\nEnvironment=A=1\n")).variable("A") == nil)
  }

  @Test func theCommandHasItsVariables() {
    func words(_ command: String) -> [String] {
      definition(("/u", "[Service]\nEnvironment=\"A=b c\" N=1\nExecStart=\(command)\n")).command
        .map(\.text)
    }
    #expect(words("/bin/es -p ${N}/x --$N $A") == ["/bin/es", "-p", "1/x", "--$N", "b", "c"])
    #expect(words("-+/bin/es '${A}' $$N ${NONE} %%") == ["/bin/es", "b c", "$N", "", "%"])
    #expect(words("@/bin/es name x") == ["/bin/es", "x"])
    #expect(words(":/bin/es ${A}") == ["/bin/es", "${A}"])
  }

  @Test(arguments: [
    "-Epath.data=/x", "-E path.data=/x", "-q -Epath.data=/x", "-Epath.data.0=/x", "-E${NAME}=/x",
    "\"-Epath.data=/x\"", "-qEpath.data=/x", "-qE path.data=/x", "-Eforce.path.data=/x",
  ])
  func aSettingOnTheCommandLineIsFound(words: String) {
    let unit = definition(
      ("/u", "[Service]\nEnvironment=NAME=path.data\nExecStart=/bin/es -p y \(words)\n"))
    #expect(unit.settings("path.data") == [.init(text: "/x", place: "/u:3")])
    #expect(unit.settings("path.logs").isEmpty)
  }

  @Test func everyElementOfAListOnTheCommandLineIsFound() {
    let unit = definition(
      ("/u", "[Service]\nExecStart=/bin/es -Epath.data.0=/x -E path.data.1=/y -Epath.database=/z\n")
    )
    #expect(unit.settings("path.data").map(\.text) == ["/x", "/y"])
  }

  @Test(arguments: [
    ("%n %N %p %i", "es@one.service es@one es one"), ("%S/es", "/var/lib/es"), ("%%p", "%p"),
    ("%E%L%C%t%T%V", "/etc/var/log/var/cache/run/tmp/var/tmp"), ("a", "a"),
  ])
  func specifiersAreExpanded(_ text: String, _ expanded: String) {
    #expect(Specifiers(unit: "es@one.service").expanded(text) == expanded)
  }

  @Test func aSpecifierThatIsNotKnownHereHidesTheValue() {
    for text in ["%H", "/x/%m", "%", "a%"] {
      #expect(Specifiers(unit: "es.service").expanded(text) == nil)
    }
    #expect(Specifiers(unit: "es.service").expanded("%i") == "")
    #expect(Specifiers(unit: "").expanded("%p") == nil)
    let hidden = definition(("/u", "[Service]\nEnvironment=A=/x/%H B=/y\nEnvironmentFile=-/e/%p\n"))
    #expect(hidden.variable("A") == nil && hidden.variable("B")?.text == "/y")
    #expect(hidden.environmentPaths.isEmpty)
    #expect(hidden.obscurity(of: []) == .init(text: "EnvironmentFile=-/e/%p", place: "/u:3"))
    var named = hidden
    named.unit = "es@one.service"
    #expect(named.environmentPaths == ["/e/es"] && named.obscurity(of: ["B"]) == nil)
    #expect(named.obscurity(of: ["B", "A"]) == .init(text: "A=/x/%H", place: "/u:2"))
    named.inherited = ["A": "/x/host"]
    #expect(named.variable("A") == .init(text: "/x/host", place: "/u:2"))
    #expect(named.obscurity(of: ["A"]) == nil)
  }

  @Test func whatIsLetInFromOutsideIsNotKnown() {
    let text = "[Service]\nPassEnvironment=A B\nEnvironment=B=1\nExecStart=/bin/es $A\n"
    let unit = definition(("/u", text))
    #expect(unit.obscurity(of: ["B"]) == .init(text: "PassEnvironment=A", place: "/u:2"))
    let other = definition(("/u", text.replacing("$A", with: "$B ${C}")))
    #expect(other.obscurity(of: ["B"]) == nil && other.obscurity(of: ["A"]) != nil)
    var inside = unit
    inside.inherited = ["A": "-Epath.data=/x", "B": "2"]
    #expect(inside.settings("path.data").map(\.text) == ["/x"])
    #expect(inside.variable("B")?.text == "1" && inside.obscurity(of: ["A"]) == nil)
  }

  @Test func aUnitIsFoundAsSystemdFindsIt() throws {
    let scratch = try Scratch()
    let (etc, lib) = (scratch.path + "/etc", scratch.path + "/lib")
    for folder in ["es@one.service.d", "es-.service.d", "service.d"] {
      for root in [etc, lib] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
      }
    }
    for file in [
      "lib/es@.service", "etc/es@one.service.d/b.conf", "lib/es@one.service.d/b.conf",
      "lib/es@one.service.d/a.conf", "etc/service.d/a.conf", "etc/service.d/c.conf",
      "lib/es-.service.d/d.conf", "etc/es@one.service.d/no",
    ] { try scratch.file(file, []) }
    let search = UnitSearch(folders: [etc, lib])
    #expect(
      search.files(of: "es@one.service") == [
        lib + "/es@.service", lib + "/es@one.service.d/a.conf", etc + "/es@one.service.d/b.conf",
        etc + "/service.d/c.conf",
      ])
    #expect(
      search.files(of: "es-x.service") == [
        etc + "/service.d/a.conf", etc + "/service.d/c.conf", lib + "/es-.service.d/d.conf",
      ])
    try scratch.file("etc/es@one.service", [])
    #expect(search.files(of: "es@one.service").first == etc + "/es@one.service")
  }

  @Test func ourDropInTakesItsPlaceAmongTheOthers() {
    let ours = UnitFile(path: "/etc/es.service.d/esvault.conf", text: "[Service]\nLimitCORE=0\n")
    func last(_ name: String) -> String? {
      definition(
        ("/lib/es.service", "[Service]\nLimitCORE=2\n"),
        ("/run/es.service.d/\(name)", "[Service]\nLimitCORE=1\n")
      ).adding(ours).last("LimitCORE")?.text
    }
    #expect(last("a.conf") == "0" && last("override.conf") == "1")
    #expect(definition().adding(ours).adding(ours).files == [ours])
  }

  @Test func filesAreFoundWhereTheUnitNamesThem() throws {
    let scratch = try Scratch()
    let environment = try scratch.file("default", Array("ES_JAVA_OPTS=-Xmx1g\n".utf8))
    let unit = try scratch.file(
      "es.service", Array("[Service]\nEnvironmentFile=-\(scratch.path)/d*t\nUser=es\n".utf8))
    let definition = UnitEnvironment.definition(of: [unit, "/none"])
    #expect(definition.variable("ES_JAVA_OPTS")?.text == "-Xmx1g")
    #expect(definition.files.count == 1 && definition.environmentPaths == [scratch.path + "/d*t"])
    #expect(UnitEnvironment.definition(of: [environment]).command.isEmpty)
    #expect(definition.failures.isEmpty)
  }

  @Test func aFileThatCannotBeReadIsNotOneThatIsMissing() throws {
    let scratch = try Scratch()
    let unit = try scratch.file(
      "es.service", Array("[Service]\nEnvironmentFile=-\(scratch.path)\n".utf8))
    let definition = UnitEnvironment.definition(of: [unit, "/none"])
    #expect(definition.failures.count == 1)
    #expect(definition.failures.first?.hasPrefix("could not read '\(scratch.path)'") == true)
    var written = WrittenPaths(configuration: "/c", home: "/h")
    written.definition = definition
    #expect(written.all.filter { $0.problem != nil }.map(\.purpose) == WrittenPaths.purposes)
  }

  @Test func openSearchHasNamesOfItsOwn() {
    let product = Product.openSearch
    #expect(product.javaOptionsVariable == "OPENSEARCH_JAVA_OPTS")
    #expect(product.temporaryVariable == "OPENSEARCH_TMPDIR")
    #expect(Product.elasticsearch.configurationVariable == "ES_PATH_CONF")
    let facts = Facts.healthy.with { $0.elasticsearch.product = .openSearch }
    for case .units(let units) in (try? plan(.generating.with { $0.confines = true }, facts))?.steps
      ?? []
    {
      #expect(units.files.last?.text.contains("Environment=OPENSEARCH_TMPDIR=") == true)
    }
  }

  @Test func slicesLieInOneAnother() {
    #expect(MemoryLimit.folders(of: "a-b.slice") == ["/a.slice", "/a.slice/a-b.slice"])
    #expect(MemoryLimit.folders(of: "-.slice").isEmpty)
    let limit = MemoryLimit(own: ["infinity", nil, "1048576"], slice: "no-such.slice").bytes
    #expect(limit == 1 << 20)
  }

  @Test func aConfigurationThatIsNotReadIsNotEdited() throws {
    let facts = Facts.healthy.with {
      $0.elasticsearch.elsewhere = .init(text: "/etc/elasticsearch/one", place: "/etc/default/es:7")
    }
    let refusal = try refusal(.generating, facts)
    #expect(refusal.advice.hasSuffix("--es-config /etc/elasticsearch/one"))
    #expect(
      refusal.description.contains("'/etc/elasticsearch/one' (said in '/etc/default/es:7'), not"))
  }
}
