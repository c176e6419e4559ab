import Vault

/// A whole page: one file, no script, nothing loaded from elsewhere.
struct Page {
  let title: String
  let body: HTML

  /// What the policy does not name, a browser does not load or run, should an escape ever be missing.
  var html: HTML {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title)</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    \(body)
    <section class="limits">
    <h2>What an audit does not show</h2>
    <ul>\(AuditLimits.all.map { "<li>\($0)</li>" as HTML })</ul>
    </section>
    </body>
    </html>
    """
  }

  /// A verdict with a sign, a word and a colour: whoever does not see one sees the others.
  static func badge(_ verdict: Verdict, counts: Bool = true) -> HTML {
    switch (verdict, counts) {
    case (.pass, _): "<span class=\"badge pass\">✓ passed</span>"
    case (_, false): "<span class=\"badge info\">i to know</span>"
    case (.fail, true): "<span class=\"badge fail\">✗ failed</span>"
    case (.unknown, true): "<span class=\"badge unknown\">? unknown</span>"
    }
  }

  static func mood(_ verdict: Verdict) -> HTML {
    switch verdict {
    case .pass: "pass"
    case .fail: "fail"
    case .unknown: "unknown"
    }
  }

  /// Figures under one another's names: "3 errors".
  static func tiles(_ tiles: [(count: Int, words: String)]) -> HTML {
    """
    <ul class="tiles">\(tiles.map { "<li><b>\($0.count)</b> \($0.words)</li>" as HTML })</ul>

    """
  }

  /// `2026-11-21T20:45:00Z` as `2026-11-21 20:45:00 UTC`.
  static func time(_ text: String) -> HTML {
    let words = text.replacing("T", with: " ").replacing("Z", with: " UTC")
    return "<time datetime=\"\(text)\">\(words)</time>"
  }
}
