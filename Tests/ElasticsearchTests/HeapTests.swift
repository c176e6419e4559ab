import Testing

@testable import Elasticsearch

@Suite struct HeapTests {
  private let gib = Heap.gibibyte
  private let mib = Heap.mebibyte

  @Test func halfOfTheMemoryIsRecommendedAndNeverMoreThan31GiB() {
    #expect(Heap.recommended(memory: 16 * gib) == 8 * gib)
    #expect(Heap.recommended(memory: 62 * gib) == 31 * gib)
    #expect(Heap.recommended(memory: 512 * gib) == 31 * gib)
    #expect(Heap.recommended(memory: 1 * gib) == 512 * mib)
    #expect(Heap.recommended(memory: UInt64.max) == 31 * gib)
  }

  @Test func smallMachinesGetTwoFifthsAndAtLeast128MiB() {
    #expect(Heap.recommended(memory: 1000 * mib) == 400 * mib)
    #expect(Heap.recommended(memory: 256 * mib) == 128 * mib)
    #expect(Heap.recommended(memory: 0) == 128 * mib)
  }

  @Test func recommendationsAreWholeMiB() {
    #expect(Heap.recommended(memory: 8_123_456_789) == 3873 * mib)
  }

  @Test func sizesAreWrittenAsJavaReadsThem() {
    #expect(Heap.text(15 * gib) == "15g")
    #expect(Heap.text(7936 * mib) == "7936m")
    #expect(Heap.text(128 * mib) == "128m")
  }

  @Test func requestsAreRead() {
    #expect(Heap.parse("auto") == .automatic)
    #expect(Heap.parse("keep") == .keep)
    #expect(Heap.parse("15g") == .bytes(15 * gib))
    #expect(Heap.parse("7936M") == .bytes(7936 * mib))
    #expect(Heap.parse("50%") == .percent(50))
  }

  @Test(arguments: [
    "", "g", "%", "15", "0g", "0%", "101%", "-1g", "1.5g", "1k", "15gb", "15 g", "99999999g",
    "Auto",
    "+1g", "٣g",
  ])
  func otherRequestsAreNotUnderstood(_ text: String) {
    #expect(Heap.parse(text) == nil)
  }

  @Test func aHeapFitsTheMachineOrIsRefused() throws {
    #expect(try HeapRequest.percent(50).bytes(memory: 3 * gib) == 1536 * mib)
    #expect(try HeapRequest.automatic.bytes(memory: 4 * gib) == 2 * gib)
    #expect(try HeapRequest.percent(50).bytes(memory: 512 * gib) == 31 * gib)
    #expect(try HeapRequest.bytes(40 * gib).bytes(memory: 512 * gib) == 40 * gib)
    #expect(try HeapRequest.keep.bytes(memory: 4 * gib) == nil)
    #expect(throws: HeapError.tooLarge(heap: 5 * gib, memory: 4 * gib)) {
      try HeapRequest.bytes(5 * gib).bytes(memory: 4 * gib)
    }
    #expect(throws: HeapError.tooSmall(heap: 64 * mib)) {
      try HeapRequest.bytes(64 * mib).bytes(memory: 4 * gib)
    }
    #expect(throws: HeapError.tooLarge(heap: 128 * mib, memory: 100 * mib)) {
      try HeapRequest.automatic.bytes(memory: 100 * mib)
    }
  }

  @Test func aRequestIsWrittenAsItIsRead() {
    for text in ["auto", "keep", "15g", "7936m", "50%"] {
      #expect(Heap.parse(text)?.description == text)
    }
  }

  @Test(arguments: [
    ("-XX:MaxRAMPercentage=75.0", 6144), ("-XX:MaxRAMPercentage=10", 819),
    ("-XX:MaxRAMFraction=4", 2048), ("-XX:MaxRAM=4g", 1024), ("-XX:MaxRAM=99g", 2048),
    ("-XX:+AggressiveHeap", 4096), ("-XX:MaxRAMPercentage=", nil), ("-XX:MaxRAMFraction=0", nil),
    ("-XX:MaxRAMPercentage=101", nil), ("-XX:MaxRAMPercentage=nan", nil), ("-Xmx1g", nil),
  ])
  func aShareOfTheMemoryIsReckoned(_ option: String, _ mebibytes: UInt64?) {
    #expect(Heap.share(option, of: 8 << 30).map { $0 >> 20 } == mebibytes)
  }
}
