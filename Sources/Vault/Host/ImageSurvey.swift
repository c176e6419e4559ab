import BlockDevices
import Dispatch
import LUKS
import Synchronization

/// Looks at disks, images and snapshots as somebody would who attaches them elsewhere: without a key and
/// without device-mapper. It reads, and changes nothing.
package struct ImageSurvey: Sendable {
  /// How many blocks are read of each image, or part of one.
  private let blocks: Int
  /// How long one read may take: a dead disk never answers, and a slow one may take its time for all.
  private let limit: Duration

  package init(blocks: Int = BlockSample.defaultBlocks, limit: Duration = .seconds(120)) {
    self.blocks = blocks
    self.limit = limit
  }

  /// What is known of each image, in the order of the paths; of an image with partitions, what is known
  /// of each of these, and of what lies outside of them. As many images at a time as there are processors.
  package func look(at paths: [String]) -> [ImageFacts] {
    let seen = Mutex([[ImageFacts]](repeating: [], count: paths.count))
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let facts = bounded(paths[index])
      seen.withLock { $0[index] = facts }
    }
    return seen.withLock { $0 }.flatMap(\.self)
  }

  private func bounded(_ path: String) -> [ImageFacts] {
    let progress = Watchdog.Progress()
    do {
      return try BoundedLook.at("'\(path)'", limit: limit, unless: progress.hasMoved) {
        ImageLook(path: path, blocks: blocks, progress: progress).facts()
      }
    } catch {
      let why = "\(error)"
      return [ImageFacts(path: path, kind: .unreadable(why), sampling: .failed(why))]
    }
  }
}
