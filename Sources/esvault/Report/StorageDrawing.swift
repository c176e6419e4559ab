/// Where data goes, drawn: the path above, the disks below, and what encrypts between them.
enum StorageDrawing {
  /// No machine stacks so many layers, and browsers nest no more than 512 elements.
  private static let deepest = 24

  static func figures(_ places: [AuditDocument.Place]) -> HTML {
    """
    <p class="legend">Read from above: the path that is written to, what lies beneath it, and at last \
    the disk. What stands below <span class="mark">\(lock) encrypts</span> holds ciphertext only.</p>
    <div class="places">\(places.map(figure))</div>

    """
  }

  private static func figure(_ place: AuditDocument.Place) -> HTML {
    let badge: HTML =
      switch place.encrypted {
      case true?: "<span class=\"badge pass\">encrypted</span>"
      case false?: "<span class=\"badge fail\">in the clear</span>"
      case nil: "<span class=\"badge unknown\">not known</span>"
      }
    let path: HTML = place.chain.first?.name == place.path ? "" : "<code>\(place.path)</code>"
    return """
      <figure><figcaption><b>\(title(place.purpose))</b> \(badge)<small>\(place.origin)</small>\(path)\
      \(place.problem.map { "<small>\($0)</small>" as HTML })\
      </figcaption>\(layers(place.chain[...], of: place, isBelow: false, depth: 0))</figure>

      """
  }

  /// The layers of one depth beside one another, and what each stands on below it.
  private static func layers(
    _ links: ArraySlice<AuditDocument.Place.Link>, of place: AuditDocument.Place, isBelow: Bool,
    depth: Int
  ) -> HTML {
    var rest = links
    var items: [HTML] = []
    while let link = rest.first {
      let beneath =
        depth < deepest ? rest.dropFirst().prefix { $0.level > link.level } : rest.prefix(0)
      let isCiphertext = isBelow || link.encrypts
      items.append(
        """
        <li>\(layer(link, of: place, isBelow: isBelow, isLast: beneath.isEmpty))\
        \(layers(beneath, of: place, isBelow: isCiphertext, depth: depth + 1))</li>
        """)
      rest = rest.dropFirst(1 + beneath.count)
    }
    return items.isEmpty ? "" : "<ol class=\"layers\">\(items)</ol>"
  }

  private static func layer(
    _ link: AuditDocument.Place.Link, of place: AuditDocument.Place, isBelow: Bool, isLast: Bool
  ) -> HTML {
    let (mood, mark): (HTML, HTML) =
      switch (link.encrypts, isBelow, isLast) {
      case (true, _, _): (" lock", "<span class=\"mark\">\(lock) encrypts</span>")
      case (_, true, true): (" below", "<span class=\"mark\">ciphertext only</span>")
      case (_, true, false): (" below", "")
      case (_, _, true) where link.kind == "memory": ("", "<span class=\"mark\">no disk</span>")
      case (_, _, true) where place.encrypted == false:
        (" bare", "<span class=\"mark\">in the clear</span>")
      default: ("", "")
      }
    let detail = link.detail.map { "<small>\($0)</small>" as HTML }
    return """
      <div class="layer\(mood)"><span class="kind">\(link.kind)</span> \(mark)\
      <code>\(link.name)</code>\(detail)</div>
      """
  }

  private static let lock: HTML = """
    <svg viewBox="0 0 12 14" width="9" height="11" aria-hidden="true"><path d="M3 6V4a3 3 0 0 1 6 0v2" \
    fill="none" stroke="currentColor" stroke-width="1.6"/><rect x="1" y="6" width="10" height="7.5" \
    rx="1.2" fill="currentColor"/></svg>
    """

  private static func title(_ purpose: String) -> String {
    let words = purpose.split(separator: "-").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
