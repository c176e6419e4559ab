import Elasticsearch
import LUKS

/// One change to the machine, as data.
///
/// A step says everything that is needed to do it; ``Host/perform(_:)`` does it, and looks once more
/// right before it writes.
package enum Step: Equatable, Sendable {
  /// Destroys what is on a disk.
  case wipe(Wiping)
  /// Makes a random key, stores it, and reads it back.
  case key(path: String)
  /// Writes the LUKS2 header, its keyslot and its token, or what is missing of them.
  case format(Formatting)
  /// Opens the volume with the key as it is stored.
  case open(Opening)
  /// Makes the ext4 filesystem and declares the volume ready.
  case filesystem(Opening)
  /// Makes the directory under the mount immutable, so that nobody writes beside the volume.
  case guardMountPoint(String)
  case mount(Mounting)
  /// Sets the modes of the filesystem's root and of Elasticsearch's data directory.
  case directory(DataDirectory)
  /// Writes the volume into the configuration, and into the token of a volume that is taken over.
  case record(RecordedVolume, Adoption? = nil)
  /// Writes the units that open the volume at boot, and keep Elasticsearch from starting without it.
  case units(UnitFiles)
  /// Sets Elasticsearch's heap, and where its Java machine writes what it writes besides.
  case heap(JVMSetting)
  /// Sets path.data and path.logs; nil leaves one as it is.
  case dataPath(configuration: String, path: String?, logs: String? = nil)
  /// Lets systemd start these units at boot.
  case enable([String])
  /// Starts Elasticsearch, where the data path holds the node that is recorded, if one is.
  case start(service: String, data: String, expecting: RecordedNode? = nil)
  /// Waits for Elasticsearch's node state on this volume, asks the node, and records its id.
  case verify(Verification)
  /// Stops Elasticsearch, and waits for at most so many seconds.
  case stop(service: String, timeout: Int)
  case unmount(Closing)
  /// Closes the mapping: without the key nobody reads the volume any more.
  case close(Closing)
}

/// Which disk: its path now, and what it is known by.
package struct DiskIdentity: Equatable, Sendable {
  package var path: String
  package var serial: String?
  package var bytes: UInt64
  /// ``Disk/sequence``: all that tells two disks without a serial apart that had the path in turn.
  package var sequence: UInt64?

  package init(path: String, serial: String?, bytes: UInt64, sequence: UInt64? = nil) {
    self.path = path
    self.serial = serial
    self.bytes = bytes
    self.sequence = sequence
  }
}

/// How a disk's old contents are destroyed, and for which volume.
package struct Wiping: Equatable, Sendable {
  package var disk: DiskIdentity
  package var name: String
  package var identifiers: Identifiers
  /// Write over every sector, rather than discard them.
  package var overwrite: Bool
  /// What is destroyed, in words.
  package var contents: String
}

/// What is written into the header area, and what must be there before.
package struct Formatting: Equatable, Sendable {
  /// What the disk must look like right before it is written.
  package enum Start: Equatable, Sendable {
    case blank
    /// The step before has wiped it.
    case wiped
    /// Noise or a header without keyslots, which the matching intent explains.
    case interrupted
    /// Header and keyslot exist, only the token is missing.
    case keyed
  }

  package var disk: DiskIdentity
  package var start: Start
  package var header: HeaderFormat
  package var derivation: KeyDerivation
  package var token: VolumeToken
}

/// Which volume is opened, and what its header must say.
package struct Opening: Equatable, Sendable {
  package var disk: DiskIdentity
  package var name: String
  /// LUKS UUID.
  package var uuid: String
  /// UUID of the filesystem inside.
  package var filesystem: String
  package var policy: Policy
  /// How long opening may take, in seconds: it waits for the key derivation, and for udev.
  package var timeout = 300
}

/// Where an open volume is mounted.
package struct Mounting: Equatable, Sendable {
  package var opening: Opening
  package var path: String
  /// What the data directory must be like once it is mounted; nil where a step of its own sees to it,
  /// or where the owner is not known.
  package var directory: DataDirectory?
}

/// Which volume is unmounted and closed.
package struct Closing: Equatable, Sendable {
  package var name: String
  /// LUKS UUID: a mapping of another one is left alone.
  package var uuid: String
  package var mount: String
  /// How long to wait for those who hold it for a moment, in seconds.
  package var timeout: Int
}

/// A volume of another machine, or of a restored snapshot, that becomes this machine's own.
package struct Adoption: Equatable, Sendable {
  package var opening: Opening
  /// What its token says from now on.
  package var token: VolumeToken
}

package struct DataDirectory: Equatable, Sendable {
  /// Elasticsearch must pass through the root, and see nothing of it.
  package static let rootMode: UInt32 = 0o711
  package static let mode: UInt32 = 0o750

  package var mount: String
  package var path: String
  /// Further directories of Elasticsearch's, directly below the mount point.
  package var others: [String] = []
  package var userName: String
  package var user: UInt32
  package var group: UInt32
}

package struct Verification: Equatable, Sendable {
  package var name: String
  package var data: String
  package var service: String
  /// In seconds.
  package var timeout: Int
  /// LUKS UUID: the state must be on this volume, whatever has its name.
  package var uuid: String
  /// The id of the recorded node; nil for a volume that has none yet.
  package var node: String?
}
