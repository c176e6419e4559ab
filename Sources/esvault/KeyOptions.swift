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

/// The key sources of one run: standard input can be read once, and serves every volume.
final class KeySources {
  private let isNew: Bool
  private let standardInput: StandardInputKey?

  init(isStandardInput: Bool, isNew: Bool) {
    self.isNew = isNew
    standardInput = isStandardInput ? StandardInputKey() : nil
  }

  func source(for spec: VolumeSpec) -> any KeySource {
    if let source = spec.key.source { return source }
    if let standardInput { return standardInput }
    return Terminal.isInteractive
      ? PassphrasePrompt(volume: spec.name, isNew: isNew) : MissingKey(isNew: isNew)
  }
}
