import Glibc
import LUKS
import Vault

/// A key typed at the terminal: one line, without its end, not shown.
final class PassphrasePrompt: KeySource {
  let name = "the typed passphrase"
  /// A new passphrase is asked for twice: a slip of the finger would lose the volume.
  private let isNew: Bool
  private let volume: String
  private var key: Secret?
  private static let maximumBytes = 512

  init(volume: String, isNew: Bool) {
    self.volume = volume
    self.isNew = isNew
  }

  func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    if key == nil { key = try ask() }
    switch key {
    case .some(let key): return try work(key)
    // Asked for just above.
    case nil: throw LUKSError.secretEmpty("the passphrase")
    }
  }

  private func ask() throws -> Secret {
    let first = try Self.line("Passphrase for volume '\(volume)': ")
    guard isNew else { return first }
    let second = try Self.line("The same once more: ")
    guard first.equals(second) else {
      throw Refusal("the two passphrases differ", advice: "Run the command again.")
    }
    return first
  }

  private static func line(_ prompt: String) throws -> Secret {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { throw noTerminal }
    defer { close(terminal) }
    var settings = termios()
    guard tcgetattr(terminal, &settings) == 0 else { throw noTerminal }
    var silent = settings
    // Without signals an interrupt is a byte that ends the line, and the terminal is always put back.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    let interrupts = withUnsafeMutableBytes(of: &silent.c_cc) { keys in
      keys[Int(VEOL)] = keys[Int(VINTR)]
      keys[Int(VEOL2)] = keys[Int(VQUIT)]
      // Zero where there is no such key.
      return [keys[Int(VINTR)], keys[Int(VQUIT)]].filter { $0 != 0 }
    }
    guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { throw noTerminal }
    defer { tcsetattr(terminal, TCSAFLUSH, &settings) }
    Terminal.show(prompt)
    defer { Terminal.show("\n") }
    return try read(terminal, until: interrupts)
  }

  private static func read(_ terminal: Int32, until interrupts: [UInt8]) throws -> Secret {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: maximumBytes + 1, alignment: 1)
    defer {
      explicit_bzero(buffer.baseAddress!, buffer.count)
      buffer.deallocate()
    }
    let count = Glibc.read(terminal, buffer.baseAddress!, buffer.count)
    let line = buffer.prefix(max(0, count)).prefix { $0 != 0x0a }
    guard !line.isEmpty, !line.contains(where: interrupts.contains) else {
      throw Refusal("no passphrase was typed", advice: "Run the command again.")
    }
    guard line.count <= maximumBytes, count > line.count else {
      throw Refusal(
        "the passphrase has more than \(maximumBytes) bytes",
        advice: "Use a key file: --key-file PATH")
    }
    return try Secret.copying(UnsafeRawBufferPointer(rebasing: line))
  }

  private static var noTerminal: Refusal { MissingKey().refusal }
}

/// No key was given, and nobody is there to be asked.
struct MissingKey: KeySource {
  let name = "no key"
  /// Whether the volume is yet to be made, so that a key can still be chosen.
  var isNew = true

  var refusal: Refusal {
    Refusal(
      "no key was given, and there is no terminal to ask for one",
      advice: isNew
        ? "Let esvault make one: --generate-key. Or name a file: --key-file PATH"
        : "Its key is stored nowhere. Log in, and give it: esvault unlock")
  }

  func withKey<Result>(_ work: (borrowing Secret) throws -> Result) throws -> Result {
    throw refusal
  }
}
