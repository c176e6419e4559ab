import Foundation

/// The checkout that is tested.
public enum Checkout {
  /// Its folder.
  public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The text of one of its files.
  public static func text(of path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  /// The package of this type as `make` has built it: `deb` or `rpm`.
  public static func package(_ type: String) throws -> String {
    let folder = "\(folder)/.build/\(type)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let packages = names.filter { $0.hasSuffix(".\(type)") }
    guard packages.count == 1 else {
      throw LabError(description: "'\(folder)' has \(packages.count) packages: make \(type)")
    }
    return "\(folder)/\(packages[0])"
  }
}
