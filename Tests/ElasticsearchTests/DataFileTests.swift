import Testing

@testable import Elasticsearch

@Suite struct DataFileTests {
  @Test(arguments: [
    "/x/segments_5", "/x/pending_segments_5", "/x/write.lock", "node.lock", "/x/_0.cfs",
    "/x/_1a.si",
    "/x/_0_Lucene50_0.doc", "/x/_0_1.liv", "/x/translog-7.tlog", "/x/translog-7.ckp",
    "/x/translog.ckp", "/x/node-3.st", "/x/global-12.st",
  ])
  func dataIsKnownByItsName(path: String) {
    #expect(DataFile.isNamed(path))
  }

  @Test(arguments: [
    "", "/", "/x/elasticsearch.log", "/x/lucene-core-8.0.0.jar", "/x/_.cfs", "/x/_0", "/x/_0.",
    "/x/__init__.py", "/x/_Foo.class", "/segments_5/modules", "/x/gc.log", "/x/translog",
  ])
  func otherFilesAreNot(path: String) {
    #expect(!DataFile.isNamed(path))
  }
}
