/// Files of systemd units that are missing, or that say something else than they should.
package struct UnitFiles: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package var path: String
    package var text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  package var files: [File]

  package init(files: [File]) {
    self.files = files
  }

  /// The first of them, which stands for all.
  var subject: String { files.first?.path ?? "" }
}
