import Foundation

/// A page of Markdown, by its headings and blocks of code.
public struct Page: Sendable {
  /// A block of code.
  public struct Block: Sendable {
    /// Of the nearest heading above it, without its marks.
    public let heading: String
    /// What stands behind the fence: `sh`, `yaml`.
    public let language: String
    public let text: String
  }

  /// All of it, as it stands there.
  public let text: String
  public let blocks: [Block]

  /// A file of the checkout.
  public init(_ path: String) throws {
    text = try Checkout.text(of: path)
    var blocks: [Block] = []
    var heading = ""
    var language = ""
    var lines: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let block = lines {
        if line == "```" {
          let text = block.joined(separator: "\n")
          blocks.append(Block(heading: heading, language: language, text: text))
          lines = nil
        } else {
          lines = block + [line]
        }
      } else if line.hasPrefix("```") {
        language = String(line.dropFirst(3))
        lines = []
      } else if line.hasPrefix("#") {
        heading = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
      }
    }
    self.blocks = blocks
  }

  /// The blocks of one language, below one heading if it is given.
  public func blocks(_ language: String, below heading: String? = nil) -> [String] {
    blocks.filter { $0.language == language && (heading == nil || $0.heading == heading) }
      .map(\.text)
  }
}
