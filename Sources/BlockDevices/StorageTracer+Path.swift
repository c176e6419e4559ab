import Glibc

extension StorageTracer {
  /// As many as the kernel follows for one path (path_resolution(7)).
  static let greatestLinks = 40

  /// Goes along a path, and on from the mount that it ends on.
  ///
  /// - Parameters:
  ///   - above: the devices above, by their kernel names.
  ///   - isInUse: it is there, or the name means something else than it seems to.
  mutating func follow(
    _ path: String, in tree: DirectoryTree, level: Int, above: [String], isInUse: Bool = false
  ) {
    var walk = PathWalk(path, tree, devices)
    walk.go()
    if level == 0 { reach(walk.isSeen ? walk.place : nil, exists: walk.isComplete) }
    let isMissing = walk.isSeen && !walk.isComplete
    let note = isMissing ? "does not exist yet; '\(walk.place)' is what counts" : nil
    guard add(.path, path, note, level: level) else { return }
    var level = level + 1
    for (link, target) in walk.links {
      guard add(.symbolicLink, link, "leads to '\(target)'", level: level) else { return }
      level += 1
    }
    if let problem = walk.problem { return fail(walk.place, problem, level: level) }
    if isMissing, isInUse { return fail(path, "it is in use, and not to be found", level: level) }
    guard let mount = walk.mount else {
      return fail(walk.place, "the mount table does not say what it is on", level: level)
    }
    descend(into: mount, level: level, above: above)
  }
}

/// One way along a path, part by part, as the kernel goes.
struct PathWalk {
  /// How far it came, without links.
  private(set) var place = "/"
  /// The symbolic links that were followed.
  private(set) var links: [(path: String, target: String)] = []
  /// Why nobody can say where it ends.
  private(set) var problem: String?
  /// Whether there is something at the path.
  private(set) var isComplete = false
  private(set) var mount: Mount?
  /// Whether what there is of the path was looked at, and not only its text.
  private(set) var isSeen = true

  private let tree: DirectoryTree
  private let devices: BlockDevices
  /// What is yet to go, the next part last.
  private var parts: [String]
  /// By the ids of their mounts.
  private var silences: [Int: String?] = [:]

  init(_ path: String, _ tree: DirectoryTree, _ devices: BlockDevices) {
    self.tree = tree
    self.devices = devices
    parts = PathParts.split(path).reversed()
    if path.utf8.first != PathParts.slash {
      (problem, isSeen) = ("'\(path)' is not absolute", false)
    } else if path.utf8.contains(0) {
      (problem, isSeen) = ("it has a zero byte", false)
    }
  }

  mutating func go() {
    mount = tree.mounts.mount(containing: place)
    while problem == nil, let part = parts.popLast() {
      guard let mount else { return }
      guard mount.mayBeAsked else {
        isSeen = false
        return
      }
      if let why = silence(of: mount) { return stop(why) }
      guard step(part) else { return }
      self.mount = tree.mounts.mount(containing: place)
    }
    guard problem == nil else { return }
    isComplete = mount?.mayBeAsked ?? false
    check()
  }

  /// Whether it can go on.
  private mutating func step(_ part: String) -> Bool {
    if part == "." { return true }
    if part == ".." {
      place = PathParts.parent(of: place)
      return true
    }
    let next = PathParts.path(part, in: place)
    switch devices.files.entry(tree.prefix + next) {
    case .there: place = next
    case .absent:
      check()
      return false
    case .link(let target):
      links.append((next, target))
      guard links.count <= StorageTracer.greatestLinks else {
        stop("more than \(StorageTracer.greatestLinks) symbolic links")
        return false
      }
      if target.utf8.first == PathParts.slash { place = "/" }
      parts += PathParts.split(target).reversed()
    case .failed(let errno):
      stop("could not look at '\(next)': \(BlockDeviceError.text(of: errno))")
      return false
    }
    return true
  }

  private mutating func stop(_ why: String) {
    (problem, isSeen) = (why, false)
  }

  /// The kernel's word on the filesystem against that of the mount table, which may be of another
  /// moment, or of a process that has ended.
  private mutating func check() {
    guard let mount, mount.mayBeAsked, !mount.hasManyNumbers,
      silence(of: mount) == nil
    else { return }
    let root = place == "/" ? tree.prefix + "/." : tree.prefix + place
    switch devices.files.entry(root) {
    case .there(on: mount.number): break
    case .there: stop("the mount table and the filesystem do not agree")
    default: stop("it went away meanwhile")
    }
  }

  private mutating func silence(of mount: Mount) -> String? {
    if let known = silences[mount.id] { return known }
    let why = devices.suspended(beneath: mount, in: tree.mounts).map {
      "'\($0)' is suspended, so that no filesystem on it answers"
    }
    silences[mount.id] = .some(why)
    return why
  }
}

extension BlockDevices {
  /// The first suspended mapping beneath a mount: reading from it would wait until somebody resumes it
  /// (dmsetup(8)). Sysfs alone is asked.
  func suspended(beneath mount: Mount, in mounts: MountTree) -> String? {
    var pending = [device(of: mount)]
    var passed = Set(pending)
    while let number = pending.popLast() {
      let here = "dev/block/\(number)"
      if sys.isSet("\(here)/dm/suspended") { return sys.text("\(here)/dm/name") ?? "\(number)" }
      var files = sys.names("\(here)/slaves").map { "\(here)/slaves/\($0)/dev" }
      if sys.exists("\(here)/partition") { files.append("\(here)/../dev") }
      var next = files.compactMap { sys.text($0).flatMap { DeviceNumber($0) } }
      if let file = sys.text("\(here)/loop/backing_file") {
        next += mounts.mount(containing: file).map { [device(of: $0)] } ?? []
      }
      pending += next.filter { passed.insert($0).inserted }
    }
    return nil
  }

  /// A filesystem with a number of its own (btrfs) is known by its source.
  private func device(of mount: Mount) -> DeviceNumber {
    guard !sys.exists("dev/block/\(mount.number)"), mount.source.hasPrefix("/") else {
      return mount.number
    }
    return (try? files.node(mount.source)) ?? mount.number
  }
}
