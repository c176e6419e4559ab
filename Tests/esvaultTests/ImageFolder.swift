import Foundation
import Lab
import Testing

/// Makes images in a temporary folder, which vanishes with its owner.
final class ImageFolder {
  let path = NSTemporaryDirectory() + "esvault-images-\(UUID().uuidString)"
  var key: String { path + "/key" }

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    // Who audits need not be root.
    try bash("chmod 755 \(path); printf geheim >\(key)")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A new LUKS container that nobody has written into; its header takes 16 MiB.
  func container(mebibytes: Int = 32, options: String = "--pbkdf pbkdf2") throws -> String {
    let image = "\(path)/\(UUID().uuidString).luks"
    try bash(
      """
      truncate -s \(mebibytes)M \(image)
      cryptsetup luksFormat -q --pbkdf-force-iterations 1000 \(options) \(image) \(key)
      """)
    return image
  }

  /// Changes the JSON of both copies of a LUKS2 header, with right checksums: as somebody who knows the
  /// format would do it (LUKS2 On-Disk Format Specification, 2.1).
  ///
  /// - Parameter change: a line of Python that changes the dictionary `segments`.
  func changeHeader(of image: String, _ change: String) throws {
    try bash(
      """
      cat >\(path)/change <<'END'
      import hashlib, json
      file = open("\(image)", "r+b")
      for start in 0, 16384:
          file.seek(start)
          area = bytearray(file.read(16384))
          header = json.loads(area[4096:].split(b"\\0")[0])
          segments = header["segments"]
          \(change)
          area[4096:] = json.dumps(header).encode().ljust(16384 - 4096, b"\\0")
          area[448:512] = bytes(64)
          area[448:480] = hashlib.sha256(area).digest()
          file.seek(start)
          file.write(area)
      END
      python3 \(path)/change
      """)
  }

  /// A filesystem in plaintext with files of Elasticsearch, and 8 MiB of text.
  func ext4() throws -> String {
    let image = "\(path)/\(UUID().uuidString).ext4"
    let tests = Checkout.folder + "/Tests"
    try bash(
      """
      mkdir -p \(path)/data
      cp -r \(tests)/ElasticsearchTests/NodeState \(tests)/ElasticsearchTests/Lucene \(path)/data/
      yes 'a document in plaintext' | head -c 8M >\(path)/data/documents
      truncate -s 32M \(image)
      mke2fs -q -F -t ext4 -d \(path)/data \(image)
      """)
    return image
  }
}

/// What `esvault audit --image` says of images, as JSON.
struct AuditedImages {
  let status: Int32
  private let findings: [[String: Any]]

  init(_ words: String...) throws { try self.init(words) }

  init(_ words: [String]) throws {
    let outcome = try Tool.run(["audit", "--format", "json", "--image"] + words)
    status = outcome.status
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    findings = try #require((document as? [String: Any])?["findings"] as? [[String: Any]])
  }

  /// By check, of a single image.
  var verdicts: [String: String] {
    Dictionary(findings.map { ($0["check"] as! String, $0["verdict"] as! String) }) { a, _ in a }
  }

  /// By image.
  func verdicts(of check: String) -> [String: String] {
    Dictionary(
      findings.filter { $0["check"] as? String == check }
        .map { ($0["subject"] as! String, $0["verdict"] as! String) }
    ) { a, _ in a }
  }

  func message(_ check: String) -> String {
    findings.first { $0["check"] as? String == check }?["message"] as? String ?? ""
  }

  func evidence(_ check: String) -> [String] {
    findings.first { $0["check"] as? String == check }?["evidence"] as? [String] ?? []
  }
}

/// Runs lines of bash that must succeed.
func bash(_ script: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", "set -eu\n" + script]
  process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw CocoaError(.executableLoad, userInfo: ["script": script])
  }
}
