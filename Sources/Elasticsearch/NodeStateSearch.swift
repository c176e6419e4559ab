import Glibc

/// Finding the state of a node, in every place where versions of Elasticsearch keep it.
extension NodeState {
  /// Where state lies below a data path: since 8.0, and before it (and with OpenSearch). Further
  /// nodes on one data path, `nodes/1`, ended with 7.x; a volume has one node.
  static let folders = ["_state", "nodes/0/_state"]

  /// The files in which a node of this data path says who it is, oldest first in each folder. Taken
  /// before and after a start it tells new files from old ones.
  ///
  /// A folder that does not exist has none; one that cannot be read throws.
  package static func files(
    inDataPath path: String
  ) throws(NodeStateError) -> [NodeStateFile] {
    var files: [NodeStateFile] = []
    for folder in folders { files += try NodeStateFile.all(inFolder: path + "/" + folder) }
    return files
  }

  /// The state that counts in a data path, nil if no node has written one.
  ///
  /// That is the file with the highest number: after a crash the one before may still be there. With
  /// files in both places, which only an interrupted upgrade to 8.0 leaves, the newer place counts, and
  /// both must name the same node.
  package static func find(inDataPath path: String) throws(NodeStateError) -> NodeState? {
    var states: [NodeState] = []
    for folder in folders {
      if let state = try latest(inFolder: path + "/" + folder) { states.append(state) }
    }
    guard var state = states.first else { return nil }
    if let other = states.last, other.nodeID != state.nodeID {
      throw .disagreement(
        path: state.file, nodeID: state.nodeID, commit: other.file, commitNodeID: other.nodeID)
    }
    state.marker = marker(inDataPath: path)
    state.isHalfUpgraded = isHalfUpgraded(path)
    return state
  }

  /// Whether folders are in both layouts.
  private static func isHalfUpgraded(_ path: String) -> Bool {
    func isFolder(_ name: String) -> Bool {
      var status = stat()
      return stat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
    return isFolder("nodes/0") && (isFolder("_state") || isFolder("indices"))
  }

  /// The state at whatever path a person gives: a file, a `_state` folder or a data path. Nil if it
  /// is a folder without any.
  package static func find(at path: String) throws(NodeStateError) -> NodeState? {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try read(fileAt: path) }
    if let state = try latest(inFolder: path) { return state }
    return try find(inDataPath: path)
  }

  /// What the highest files of a folder say. A node that runs replaces its files, so one that was
  /// listed may be gone: the folder is then listed again, a few times at most.
  private static func latest(inFolder folder: String) throws(NodeStateError) -> NodeState? {
    for _ in 0..<5 {
      let files = try NodeStateFile.all(inFolder: folder)
      do {
        return try read(
          files.last { $0.kind == .state }, beside: files.last { $0.kind == .commit })
      } catch .unreadable(_, ENOENT) { continue }
    }
    throw .unreadable(path: folder, errno: EAGAIN)
  }

  /// Reads a node state, the commit beside it, or both, which must name the same node.
  private static func read(
    _ file: NodeStateFile?, beside commitFile: NodeStateFile?
  ) throws(NodeStateError) -> NodeState? {
    var commit: LuceneCommit?
    if let commitFile { commit = try LuceneCommit.read(commitFile.path) }
    guard let file else {
      guard let commit else { return nil }
      return try NodeState(only: commit)
    }
    var state = try read(file.path)
    guard let commit else { return state }
    if let other = NodeState(commit), other.nodeID != state.nodeID {
      throw .disagreement(
        path: state.file, nodeID: state.nodeID, commit: commit.file, commitNodeID: other.nodeID)
    }
    state.add(commit)
    return state
  }

  /// Reads one file of either kind, whatever its name is.
  private static func read(fileAt path: String) throws(NodeStateError) -> NodeState {
    let bytes = try SmallFile.bytes(
      of: path, limit: LuceneCommit.greatestSize, followsLinks: true)
    guard (try? CodecFile(bytes))?.name == "segments" else { return try read(path, bytes) }
    guard let state = try NodeState(only: LuceneCommit.read(path, bytes)) else {
      throw .damaged(path: path, .noNodeID)
    }
    return state
  }

  private static func read(_ path: String) throws(NodeStateError) -> NodeState {
    try read(path, SmallFile.bytes(of: path, limit: greatestSize))
  }

  private static func read(
    _ path: String, _ bytes: [UInt8]
  ) throws(NodeStateError) -> NodeState {
    do {
      var state = try decode(bytes)
      state.file = path
      if case (.state, let generation)? = NodeStateFile.number(of: name(of: path)) {
        state.generation = generation
      }
      return state
    } catch {
      throw .damaged(path: path, error)
    }
  }

  /// Takes a commit that has no `node-N.st` beside it; nil for that of another index.
  private init?(only commit: LuceneCommit) throws(NodeStateError) {
    guard commit.userData != nil else {
      throw .damaged(path: commit.file, .newCommit(format: commit.format))
    }
    self.init(commit)
  }

  fileprivate static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension LuceneCommit {
  fileprivate static func read(_ path: String) throws(NodeStateError) -> LuceneCommit {
    try read(path, SmallFile.bytes(of: path, limit: greatestSize))
  }

  fileprivate static func read(
    _ path: String, _ bytes: [UInt8]
  ) throws(NodeStateError) -> LuceneCommit {
    do throws(NodeStateError) {
      var commit = try decode(bytes)
      commit.file = path
      // A copy may have any name; one that names another commit is none.
      if let named = generation(ofFile: NodeState.name(of: path)), named != commit.generation {
        throw NodeStateError.misnamed(generation: commit.generation)
      }
      return commit
    } catch {
      throw .damaged(path: path, error)
    }
  }
}

extension NodeState {
  /// The version in `nodes`, which is a file since 8.0, so that an older node cannot take the data
  /// path for an empty one: "written by Elasticsearch 8.17.0 to prevent a downgrade …". Written once:
  /// later versions leave it as it is.
  static func marker(inDataPath path: String) -> ElasticsearchVersion? {
    guard let bytes = try? SmallFile.bytes(of: path + "/nodes", limit: 512) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let start = "written by Elasticsearch "
    guard text.hasPrefix(start) else { return nil }
    let word = text.dropFirst(start.count).prefix { $0 != " " && $0 != "\n" }
    return ElasticsearchVersion(word.hasPrefix("v") ? word.dropFirst() : word)
  }
}
