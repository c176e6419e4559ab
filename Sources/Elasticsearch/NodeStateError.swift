import Glibc

/// Why a file is not a sound node state, or two of them are none together.
package enum NodeStateError: Error, Equatable, CustomStringConvertible {
  /// It ends before everything that it announces.
  case truncated
  /// It is larger than any node state.
  case tooLarge
  /// It does not begin as Elasticsearch's state files do.
  case foreign
  /// A version of the format that is not known here; 1 and 2 are.
  case unknownVersion(UInt32)
  /// Not in SMILE, the only encoding that nodes have used.
  case unknownContentType
  /// The end is not where or what it should be.
  case footer
  /// The checksum is not that of the bytes.
  case checksum(stored: UInt64, computed: UInt32)
  /// The body is not the SMILE object of a node state.
  case body(problem: String)
  /// The checksum is right, and there is no usable node id.
  case noNodeID
  /// A commit of a Lucene before 7.0, which no node has used for its state.
  case oldCommit(format: Int)
  /// A commit in a format that is newer than this program, and nothing else that names the node.
  case newCommit(format: Int)
  /// The commit says of itself that it is another one.
  case misnamed(generation: Int)
  /// Two files of one node name different nodes.
  case disagreement(path: String, nodeID: String, commit: String, commitNodeID: String)
  /// The file or folder could not be read.
  case unreadable(path: String, errno: CInt)
  /// The file found at a path is damaged.
  indirect case damaged(path: String, NodeStateError)

  package var description: String {
    if case .unreadable(let path, let errno) = self {
      return "could not read '\(path)': \(String(cString: strerror(errno)))"
    }
    if case .disagreement(let path, let id, let commit, let other) = self {
      return "could not tell which node it is: '\(path)' says '\(id)', and '\(commit)' '\(other)'"
    }
    if case .damaged(let path, let cause) = self {
      return "could not read node state '\(path)': \(cause.problem)"
    }
    return "could not read node state: \(problem)"
  }

  private var problem: String {
    switch self {
    case .truncated: "it is cut off"
    case .tooLarge: "it is larger than any file of its kind"
    case .foreign: "it is not a state file of Elasticsearch"
    case .unknownVersion(let version): "its format version \(version) is not known"
    case .unknownContentType: "it is not written in SMILE"
    case .footer: "its footer is damaged"
    case .checksum(let stored, let computed):
      "its checksum is \(String(stored, radix: 16)) and should be \(String(computed, radix: 16))"
    case .body(let problem): "its content is damaged: \(problem)"
    case .noNodeID: "it holds no node id"
    case .oldCommit(let format): "it is a commit of Lucene before 7.0 (format \(format))"
    case .newCommit(let format):
      "it is sound, and its format \(format) is newer than this program, so its node id is not known"
    case .misnamed(let generation):
      "it says that it is 'segments_\(String(generation, radix: 36))'"
    case .unreadable, .damaged, .disagreement: description
    }
  }
}
