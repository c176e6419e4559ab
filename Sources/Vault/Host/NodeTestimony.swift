import FoundationEssentials

/// What a node says of itself, asked with `GET /_nodes/_local/stats/fs`: who it is, and where it keeps
/// its data.
///
/// The key under `nodes` is the node's id, and `mount` is what Java makes of the mount table:
/// `/mnt/es (/dev/mapper/esvol)`. Run on 7.0.0; read in the source of 7.1 and 9.5.
struct NodeTestimony: Decodable, Equatable {
  struct Node: Decodable, Equatable { var fs: Filesystems? }
  struct Filesystems: Decodable, Equatable { var data: [Place]? }
  struct Place: Decodable, Equatable {
    var path: String?
    var mount: String?
  }

  /// Without all the numbers, which nobody needs here.
  static let request = "/_nodes/_local/stats/fs?filter_path=nodes.*.fs.data"
  var nodes: [String: Node]
}

/// What comes of asking at one socket.
enum NodeAnswer: Equatable {
  case testimony(NodeTestimony)
  /// It speaks HTTP, and tells nothing: to strangers, with status 401 or 403, or not now.
  case withheld(status: Int)
  /// It does not speak HTTP in the clear: TLS, or the port for other nodes.
  case silent

  /// Asks at a socket.
  init(at socket: ListeningSocket) {
    do {
      let message = try LocalRequest(socket: socket.connectable).get(NodeTestimony.request)
      self.init(message)
    } catch {
      self = .silent
    }
  }

  init(_ message: HTTPMessage) {
    if message.status == 200,
      let testimony = try? JSONDecoder().decode(NodeTestimony.self, from: Data(message.body))
    {
      self = .testimony(testimony)
    } else if message.status == 400,
      String(decoding: message.body, as: UTF8.self).contains("not an HTTP port")
    {
      // What the port for other nodes answers to HTTP.
      self = .silent
    } else {
      self = .withheld(status: message.status)
    }
  }
}

extension NodeTestimony {
  /// What is wrong with it, in words; nil where it is the node, and keeps its data where it must.
  ///
  /// - Parameters:
  ///   - nodeID: what its node state says.
  ///   - data: the data path, in which versions before 8 name a folder of their own.
  ///   - isVolume: whether a device node is the volume's.
  func contradiction(
    nodeID: String, data: String, isVolume: (String) -> Bool
  ) -> String? {
    guard let node = nodes[nodeID], nodes.count == 1 else {
      let ids = nodes.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
      return
        "the node says that it is \(ids.isEmpty ? "nobody" : ids), and its state says '\(nodeID)'"
    }
    guard let places = node.fs?.data else { return nil }
    guard
      let place = places.first(where: { place in
        place.path.map { $0 == data || AbsolutePath.isBelow($0, data) } ?? false
      })
    else {
      let paths = places.compactMap(\.path).map { "'\($0)'" }.joined(separator: ", ")
      return
        "the node says that it keeps its data in \(paths.isEmpty ? "no place" : paths), not in '\(data)'"
    }
    guard let device = place.device, !isVolume(device) else { return nil }
    return "the node says that '\(data)' is on '\(device)', not on the volume"
  }
}

extension NodeTestimony.Place {
  /// The device in `/mnt/es (/dev/mapper/esvol)`; nil where Java could not tell.
  var device: String? {
    guard let mount, mount.hasSuffix(")"), let start = mount.firstRange(of: " (/dev/") else {
      return nil
    }
    return String(mount[mount.index(start.lowerBound, offsetBy: 2)...].dropLast())
  }
}
