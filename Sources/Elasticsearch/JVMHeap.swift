extension JVMConfiguration {
  /// The heap that counts; nil also where it depends on which Java runs.
  package var heap: JVMHeap {
    JVMHeap(
      initial: agreed { JVMHeap(options: $0.map(\.text)).initial },
      maximum: agreed { JVMHeap(options: $0.map(\.text)).maximum })
  }

  /// The option that makes the heap a share of the memory, where none gives its size.
  package var heapShare: JVMOption? {
    agreed { options in
      guard JVMFlag.maximumHeap.value(in: options.map(\.text)) == nil else { return nil }
      return options.last { JVMFlag.heapShare.name(of: $0.text) != nil }
    }
  }

  /// The machine's memory as Elasticsearch is told to count it, in bytes: `-Des.total_memory_bytes=`.
  package var totalMemory: UInt64? {
    agreed { JVMFlag.totalMemory.value(in: $0.map(\.text)).flatMap { UInt64($0) } }
  }
}

/// Sizes of a heap in bytes; nil where none is given, or none that can be read.
package struct JVMHeap: Equatable, Sendable {
  package var initial: UInt64?
  package var maximum: UInt64?

  package init(initial: UInt64? = nil, maximum: UInt64? = nil) {
    self.initial = initial
    self.maximum = maximum
  }

  /// What these options make of it, such as the command line of a running Java machine.
  package init(options: [String]) {
    initial = JVMFlag.initialHeap.value(in: options).flatMap(Heap.bytes)
    maximum = JVMFlag.maximumHeap.value(in: options).flatMap(Heap.bytes)
  }
}
