/// The systemd units of one volume: they open it at boot, keep Elasticsearch from starting without it,
/// and stop Elasticsearch when it goes away.
package struct BootUnits: Equatable, Sendable {
  /// Opens all volumes of the configuration.
  package static let unlock = "esvault-unlock.service"
  /// Where an administrator's units are (systemd.unit(5)).
  static let folder = "/etc/systemd/system"
  /// How each file begins; a file that begins otherwise is somebody else's.
  static let mark = "# Written by 'esvault provision'"

  /// The volume's name.
  package var name: String
  package var mount: String
  package var service: String
  /// The disk's link in `/dev/disk/by-id`; nil where it has none.
  package var diskLink: String?
  /// The credential that is the volume's key, where one is.
  package var credential: Credential?
  /// Whether the service may write core dumps as before.
  package var keepsCoreDumps = false
  /// The variable that names the directory for temporary files, and the directory; nil leaves both
  /// alone.
  package var temporary: Variable?
  /// The path of esvault.
  package var program: String
  package var configuration = Configuration.defaultPath

  /// A key that systemd hands over.
  package struct Credential: Equatable, Sendable {
    package var name: String
    package var isEncrypted: Bool

    package init(name: String, isEncrypted: Bool) {
      self.name = name
      self.isEncrypted = isEncrypted
    }
  }

  package struct Variable: Equatable, Sendable {
    package var name: String
    package var value: String
  }

  package init(
    name: String, mount: String, service: String, diskLink: String? = nil,
    credential: Credential? = nil, program: String,
    configuration: String = Configuration.defaultPath
  ) {
    self.name = name
    self.mount = mount
    self.service = UnitName.service(service)
    self.diskLink = diskLink
    self.credential = credential
    self.program = program
    self.configuration = configuration
  }

  /// All files, with what must be in them.
  package var files: [UnitFiles.File] {
    [
      file(Self.unlock, of: Self.unlock, unlockText),
      file("\(Self.unlock).d/volume-\(name).conf", of: Self.unlock, volumeText),
      file(mountUnit, of: mountUnit, mountText),
      gate,
    ]
  }

  /// The drop-in of Elasticsearch's own service.
  var gate: UnitFiles.File { file("\(service).d/esvault.conf", of: service, gateText) }

  package var mountUnit: String { UnitName.mount(at: mount) }

  private func file(_ path: String, of unit: String, _ text: String) -> UnitFiles.File {
    UnitFiles.File(
      path: "\(Self.folder)/\(path)",
      text: """
        \(Self.mark), which writes it anew when it should say something else.
        # To change the unit, add a drop-in of your own: systemctl edit \(unit.shellWord)

        \(text)

        """)
  }

  /// The configuration that the text of a unit names, as it is written there.
  static func configuration(in text: String) -> String {
    guard let option = text.firstRange(of: " --config ") else { return Configuration.defaultPath }
    return String(text[option.upperBound...].prefix { $0 != "\n" })
  }

  func command(_ arguments: String..., prefix: String = "") -> String {
    let isDefault = configuration == Configuration.defaultPath
    return UnitText.command(
      program, arguments + (isDefault ? [] : ["--config", configuration]), prefix: prefix)
  }
}
