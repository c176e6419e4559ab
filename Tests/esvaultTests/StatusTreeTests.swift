import Elasticsearch
import Testing
import Vault

@testable import esvault

/// How a volume looks to a person.
@Suite struct StatusTreeTests {
  @Test func aVolumeInOrderIsATreeFromElasticsearchDownToTheDisk() {
    #expect(
      Status.text([.esvol(.whole)], Drawing(hasLines: true)) == """
        esvol  in order

        Elasticsearch           elasticsearch.service, running
        │                       heap 4 GiB
        └─ path.data            /mnt/es/elasticsearch
           │                    node _cRiw287SRyE7ChkYnWIww
           └─ mount             /mnt/es, read-write
              └─ ext4           22222222-1f0e-4a0e-8c1b-0d6f2a9b1c22
                 └─ mapping     /dev/mapper/esvol
                    │           aes-xts-plain64, 512 bits, 4096-byte sectors
                    └─ LUKS2    11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11
                       │        aes-xts-plain64, 512 bits, 1 keyslot
                       └─ disk  /dev/nvme1n1, 64 GiB
                                vol1
                                Amazon Elastic Block Store
        """)
  }

  @Test func aHeapThatIsAShareOfTheMemoryIsShownByItsOption() throws {
    var facts = ChainFacts.whole
    facts.heap = .nothing
    facts.heapShare = JVMOption(text: "-XX:MaxRAMPercentage=75", place: "/es/jvm.options:2")
    let report = ChainReport.esvol(facts)
    #expect(
      Status.text([report], Drawing()).contains(
        "heap by '-XX:MaxRAMPercentage=75' in '/es/jvm.options:2'"))
    let document = Status.json([report]).text
    try expect(document, follows: "status-v1")
    #expect(document.contains("\"heapOption\" : \"-XX:MaxRAMPercentage=75\""))
  }

  @Test func aClosedVolumeSaysFirstWhatToDo() {
    #expect(
      Status.text([.esvol(.closed)], Drawing()) == """
        esvol  1 problem
        ! volume 'esvol' is not open
          Run 'esvault unlock'.

        Elasticsearch           elasticsearch.service, stopped
        |                       heap 4 GiB
        `- path.data            /mnt/es/elasticsearch
           `- mount             not mounted at /mnt/es
              `- ext4           unknown while it is closed
                 `- mapping     not open
                    `- LUKS2    11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11
                       |        aes-xts-plain64, 512 bits, 1 keyslot
                       `- disk  /dev/nvme1n1, 64 GiB
                                vol1
                                Amazon Elastic Block Store
        """)
  }

  @Test func whatNeedsRootIsUnknownAndNotAbsent() {
    #expect(
      Status.text([.esvol(.seenByNobody)], Drawing()) == """
        esvol  in order, as far as seen without root

        Elasticsearch           elasticsearch.service, running
        |                       unknown: needs root
        `- path.data            /mnt/es/elasticsearch
           |                    unknown: needs root
           `- mount             /mnt/es, read-write
              `- ext4           unknown: needs root
                 `- mapping     /dev/mapper/esvol
                    |           unknown: needs root
                    `- LUKS2    11111111-7d0e-4f0e-9c1b-0d6f2a9b1c11
                       |        unknown: needs root
                       `- disk  /dev/nvme1n1, 64 GiB
                                vol1
                                Amazon Elastic Block Store
        """)
  }

  @Test func noLineIsLongerThan80Columns() {
    let long = String(repeating: "/directory", count: 30)
    for facts in [ChainFacts.whole, .closed, .foreign] {
      let report = ChainReport.esvol(facts) {
        $0.mount = long
        $0.data = long + "/data"
      }
      for line in Status.text([report], Drawing(hasLines: true)).split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test func coloursAreOnlyAddedAndNothingElseSpeaksToTheTerminal() {
    var facts = ChainFacts.closed
    facts.disk?.model = "a\u{1B}[31mmodel"
    let plain = Status.text([.esvol(facts)], Drawing())
    let colourful = Status.text([.esvol(facts)], Drawing(hasColour: true))
    #expect(plain.contains("a?[31mmodel") && !plain.contains("\u{1B}"))
    #expect(colourful.contains("\u{1B}[1;31m! volume 'esvol' is not open\u{1B}[0m"))
    #expect(colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func volumesStandApart() {
    let text = Status.text([.esvol(.whole), .esvol(.whole)], Drawing())
    #expect(text.contains("Store\n\nesvol  in order\n"))
  }
}
