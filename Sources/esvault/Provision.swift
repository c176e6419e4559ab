import ArgumentParser
import Elasticsearch
import Glibc
import LUKS
import Vault

struct Provision: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: "Make a disk Elasticsearch's encrypted data volume, or finish what is missing.",
    discussion: """
      Looks at the machine, prints the plan, and carries it out. Run again it does what is missing, \
      and nothing else. Nothing but a blank disk is formatted, unless --wipe names it again.

      DEVICE is a path, a by-id link, a serial or an EC2 volume id. Without DEVICE: the volumes of \
      the configuration, or else the only blank disk. A disk of the configuration that is not there \
      yet is waited for; a DEVICE is not.

      Losing the key loses the data: keep a copy of the key file in a safe place.

      EXAMPLES
        esvault provision /dev/nvme1n1 --generate-key --dry-run
        esvault provision vol-0123456789abcdef0 --generate-key --yes
        esvault provision /dev/nvme1n1 --key-file /root/es.key --heap 15g
        pass show es/volume | esvault provision /dev/nvme1n1 --key-file -
      """)

  @Argument(help: "The disk: a path, a by-id link, a serial or a volume id.")
  var device: String?

  @Flag(help: "Print the plan, and change nothing.")
  var dryRun = false
  @Flag(
    help: "Do not ask before a disk is written. Without a terminal nothing is asked anyway.")
  var yes = false
  @Option(help: "The volume's name. (default: esvol)")
  var name: String?
  @Option(help: ArgumentHelp("Where the volume is mounted. (default: /mnt/es)", valueName: "dir"))
  var mount: String?
  @Option(
    help: ArgumentHelp(
      "Elasticsearch's path.data, below the mount point. (default: <mount>/elasticsearch)",
      valueName: "dir"))
  var data: String?
  @Option(
    help: ArgumentHelp(
      "The key file, read whole, at most 8 MiB, a newline at its end included; - is standard input. Without a key file you are asked for a passphrase.",
      valueName: "file"))
  var keyFile: String?
  @Option(
    help: ArgumentHelp(
      "The credential of systemd that holds the key: from $CREDENTIALS_DIRECTORY, or from /etc/credstore.encrypted and the other stores.",
      valueName: "name"))
  var keyCredential: String?
  @Flag(help: "Vouch that the key is random, so that it needs no slow key derivation.")
  var keyIsRandom = false
  @Flag(
    help:
      "Make a random key of 512 bits in the key file (default: /etc/esvault/keys/<name>.key). A file that exists is used, never overwritten."
  )
  var generateKey = false
  @Option(
    help: ArgumentHelp(
      "Destroy what is on the disk: names the disk again, and must match.", valueName: "device"))
  var wipe: String?
  @Flag(help: "With --wipe: write over every sector.")
  var overwrite = false
  @Option(
    help: ArgumentHelp(
      "Elasticsearch's heap; auto is half of the memory that its service may have, at most 31 GiB. (default: auto)",
      valueName: "15g|50%|auto|keep"), transform: heapRequest)
  var heap: HeapRequest?
  @Flag(
    help:
      "Keep on the volume whatever Elasticsearch writes: path.logs, the garbage collector's log and temporary files too."
  )
  var confine = false
  @Flag(
    help:
      "Leave heap dumps, crash reports and core dumps where they are. (default: dumps and reports go to <mount>/diagnostics, core dumps are forbidden)"
  )
  var keepDiagnostics = false
  @Option(
    help: ArgumentHelp(
      "Elasticsearch's configuration directory. (default: /etc/elasticsearch)", valueName: "dir"))
  var esConfig: String?
  @Option(
    help: ArgumentHelp(
      "The systemd unit of Elasticsearch. (default: elasticsearch.service)", valueName: "unit"))
  var service: String?
  @Flag(
    help:
      "Leave volumes alone that were finished once: what was changed or stopped since stays so. Elasticsearch is started where its volume holds no node yet, or after it has failed, whatever --no-start said before. At boot, esvault-provision.service does this."
  )
  var unfinished = false
  @Flag(help: "Do not start Elasticsearch, and do not wait for its node state.")
  var noStart = false
  @Option(
    help: ArgumentHelp(
      "How long to wait for missing disks of the configuration, for opening, and for the node state. (default: 300)",
      valueName: "seconds"))
  var timeout: Int?
  @OptionGroup var configurationOptions: ConfigurationOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try Timeout.validate(timeout)
    if unfinished, device != nil || name != nil {
      throw ValidationError("--unfinished goes with neither DEVICE nor --name.")
    }
    if overwrite, wipe == nil { throw ValidationError("--overwrite goes with --wipe DEVICE.") }
    if keyCredential != nil, keyFile != nil || generateKey {
      throw ValidationError("--key-credential goes with neither --key-file nor --generate-key.")
    }
    if generateKey, keyFile == "-" {
      throw ValidationError("--generate-key needs a file to store the key in, not standard input.")
    }
  }

  var request: VolumeRequest {
    var request = VolumeRequest()
    request.name = name
    request.device = device
    request.mount = mount
    request.data = data
    request.keyFile = keyFile
    request.keyCredential = keyCredential
    request.keyIsRandom = keyIsRandom
    request.generatesKey = generateKey
    request.wipe = wipe
    request.overwrite = overwrite
    request.heap = heap
    request.confines = confine
    request.keepsDiagnostics = keepDiagnostics
    request.elasticsearchConfiguration = esConfig
    request.service = service
    request.startsService = !noStart
    request.timeout = timeout
    request.onlyUnfinished = unfinished
    return request
  }

  private static func heapRequest(_ text: String) throws -> HeapRequest {
    guard let request = Heap.parse(text) else {
      throw ValidationError("'\(text)' is no heap size: use auto, keep, 15g, 7936m or 50%.")
    }
    return request
  }
}
