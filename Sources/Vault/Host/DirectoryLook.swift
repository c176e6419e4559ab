import Elasticsearch
import Glibc

extension DirectoryFacts {
  /// Looks at the root of a mounted volume, and at the directories in it.
  init(mount: String, data: String, others: [String]) throws {
    var root = stat()
    guard stat(mount, &root) == 0 else { throw FileError("look at", mount, errno) }
    self.init(
      rootMode: root.st_mode & 0o777, data: Ownership(of: data),
      nodeState: NodeStateFacts(inDataPath: data))
    link = SymbolicLink.first(below: mount, to: data)
    for path in others { self.others[path] = Ownership(of: path) }
  }
}

extension Ownership {
  /// nil: there is no directory.
  fileprivate init?(of path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    self.init(user: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o777)
  }
}

extension NodeStateFacts {
  /// What lies at a data path. Something that does not decode is damaged, never absent.
  init(inDataPath path: String) {
    do {
      if let state = try NodeState.find(inDataPath: path) {
        self = .present(state)
      } else {
        let names = Set(Directories.names(in: path) ?? [])
        self =
          names.isDisjoint(with: ["nodes", "_state", "indices"])
          ? .none : .damaged("it has no node state file")
      }
    } catch {
      self = .damaged("\(error)")
    }
  }
}
