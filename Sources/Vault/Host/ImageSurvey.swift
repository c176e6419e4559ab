import BlockDevices
import Dispatch
import Elasticsearch
import LUKS
import Synchronization

/// Looks at disks, images and snapshots as somebody would who attaches them elsewhere: without a key and
/// without device-mapper. It reads, and changes nothing.
package struct ImageSurvey: Sendable {
  /// How many blocks are read of each image, or partition of one.
  private let blocks: Int
  /// How long one image may take; a dead disk never answers.
  private let limit: Duration

  package init(blocks: Int = BlockSample.defaultBlocks, limit: Duration = .seconds(120)) {
    self.blocks = blocks
    self.limit = limit
  }

  /// What is known of each image, in the order of the paths; of an image with partitions, what is known
  /// of each of these. As many images at a time as there are processors.
  package func look(at paths: [String]) -> [ImageFacts] {
    let seen = Mutex([[ImageFacts]](repeating: [], count: paths.count))
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let facts = bounded(paths[index])
      seen.withLock { $0[index] = facts }
    }
    return seen.withLock { $0 }.flatMap(\.self)
  }

  private func bounded(_ path: String) -> [ImageFacts] {
    do {
      return try Watchdog.run(limit: limit) { look(at: path) }
    } catch let late as Watchdog.TimedOut {
      return [
        unreadable(
          path, because: "'\(path)' did not answer within \(late.limit.components.seconds) s")
      ]
    } catch {
      return [unreadable(path, because: "\(error)")]
    }
  }

  private func look(at path: String) -> [ImageFacts] {
    do {
      let partitions = try Partition.all(on: path)
      guard !partitions.isEmpty else { return [look(at: path, nil)] }
      return partitions.map { look(at: path, $0) }
    } catch {
      return [unreadable(path, because: "\(error)")]
    }
  }

  private func look(at path: String, _ partition: Partition?) -> ImageFacts {
    do {
      let file = try OpenFile.reading(path, part: partition?.range)
      guard file.size > 0 else {
        return unreadable(
          path, partition, because: "'\(path)' has no bytes there: it is empty, or cut off")
      }
      let kind = try kind(of: path, partition)
      return ImageFacts(
        path: path, partition: partition?.number, bytes: file.size, kind: kind,
        sampling: sampling(of: file, kind))
    } catch {
      return unreadable(path, partition, because: "\(error)")
    }
  }

  private func kind(
    of path: String, _ partition: Partition?
  ) throws(LUKSError) -> ImageFacts.Kind {
    if let header = try Header.read(from: path, part: partition?.range) { return .luks(header) }
    return .other(Contents.probe(path, part: partition?.range))
  }

  /// Reads all over the data area, or where there is no header, all over.
  private func sampling(
    of file: borrowing OpenFile, _ kind: ImageFacts.Kind
  ) -> ImageFacts.Sampling {
    var start: UInt64 = 0
    if case .luks(let header) = kind {
      guard header.dataOffset > 0 else {
        return .failed("'\(file.path)' is a detached header, and has no data")
      }
      start = header.dataOffset
    }
    guard file.size >= start, file.size - start >= UInt64(BlockAppearance.bytes) else {
      return .failed("'\(file.path)' has no block of data")
    }
    var generator = SystemRandomNumberGenerator()
    let scattered = ScatteredBlocks(in: start..<file.size, count: blocks, using: &generator)
    let (area, beginning) = (scattered.area, file.start)
    var sample = BlockSample(
      area: beginning + area.lowerBound..<beginning + area.upperBound, isWhole: scattered.isWhole)
    do {
      try scattered.read(from: file) { offset, block in
        let appearance = BlockAppearance(of: block)
        sample.add(appearance, trace: trace(in: block, appearance), at: beginning + offset)
      }
      return .taken(sample)
    } catch {
      return .failed("\(error)")
    }
  }

  private func trace(
    in block: UnsafeRawBufferPointer, _ appearance: BlockAppearance
  ) -> String? {
    guard appearance != .empty else { return nil }
    if let trace = DataTrace.found(in: block)?.rawValue
      ?? FilesystemTrace.found(in: block)?.rawValue
    {
      return trace
    }
    return appearance == .structured ? DataTrace.suggested(by: block)?.rawValue : nil
  }

  private func unreadable(
    _ path: String, _ partition: Partition? = nil, because why: String
  ) -> ImageFacts {
    ImageFacts(
      path: path, partition: partition?.number, kind: .unreadable(why), sampling: .failed(why))
  }
}
