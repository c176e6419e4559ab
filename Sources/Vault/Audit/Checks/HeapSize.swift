import Elasticsearch

extension Check {
  /// Elastic's documentation ("Set the JVM heap size"): Xms and Xmx equal, at most half of the
  /// memory, and below the size from which on Java no longer compresses its pointers, 32 GiB at the latest.
  /// The memory is that of the machine, or the limit of the service's control group where that is less.
  /// Since 7.11 Elasticsearch chooses such a heap where its options name none. What a running node was
  /// started with must agree with its options.
  static let heap = Check(
    "heap", .warning, "Elasticsearch's heap is fixed, and leaves half of the memory.",
    reason:
      "A heap that grows, or takes the page cache's memory, is swapped out: documents in the clear, where swap is not encrypted."
  ) { facts in
    facts.madeVolumes.map { volume in
      guard let elasticsearch = volume.elasticsearch else {
        return .unknown(
          volume.name, "Elasticsearch was not looked at", advice: "Audit again: esvault audit")
      }
      if case .needsRoot = volume.chain.heap {
        return .needsRoot(volume.name, "only root may read the JVM options")
      }
      let set =
        "Set it: esvault provision --name \(volume.name) --heap auto, then: systemctl restart \(volume.spec.service.shellWord)"
      if let problem = elasticsearch.jvm.problem {
        return .fail(
          volume.name, "Elasticsearch would not start with its JVM options: \(problem)", advice: set
        )
      }
      let memory = min(facts.memory, elasticsearch.memoryLimit ?? .max)
      if let problem = elasticsearch.heapProblem(memory: memory) {
        return .fail(volume.name, problem, advice: set)
      }
      let heap = elasticsearch.jvm.options.heap.maximum.map(Heap.text)
      return .pass(
        volume.name, heap.map { "a heap of \($0), fixed" } ?? "Elasticsearch chooses its heap",
        evidence: ["\(memory >> 20) MiB of memory"])
    }
  }
}

extension ElasticsearchFacts {
  fileprivate func heapProblem(memory: UInt64) -> String? {
    let heap = jvm.options.heap
    guard let maximum = heap.maximum else {
      return heap.initial == nil && version?.sizesItsHeap == true
        ? nil : "no option says how large the heap may get"
    }
    guard heap.initial == maximum else {
      let initial = heap.initial.map(Heap.text) ?? "nothing"
      return "the heap grows: Xms is \(initial), and Xmx \(Heap.text(maximum))"
    }
    guard maximum < Heap.uncompressed else {
      return "a heap of \(Heap.text(maximum)) is too large for compressed pointers"
    }
    guard maximum <= max(memory / 2, Heap.recommended(memory: memory)) else {
      return "a heap of \(Heap.text(maximum)) is more than half of the memory"
    }
    guard service == .running, let running = jvm.running, running != heap else { return nil }
    return
      "the running node has a heap of \(running.maximum.map(Heap.text) ?? "its own"), and its options say \(Heap.text(maximum))"
  }
}
