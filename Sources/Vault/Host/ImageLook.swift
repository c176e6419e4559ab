import BlockDevices
import Elasticsearch
import LUKS

/// The look at one image: its partitions, the header and a sample of each, and the gaps between them.
struct ImageLook {
  let path: String
  /// How many blocks are read of each part.
  let blocks: Int
  let progress: Watchdog.Progress

  func facts() -> [ImageFacts] {
    do {
      guard let table = try PartitionTable.read(from: path), !table.isEmpty else {
        return facts(of: nil)
      }
      let unusable = table.unusable.map {
        unreadable(
          $0, because: "the entry of partition \($0) of '\(path)' names no place on a disk")
      }
      return try table.partitions.flatMap(facts) + unusable + gaps(between: table)
    } catch {
      return [unreadable(nil, because: "\(error)")]
    }
  }

  private func facts(of partition: Partition?) -> [ImageFacts] {
    progress.step()
    do {
      let file = try OpenFile.reading(path, part: partition?.range)
      guard file.size > 0 else {
        return [
          unreadable(
            partition?.number, because: "'\(path)' has no bytes there: it is empty, or cut off")
        ]
      }
      let kind = try kind(of: partition)
      var image = ImageFacts(
        path: path, partition: partition?.number, bytes: file.size, kind: kind,
        sampling: sampling(of: file, kind))
      if let partition, file.size < UInt64(partition.range.count),
        case .taken(let sample) = image.sampling
      {
        image.sampling = .partial(
          sample, "'\(path)' ends before its partition \(partition.number) does")
      }
      return [image] + gapBeforeData(of: image, in: file)
    } catch {
      return [unreadable(partition?.number, because: "\(error)")]
    }
  }

  private func kind(of partition: Partition?) throws(LUKSError) -> ImageFacts.Kind {
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
        return .failed("'\(path)' is a detached header, and has no data")
      }
      guard !Segment.all(in: header.metadata).contains(where: { $0.integrity != nil }) else {
        return .failed("the tables of dm-integrity on '\(path)' would look like plaintext")
      }
      start = header.dataOffset
    }
    guard file.size >= start, file.size - start >= UInt64(BlockAppearance.bytes) else {
      return .failed("'\(path)' has no block of data")
    }
    return sampling(of: file, [start..<file.size])
  }

  private func sampling(
    of file: borrowing OpenFile, _ areas: [Range<UInt64>],
    isEmpty: (UnsafeRawBufferPointer) -> Bool = { _ in false }
  ) -> ImageFacts.Sampling {
    var generator = SystemRandomNumberGenerator()
    let scattered = ScatteredBlocks(in: areas, count: blocks, using: &generator)
    let beginning = file.start
    var sample = BlockSample(
      areas: scattered.areas.map { beginning + $0.lowerBound..<beginning + $0.upperBound },
      isWhole: scattered.isWhole)
    do {
      try scattered.read(from: file) { offset, block in
        progress.step()
        let appearance = isEmpty(block) ? .empty : BlockAppearance(of: block)
        sample.add(appearance, trace: trace(in: block, appearance), at: beginning + offset)
      }
      return .taken(sample)
    } catch {
      return sample.count > 0 ? .partial(sample, "\(error)") : .failed("\(error)")
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

  private func unreadable(_ partition: Int?, because why: String) -> ImageFacts {
    ImageFacts(path: path, partition: partition, kind: .unreadable(why), sampling: .failed(why))
  }
}

extension ImageLook {
  private func gaps(between table: PartitionTable) throws(BlockDeviceError) -> [ImageFacts] {
    let file = try OpenFile.reading(path)
    return gap(
      .outsidePartitions, of: nil, table.gaps(in: file.size), in: file,
      isEmpty: PartitionTable.isLink)
  }

  /// LUKS2 may place the data far behind the keyslots. What the header sets aside for these (all up to the
  /// data, and at most 128 MiB, unless somebody asked for less) is theirs, and not read.
  private func gapBeforeData(
    of image: ImageFacts, in file: borrowing OpenFile
  ) -> [ImageFacts] {
    guard let header = image.header, header.version == 2,
      let end = HeaderArea.end(in: header.metadata), end < min(header.dataOffset, file.size)
    else { return [] }
    return gap(
      .beforeData, of: image.partition, [end..<min(header.dataOffset, file.size)], in: file)
  }

  /// None where it has not a single block.
  private func gap(
    _ gap: ImageFacts.Gap, of partition: Int?, _ areas: [Range<UInt64>],
    in file: borrowing OpenFile, isEmpty: (UnsafeRawBufferPointer) -> Bool = { _ in false }
  ) -> [ImageFacts] {
    guard areas.contains(where: { $0.count >= BlockAppearance.bytes }) else { return [] }
    progress.step()
    return [
      ImageFacts(
        path: path, partition: partition, bytes: areas.reduce(0) { $0 + UInt64($1.count) },
        kind: .gap(gap), sampling: sampling(of: file, areas, isEmpty: isEmpty))
    ]
  }
}
