import Foundation
import Testing

/// A page in headless Chromium.
struct Browser {
  /// What was measured at one width.
  struct View: Decodable {
    var width: Int
    /// Pixels that the page is wider than the window.
    var overflow: Int
    var title: String
    var banner: String
    var hosts: Int
    /// Hosts whose details are open.
    var opened: Int
    var rows: Int
    var checks: Int
    var figures: Int
    /// Elements that could run something or load something.
    var scripts: Int
    var text: String
  }

  /// What the page has said on its console: violations of its own policy, errors.
  let complaints: [String]
  private let dom: String
  private let folder: String

  /// Opens a page, 1280 pixels wide, and 390 with a link to its first host. Headless windows cannot be as narrow as a phone; frames
  /// can.
  init(_ scratch: Scratch, page: String) throws {
    folder = scratch.path
    _ = try scratch.file("page.html", Array(page.utf8))
    let harness = try scratch.file("harness.html", Array(Self.harness.utf8))
    let outcome = try Self.run(folder, ["--dump-dom", "--allow-file-access-from-files"], harness)
    dom = outcome.output
    complaints = outcome.errors.split(separator: "\n").filter { $0.contains(":CONSOLE") }
      .map(String.init)
  }

  var views: [View] {
    get throws {
      let match = try #require(dom.firstMatch(of: /measured:([A-Za-z0-9+\/=]+):measured/))
      let data = try #require(Data(base64Encoded: String(match.output.1)))
      let views = try JSONDecoder().decode([View].self, from: data)
      try #require(views.map(\.width) == [1280, 390])
      return views
    }
  }

  /// The page as PDF.
  func printed() throws -> Data {
    let path = folder + "/page.pdf"
    _ = try Self.run(folder, ["--print-to-pdf=\(path)"], folder + "/page.html")
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private static let harness = """
    <!DOCTYPE html><html><head><meta charset="utf-8"></head><body>
    <iframe src="page.html" width="1280" height="800"></iframe>
    <iframe src="page.html#host-1" width="390" height="800"></iframe>
    <script>
    onload = () => {
      const views = [...document.querySelectorAll("iframe")].map(frame => {
        const page = frame.contentDocument, count = what => page.querySelectorAll(what).length;
        return {
          width: frame.clientWidth,
          overflow: page.documentElement.scrollWidth - page.documentElement.clientWidth,
          title: page.title, banner: (page.querySelector(".banner") || {}).textContent || "",
          hosts: count("details.host"), opened: count("details[open]"), rows: count("tbody tr"), checks: count("main > section > .check"),
          figures: count("figure"),
          scripts: count("script, img, iframe, object, link, [onerror], [onload], [onclick]"),
          text: page.body.textContent.slice(0, 20000)
        };
      });
      const bytes = new TextEncoder().encode(JSON.stringify(views));
      const text = Array.from(bytes, byte => String.fromCharCode(byte)).join("");
      document.body.textContent = "measured:" + btoa(text) + ":measured";
    };
    </script></body></html>
    """

  private static func run(_ folder: String, _ options: [String], _ page: String) throws
    -> (output: String, errors: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      [
        // Root has no sandbox of Chromium's own.
        // Not SIGTERM: a child of the test runner may have that blocked.
        "-s", "KILL", "600", "chromium", "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--user-data-dir=\(folder)/profile", "--enable-logging=stderr",
      ] + options + ["file://\(page)"]
    // It makes a socket in the directory for temporary files, and a socket's name is short (unix(7)).
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": "/tmp"]
    let errors = folder + "/errors"
    try Data().write(to: URL(fileURLWithPath: errors))
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return (
      String(decoding: data, as: UTF8.self), try String(contentsOfFile: errors, encoding: .utf8)
    )
  }
}
