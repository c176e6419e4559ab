extension Check {
  /// A node's state or its indices in `/var/lib/elasticsearch`, where the packages put them, or in `data`
  /// in Elasticsearch's home, where the archives do, while path.data is another directory.
  static let leftBehindData = Check(
    "left-behind-data", .error, "No data of a node is left where it was before it was encrypted.",
    reason: "After a move to an encrypted volume the old copy can still be read from its disk.",
    controls: [.protectionAtRest]
  ) { facts in
    guard !facts.writing.services.isEmpty else { return [] }
    guard !facts.writing.leftBehind.isEmpty else {
      return [.pass("path.data", "no data lies where the packages and archives put it")]
    }
    return facts.writing.leftBehind.map { place in
      place.observation { _ in
        "See whose it is, and remove it once the node has all its data: esvault inspect \(place.path.shellWord)"
      }
    }
  }
}
