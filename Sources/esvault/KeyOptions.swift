import ArgumentParser
import Vault

/// Where the key of a volume that exists comes from.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The key file instead of the recorded one; - is standard input. Where no key is recorded you are asked for the passphrase.",
      valueName: "file"))
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "The credential of systemd that holds the key, instead of the recorded one.",
      valueName: "name"))
  var keyCredential: String?

  func validate() throws {
    if keyCredential != nil, keyFile != nil {
      throw ValidationError("--key-credential does not go with --key-file.")
    }
  }

  func add(to request: inout VolumeRequest) {
    request.keyFile = keyFile
    request.keyCredential = keyCredential
  }

  func sources(isNew: Bool) -> KeySources {
    KeySources(isStandardInput: keyFile == "-", isNew: isNew)
  }
}

/// The key sources of one run: what is read from standard input or typed serves every volume.
final class KeySources {
  private let isStandardInput: Bool
  private let isNew: Bool
  private var unstored: (any KeySource)?

  init(isStandardInput: Bool, isNew: Bool) {
    self.isStandardInput = isStandardInput
    self.isNew = isNew
  }

  func source(for key: KeySpec) -> any KeySource {
    if let source = key.source { return source }
    if let unstored { return unstored }
    let source: any KeySource =
      if isStandardInput { StandardInputKey() } else if Terminal.isInteractive {
        PassphrasePrompt(isNew: isNew)
      } else { MissingKey(isNew: isNew) }
    unstored = source
    return source
  }
}
