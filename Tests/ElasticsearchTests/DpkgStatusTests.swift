import Testing

@testable import Elasticsearch

@Suite struct DpkgStatusTests {
  private let folder = Folder()
  private let names = ["elasticsearch", "elasticsearch-oss"]

  private func version(_ text: String) throws -> String? {
    DpkgStatus.version(of: names, in: try folder.write(Array(text.utf8), "status"))
  }

  private func paragraph(_ name: String, _ version: String, _ state: String = "installed") -> String
  {
    "Package: \(name)\nStatus: install ok \(state)\nSection: web\nVersion: \(version)\nDescription: Search\n Version: 9.9.9\n\n"
  }

  @Test func theInstalledPackageIsFoundAmongOthers() throws {
    let text =
      paragraph("adduser", "3.1") + paragraph("elasticsearch-curator", "5.8.4")
      + paragraph("elasticsearch", "8.17.0") + paragraph("zlib", "1.2")
    #expect(try version(text) == "8.17.0")
    #expect(try version(String(text.dropLast(2 + paragraph("zlib", "1.2").count))) == "8.17.0")
  }

  @Test func aPackageThatWasRemovedIsNotInstalled() throws {
    for state in ["config-files", "not-installed", "half-installed", "unpacked"] {
      #expect(try version(paragraph("elasticsearch", "7.0.0", state)) == nil)
    }
    let both =
      paragraph("elasticsearch", "7.0.0", "config-files") + paragraph("elasticsearch-oss", "7.10.2")
    #expect(try version(both) == "7.10.2")
  }

  @Test(arguments: [
    ("8.17.0", "8.17.0"), ("7.10.2-1", "7.10.2"), ("1:8.1.0-2~deb12u1", "8.1.0"),
    ("8.0.0~rc1", "8.0.0~rc1"),
  ])
  func thePackagersPartsAreLeftAside(_ written: String, _ upstream: String) throws {
    #expect(try version(paragraph("elasticsearch", written)) == upstream)
  }

  @Test func linesThatCrossAPieceOfTheFileAreWhole() throws {
    let long = "Package: a\nDescription: \(String(repeating: "x", count: 256 << 10))\n\n"
    for gap in 0..<40 {
      let text = "Package: b\n \(String(repeating: "y", count: (256 << 10) - 60 + gap))\n\n"
      #expect(try version(text + paragraph("elasticsearch", "8.1.0") + long) == "8.1.0")
    }
  }

  @Test func withoutAListNothingIsKnown() throws {
    #expect(DpkgStatus.version(of: names, in: folder.path + "/none") == nil)
    for text in ["", "\n\n\n", "Package: elasticsearch\n\n", "Version: 1.0.0\n\n"] {
      #expect(try version(text) == nil)
    }
  }
}
