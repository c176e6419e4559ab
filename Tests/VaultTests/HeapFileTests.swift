import Glibc
import Testing

@testable import Vault

/// The file with the heap, from Elasticsearch 7.7 on.
@Suite struct HeapFileTests {
  @Test func theServiceCanReadItWhereItsFolderIsMissing() throws {
    let scratch = try Scratch()
    let before = umask(0o022)
    defer { umask(before) }
    let host = LinuxHost(keys: KeyFile("/none"))
    let setting = HeapSetting(configuration: scratch.path, bytes: 1 << 30, ownFile: true)
    try host.setHeap(setting)
    #expect(try String(decoding: scratch.bytes(name), as: UTF8.self).contains("-Xmx1g"))
    #expect(scratch.mode(name) == 0o644)
    #expect(scratch.mode("jvm.options.d") == 0o755)
  }

  private let name = "jvm.options.d/zz-esvault.options"
}
