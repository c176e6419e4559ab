import Testing

@testable import Elasticsearch

/// Which Java runs, as its own file and Elasticsearch's version tell.
@Suite struct JavaTests {
  @Test(arguments: [
    ("JAVA_VERSION=\"17.0.15\"\n", 17), ("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"1.8.0_292\"", 8),
    ("JAVA_VERSION=\"25\"\r\n", 25), ("JAVA_VERSION=\"18-ea\"", 18), ("JAVA_VERSION=11.0.2", 11),
    ("JAVA_VERSION=\"\"", nil), ("JAVA_VERSION_DATE=\"2025\"", nil), ("", nil),
    ("# JAVA_VERSION=\"9\"", nil), ("JAVA_VERSION=\"99999\"", nil),
  ])
  func theReleaseFileTellsTheMajorVersion(_ text: String, _ version: Int?) {
    #expect(Java.majorVersion(release: Array(text.utf8)) == version)
  }

  @Test func theVariablesDependOnTheVersion() {
    func names(_ major: Int, _ minor: Int, of product: Product = .elasticsearch) -> [String] {
      Java.homeVariables(of: ElasticsearchVersion(major, minor, 0, of: product))
    }
    #expect(names(6, 8) == ["JAVA_HOME"] && names(7, 11) == ["JAVA_HOME"])
    #expect(names(7, 12) == ["ES_JAVA_HOME", "JAVA_HOME"] && names(9, 1) == ["ES_JAVA_HOME"])
    #expect(names(2, 11, of: .openSearch) == ["OPENSEARCH_JAVA_HOME", "JAVA_HOME"])
  }
}
