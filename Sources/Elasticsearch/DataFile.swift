/// Files in which a node keeps its data, known by their names wherever they lie.
///
/// Lucene's are `segments_N`, `write.lock` and `_<segment>….<extension>` (`IndexFileNames` in its source);
/// those of the translog `translog-N.tlog`, `translog-N.ckp` and `translog.ckp` (`Translog` in
/// Elasticsearch's); those of its state `….st` (`MetadataStateFormat`). A node holds `node.lock` for as
/// long as it runs (`NodeEnvironment`). Read in the source of 7.1 and 9.5; 7.0 run.
package enum DataFile {
  package static func isNamed(_ path: String) -> Bool {
    let name = path.utf8.split(separator: 0x2f).last.map { Substring($0) } ?? ""
    switch name {
    case "write.lock", "node.lock", "translog.ckp": return true
    default:
      return name.hasPrefix("segments_") || name.hasPrefix("pending_segments_")
        || name.hasPrefix("translog-") || name.hasSuffix(".st") || isOfSegment(name)
    }
  }

  /// `_0.cfs`, `_1a_Lucene50_0.doc`
  private static func isOfSegment(_ name: Substring) -> Bool {
    guard name.hasPrefix("_"), let dot = name.firstIndex(of: "."), name.last != "." else {
      return false
    }
    let segment = name[..<dot].dropFirst().prefix { $0 != "_" }
    return !segment.isEmpty
      && segment.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      }
  }
}
