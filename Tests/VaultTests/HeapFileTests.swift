import Elasticsearch
import Glibc
import Testing

@testable import Vault

/// The file with the heap, from Elasticsearch 7.7 on.
@Suite struct HeapFileTests {
  private let host = LinuxHost(keys: KeyFile("/none"))
  private let name = "jvm.options.d/zz-esvault.options"

  private func setting(_ scratch: Scratch, _ wishes: JVMWishes) -> JVMSetting {
    JVMSetting(configuration: scratch.path, wishes: wishes, ownFile: true)
  }

  @Test func theServiceCanReadItWhereItsFolderIsMissing() throws {
    let scratch = try Scratch()
    let before = umask(0o022)
    defer { umask(before) }
    try host.setOptions(setting(scratch, JVMWishes(heap: 1 << 30)))
    #expect(try String(decoding: scratch.bytes(name), as: UTF8.self).contains("-Xmx1g"))
    #expect(scratch.mode(name) == 0o644)
    #expect(scratch.mode("jvm.options.d") == 0o755)
  }

  @Test func aHeapThatIsKeptStaysInIt() throws {
    let scratch = try Scratch()
    try host.setOptions(setting(scratch, JVMWishes(heap: 3 << 30)))
    try host.setOptions(setting(scratch, JVMWishes(diagnostics: "/mnt/es/diagnostics")))
    let text = try String(decoding: scratch.bytes(name), as: UTF8.self)
    #expect(text.contains("-Xms3g\n-Xmx3g\n") && text.contains("/mnt/es/diagnostics"))
  }
}
