import BlockDevices
import Elasticsearch
import Glibc
import LUKS
import SystemPackage

/// Looks at every place that the services write to, and traces each down to the disks.
struct PlacesSurvey {
  private let specs: [VolumeSpec]
  private let known: [AuditedVolume]
  private let devices: BlockDevices

  /// - Parameters:
  ///   - specs: of the volumes, or the one with the defaults, which counts if there is such an
  ///     Elasticsearch.
  ///   - known: what was seen of the volumes: nobody looks at an Elasticsearch twice.
  init(
    _ specs: [VolumeSpec], of configuration: Configuration, known: [AuditedVolume],
    devices: BlockDevices = .init()
  ) {
    let isInstalled = access(specs[0].elasticsearchConfiguration, F_OK) == 0
    // One service may have several volumes.
    var seen: Set<[String]> = []
    self.specs = specs.filter {
      (!configuration.volumes.isEmpty || isInstalled)
        && seen.insert([$0.service, $0.elasticsearchConfiguration]).inserted
    }
    self.known = known
    self.devices = devices
  }

  func look() async throws -> ([AuditedPlace], WritingFacts) {
    var writing = WritingFacts()
    guard !specs.isEmpty else { return ([], writing) }
    let own = (try? DirectoryTree.own()) ?? .unknown
    var tracing = PlaceTracing(StorageTracer(devices: devices, own: own))
    let swaps = tracing.swaps()
    let cores = CoreDumpSurvey()
    writing.coreDumps = cores.handler
    var places: [AuditedPlace] = []
    let units = await SystemdUnit.look(at: specs.map(\.service))
    for (spec, unit) in zip(specs, units) {
      let facts = try await elasticsearch(spec, unit)
      let service = ServiceSurvey.bounded(spec, unit, facts, own)
      let tree = service.tree
      let found = service.paths.map { tracing.place($0, in: tree) }
      let homes = cores.folders(working: service.workingFolder).map {
        tracing.place($0, in: cores.tree(own, ofService: tree))
      }
      places += found + homes
      writing.services.append(service.memory)
      writing.leftBehind += service.formerData.compactMap {
        tracing.leftBehind($0, besides: found.filter { $0.purpose == .data })
      }
    }
    return (places.map { $0.considering(swaps) } + swaps, writing)
  }

  private func elasticsearch(
    _ spec: VolumeSpec, _ unit: SystemdUnit
  ) async throws -> ElasticsearchFacts {
    if let facts = known.first(where: { $0.spec.name == spec.name })?.elasticsearch { return facts }
    return try await ElasticsearchSurvey(spec).facts(unit, asksRPM: true, readsData: false)
  }
}

/// Traces places, and asks the kernel once for each mapping what it does.
struct PlaceTracing {
  private let tracer: StorageTracer
  private var encryption: [String: MappingEncryption] = [:]
  /// The paths without symbolic links, by the paths as they are written.
  private var reals: [String: String] = [:]
  private let isRoot = geteuid() == 0

  init(_ tracer: StorageTracer) { self.tracer = tracer }

  mutating func place(
    _ written: WrittenPath, in tree: Result<DirectoryTree, SettingsFailure>
  ) -> AuditedPlace {
    do throws(SettingsFailure) {
      if let problem = written.problem { throw SettingsFailure(why: problem) }
      // These directories are Elasticsearch's alone, and all that is in them.
      let isWhole = [.data, .logs, .repository].contains(written.purpose)
      let tree = try tree.get()
      let trace = try bounded(written.path) {
        $0.trace(written.path, in: tree, withMountsBelow: isWhole)
      }
      reals[written.path] = trace.place
      return judged(written.purpose, written.path, written.origin, trace)
    } catch {
      return .unseen(written.purpose, written.path, origin: written.origin, error.why)
    }
  }

  typealias SettingsFailure = WrittenPaths.SettingsFailure

  private func bounded(
    _ path: String, _ trace: @escaping (StorageTracer) -> StorageTrace
  ) throws(SettingsFailure) -> StorageTrace {
    let tracer = tracer
    do { return try BoundedLook.at("'\(path)'") { trace(tracer) } } catch {
      throw SettingsFailure(why: "\(error)")
    }
  }

  /// The swap areas in use.
  mutating func swaps() -> [AuditedPlace] {
    let origin = "/proc/swaps"
    do {
      return try Swaps.current().areas.map { area in
        let trace: StorageTrace
        // One that does not answer hides no other.
        do throws(SettingsFailure) {
          trace = try bounded(area.path) {
            area.type == "file" ? $0.trace(fileInUse: area.path) : $0.trace(device: area.path)
          }
        } catch { return .unseen(.swap, area.path, origin: origin, error.why) }
        return judged(.swap, area.path, origin, trace)
      }
    } catch {
      return [.unseen(.swap, origin, origin: origin, "\(error)")]
    }
  }

  /// A directory that holds a node's data although no service writes to it; nil where it does not.
  ///
  /// - Parameter present: the places of the data that services write to.
  mutating func leftBehind(_ path: String, besides present: [AuditedPlace]) -> AuditedPlace? {
    let origin = "a usual place of path.data"
    let trace: StorageTrace
    do { trace = try bounded(path) { $0.trace(path) } } catch {
      return .unseen(.data, path, origin: origin, error.why)
    }
    guard !present.contains(where: { $0.path == path }) else { return nil }
    guard let real = trace.place else {
      let why = judged(.data, path, origin, trace).problem
      return .unseen(.data, path, origin: origin, why ?? "nobody could look into it")
    }
    let current = present.map { reals[$0.path] ?? $0.path }
    guard trace.exists,
      !current.contains(where: { $0 == real || AbsolutePath.isBelow(real, $0) })
    else { return nil }
    guard access(real, R_OK | X_OK) == 0 else {
      let why = "only root may look into '\(path)'"
      return .unseen(.data, path, origin: origin, why)
    }
    do {
      let state = try BoundedLook.at("'\(real)'") { NodeStateFacts(inDataPath: real) }
      return state == .none ? nil : judged(.data, path, origin, trace)
    } catch {
      return .unseen(.data, path, origin: origin, "\(error)")
    }
  }

  private mutating func judged(
    _ purpose: AuditedPlace.Purpose, _ path: String, _ origin: String, _ trace: StorageTrace
  ) -> AuditedPlace {
    for case .mapping(let name, let uuid) in trace.links.map(\.kind) where encryption[name] == nil {
      encryption[name] = look(at: name, uuid)
    }
    return AuditedPlace(purpose, path, origin: origin, trace, encryption: encryption)
  }

  private func look(at name: String, _ uuid: String) -> MappingEncryption {
    guard isRoot else {
      return uuid.hasPrefix("CRYPT-") ? .unseen("only root sees the cipher of '\(name)'") : .none
    }
    do {
      guard let cipher = try LiveCipher.ofMapping(name) else {
        return Mapping.luksUUID(in: uuid) == nil
          ? .none : .unseen("the table of '\(name)' is no single target of dm-crypt")
      }
      guard cipher.encrypts else { return .null(cipher: cipher.name) }
      guard !cipher.isLUKS else { return .luks(cipher: cipher.name) }
      return .plain(cipher: cipher.name, hasRandomKey: Crypttab.current().hasRandomKey(name))
    } catch {
      return .unseen("\(error)")
    }
  }
}
