import Elasticsearch
import Glibc
import SystemPackage

/// The program that a service starts, and what follows from where it is.
struct ServiceProgram: Equatable {
  /// Which one it is, by its name.
  let product: Product
  /// Elasticsearch's home: two levels above the program.
  let home: String
  /// Where an installation from an archive has its configuration, unless it is told another.
  private let archiveConfiguration: String?

  /// - Parameter path: nil where nobody knows it: then it is that of Elasticsearch's package.
  init(_ path: String?) {
    let product: Product = path?.contains("opensearch") == true ? .openSearch : .elasticsearch
    let home = path.map(Self.home(of:)) ?? product.packagedHome
    let folder = home + "/config"
    let isArchive =
      home != product.packagedHome && access("\(folder)/\(product.word).yml", F_OK) == 0
    self.product = product
    self.home = home
    archiveConfiguration = isArchive ? folder : nil
  }

  /// Where the program reads its configuration, and where that is said; nil where it is told nothing, and
  /// its package knows.
  func configuration(_ definition: ServiceDefinition) -> ServiceDefinition.Saying? {
    let told = definition.variable(product.configurationVariable)
    if let told, !told.text.isEmpty { return told }
    return archiveConfiguration.map { .init(text: $0, place: "") }
  }

  /// Elasticsearch's own script looks for its home from where links to it lead.
  private static func home(of program: String) -> String {
    func parent(_ path: String) -> String {
      FilePath(path).removingLastComponent().removingLastComponent().string
    }
    guard VersionSurvey.jar(in: parent(program)) == nil, let real = FilePath.real(program) else {
      return parent(program)
    }
    return parent(real)
  }
}
