import Testing

@testable import Vault

/// Elasticsearch reads the configuration that its unit's environment names.
@Suite struct UnitEnvironmentTests {
  private let name = "ES_PATH_CONF"

  @Test func theUnitNamesIt() {
    let text = "User=es\nEnvironment=ES_HOME=/usr/share/es ES_PATH_CONF=/etc/es/one \"A=b c\"\n"
    #expect(UnitEnvironment(text).value(of: name) == "/etc/es/one")
    #expect(UnitEnvironment("User=es\nEnvironment=\n").value(of: name) == nil)
    #expect(UnitEnvironment("Environment=ES_PATH_CONF=$HOME/es").value(of: name) == nil)
  }

  @Test func aFileWinsOverTheUnit() throws {
    let scratch = try Scratch()
    let text = "# ES_PATH_CONF=/no\nES_PATH_CONF=/etc/old\nES_PATH_CONF=\"/etc/new\"\n"
    let path = try scratch.file("default", Array(text.utf8))
    let shown = "EnvironmentFiles=\(path) (ignore_errors=yes)\nEnvironment=ES_PATH_CONF=/etc/es\n"
    #expect(UnitEnvironment(shown).value(of: name) == "/etc/new")
    let missing = "Environment=ES_PATH_CONF=/etc/es\nEnvironmentFiles=/none (ignore_errors=yes)\n"
    #expect(UnitEnvironment(missing).value(of: name) == "/etc/es")
  }

  @Test func aConfigurationThatIsNotReadIsNotEdited() throws {
    let facts = Facts.healthy.with { $0.elasticsearch.elsewhere = "/etc/elasticsearch/one" }
    #expect(try refusal(.generating, facts).advice.hasSuffix("--es-config /etc/elasticsearch/one"))
  }
}
