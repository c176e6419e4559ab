import Elasticsearch

/// Looks at everything that Elasticsearch's Java machine is told.
struct JVMSurvey {
  private let spec: VolumeSpec
  private let definition: ServiceDefinition
  private let product: Product
  private let home: String

  /// - Parameter home: Elasticsearch's.
  init(_ spec: VolumeSpec, _ definition: ServiceDefinition, _ product: Product, home: String) {
    self.home = home
    self.spec = spec
    self.definition = definition
    self.product = product
  }

  /// - Parameter version: where it is not known, the folder is read if there is one.
  func facts(_ version: ElasticsearchVersion?) -> JVMFacts {
    let folder = spec.elasticsearchConfiguration + "/jvm.options.d"
    let entries = Directories.names(in: folder)
    var facts = JVMFacts(readsFolder: version?.readsOptionsFolder ?? (entries != nil))
    let names = facts.readsFolder ? JVMConfiguration.readFiles(among: entries ?? []) : []
    let paths = names.map { "\(folder)/\($0)" }
    do {
      for path in [spec.elasticsearchConfiguration + "/jvm.options"] + paths {
        // A directory is no file that Elasticsearch could pass over: it does not start.
        guard let bytes = try AtomicFile(path).bytes() else { continue }
        facts.options.files.append(.init(path: path, .parse(bytes)))
      }
    } catch {
      facts.problem = "\(error)"
    }
    facts.options.java = JavaSurvey(home: home, definition: definition).majorVersion(for: version)
    facts.options.variables = [product.javaOptionsVariable, "_JAVA_OPTIONS"].compactMap { name in
      definition.variable(name).map { .init(name: name, value: $0.text, place: $0.place) }
    }
    if let place = facts.options.invalidPlace {
      facts.problem = "it would not accept '\(place)'"
    }
    return facts
  }
}
