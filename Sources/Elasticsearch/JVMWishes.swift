/// What Elasticsearch's Java machine is to be told; nil leaves alone what is there.
package struct JVMWishes: Equatable, Sendable {
  /// Initial and greatest size in bytes.
  package var heap: UInt64?
  /// The folder for heap dumps and the reports of crashes.
  package var diagnostics: String?
  /// The file of the garbage collector's log.
  package var gcLog: String?

  package init(heap: UInt64? = nil, diagnostics: String? = nil, gcLog: String? = nil) {
    self.heap = heap
    self.diagnostics = diagnostics
    self.gcLog = gcLog
  }

  package var isEmpty: Bool { self == JVMWishes() }
}

extension JVMOptions {
  /// `jvm.options` with these wishes, for Elasticsearch before 7.7: every other byte survives.
  package func fulfilling(_ wishes: JVMWishes) throws(JVMOptionsError) -> [UInt8] {
    var options = self
    if let heap = wishes.heap { options = .parse(try options.settingHeap(heap)) }
    if let folder = wishes.diagnostics { options = .parse(try options.settingDiagnostics(folder)) }
    if let file = wishes.gcLog {
      options = .parse(try options.settingGCLog(file))
      options = .parse(options.settingWithoutPerformanceFile())
    }
    return options.source
  }
}

/// An option that overrules a wish.
package enum JVMContradiction: Equatable, Sendable {
  case heap(JVMOption)
  case diagnostics(JVMOption)
  /// It lets Java write a log, or temporary files, beside the volume.
  case logs(JVMOption)
}

extension JVMConfiguration {
  /// What overrules a wish, although the file at `path` fulfils it.
  ///
  /// A size counts as it is; another place for what Java writes does no harm while it is on the volume.
  package func contradiction(
    to wishes: JVMWishes, in path: String, isOnVolume: (String) -> Bool
  ) -> JVMContradiction? {
    if let heap = wishes.heap, let option = first({ $0.contradiction(toHeap: heap) }) {
      return .heap(option)
    }
    if wishes.diagnostics != nil, let option = first({ $0.escapingDiagnostics(isOnVolume) }) {
      return .diagnostics(option)
    }
    guard wishes.gcLog != nil, let option = escape(from: path, isOnVolume) else { return nil }
    return .logs(option)
  }

  /// An option that lets Java write a log, or temporary files, beside the volume. What stands before
  /// the file at `path` is switched off there, or was edited.
  private func escape(from path: String, _ isOnVolume: (String) -> Bool) -> JVMOption? {
    var later = self
    later.files = Array(files.drop { $0.path != path }.dropFirst())
    let log = later.first { options in
      options.first { option in
        JVMLog.file(in: option.text[...].utf8).map { !isOnVolume(String(option.text[$0])) } ?? false
      }
    }
    if let log { return log }
    return first { options in
      guard let option = options.last(of: .temporaryFolder),
        let folder = JVMFlag.temporaryFolder.value(in: [option.text])
      else { return nil }
      return folder == "${ES_TMPDIR}" || folder == "${OPENSEARCH_TMPDIR}" || isOnVolume(folder)
        ? nil : option
    }
  }
}

extension [JVMOption] {
  fileprivate func last(of flag: JVMFlag) -> JVMOption? {
    last { flag.name(of: $0.text) != nil }
  }

  /// An option that counts and does not say so, or a file behind it that may say anything.
  fileprivate func contradiction(toHeap heap: UInt64) -> JVMOption? {
    for flag in [JVMFlag.initialHeap, .maximumHeap] {
      if let option = last(of: flag), flag.size(in: option) != heap { return option }
      if let file = fileBehind(flag) { return file }
    }
    // Java does not start with a least heap above the greatest.
    if let option = last(of: .leastHeap), JVMFlag.leastHeap.size(in: option) ?? .max > heap {
      return option
    }
    return nil
  }

  fileprivate func escapingDiagnostics(_ isOnVolume: (String) -> Bool) -> JVMOption? {
    for flag in JVMFlag.diagnostics {
      if let option = last(of: flag), let place = flag.value(in: [option.text]), !isOnVolume(place)
      {
        return option
      }
      if let file = fileBehind(flag) { return file }
    }
    return nil
  }

  /// A file of further options behind the one that counts: nobody knows here what is in it.
  private func fileBehind(_ flag: JVMFlag) -> JVMOption? {
    let own = lastIndex { flag.name(of: $0.text) != nil } ?? startIndex
    return self[own...].first { JVMFlag.furtherOptions.name(of: $0.text) != nil }
  }
}

extension JVMFlag {
  fileprivate func size(in option: JVMOption) -> UInt64? {
    value(in: [option.text]).flatMap(Heap.bytes)
  }
}
