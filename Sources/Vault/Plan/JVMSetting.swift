import Elasticsearch

/// What is written for Elasticsearch's Java machine, and into which file.
package struct JVMSetting: Equatable, Sendable {
  /// Elasticsearch's configuration directory.
  package var configuration: String
  package var wishes: JVMWishes
  /// Whether this version reads `jvm.options.d/`.
  package var ownFile: Bool

  package init(configuration: String, wishes: JVMWishes, ownFile: Bool) {
    self.configuration = configuration
    self.wishes = wishes
    self.ownFile = ownFile
  }

  /// The file that carries the setting: one of our own where there may be several.
  package var path: String {
    ownFile
      ? "\(configuration)/jvm.options.d/\(JVMOptions.ownFileName)" : "\(configuration)/jvm.options"
  }

  /// What the file must say.
  ///
  /// - Parameter present: what it says; nil while there is none.
  package func bytes(instead present: JVMOptions?) throws(JVMOptionsError) -> [UInt8] {
    guard ownFile else { return try (present ?? .parse([])).fulfilling(wishes) }
    var wishes = wishes
    // A heap that is kept may be the one that an earlier run has written there.
    if wishes.heap == nil, let present {
      wishes.heap = JVMConfiguration(files: [.init(path: path, present)]).heap.maximum
    }
    return try JVMOptions.ownFile(wishes)
  }

  /// Whether nothing has to be written.
  package func isFulfilled(by present: JVMOptions?, _ wanted: [UInt8]) -> Bool {
    guard let present else { return false }
    return ownFile ? JVMOptions.parse(wanted).saysTheSame(as: present) : present.source == wanted
  }
}
