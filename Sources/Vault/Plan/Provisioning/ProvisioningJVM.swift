import Elasticsearch

/// What Elasticsearch's Java machine is told, and what would overrule it.
extension Provisioning {
  func addJVM(to plan: inout Plan) throws(Refusal) {
    try checkCommandLine()
    let (jvm, wishes) = (facts.elasticsearch.jvm, wishes)
    if let problem = jvm.problem {
      throw Refusal(
        "Elasticsearch would not start with its JVM options: \(problem)",
        advice:
          "Mend the line or take it out; an option begins in the first column. See the files: ls \(facts.elasticsearch.configuration.shellWord)/jvm.options*"
      )
    }
    guard !wishes.isEmpty else { return }
    let setting = JVMSetting(
      configuration: facts.elasticsearch.configuration, wishes: wishes, ownFile: jvm.readsFolder)
    let present = jvm.options.files.first { $0.path == setting.path }?.options
    let wanted = try bytes(of: setting, instead: present)
    let after = jvm.options.replacing(setting.path, with: wanted)
    if let contradiction = after.contradiction(
      to: wishes, in: setting.path, isOnVolume: spec.isOnVolume)
    {
      throw refusal(contradiction)
    }
    try checkUnit()
    guard !setting.isFulfilled(by: present, wanted) else { return }
    plan.steps.append(.heap(setting))
    addNotes(onHeapTo: &plan)
  }

  private var wishes: JVMWishes {
    JVMWishes(
      heap: heap, diagnostics: spec.keepsDiagnostics ? nil : spec.places.diagnostics,
      gcLog: spec.confines ? spec.places.gcLog : nil)
  }

  /// Tried here, so that a file which cannot be edited is found out before a disk is written.
  private func bytes(
    of setting: JVMSetting, instead present: JVMOptions?
  ) throws(Refusal) -> [UInt8] {
    do { return try setting.bytes(instead: present) } catch {
      guard case .unusable = error else {
        throw Refusal(
          "'\(setting.path)' cannot be edited safely: \(error)",
          advice:
            "Mend it: editor \(setting.path.shellWord). Or leave it alone: --heap keep --keep-diagnostics"
        )
      }
      throw Refusal(
        "'\(spec.mount)' cannot be told to Java: \(error)",
        advice:
          "Mount the volume elsewhere: --mount /mnt/es. Or leave alone what Java writes besides: --keep-diagnostics"
      )
    }
  }

  private func refusal(_ contradiction: JVMContradiction) -> Refusal {
    switch contradiction {
    case .heap(let option):
      overruled(option, "the heap of \(Heap.text(heap ?? 0))", "the heap alone: --heap keep")
    case .diagnostics(let option):
      overruled(
        option, "'\(spec.places.diagnostics)' for heap dumps and crash reports",
        "them alone: --keep-diagnostics")
    case .logs(let option):
      overruled(option, "logs and temporary files on the volume", "logs alone: without --confine")
    }
  }

  private func overruled(_ option: JVMOption, _ what: String, _ alternative: String) -> Refusal {
    Refusal(
      "'\(option.text)' in '\(option.place)' would win over \(what)",
      advice: "Take it out there, or leave \(alternative)")
  }
}

extension Provisioning {
  /// Settings on the command line win over elasticsearch.yml.
  private func checkCommandLine() throws(Refusal) {
    let (definition, product) = (facts.elasticsearch.definition, facts.elasticsearch.product)
    let names =
      [product.configurationVariable, product.javaOptionsVariable, "_JAVA_OPTIONS"]
      + (spec.confines ? [product.temporaryVariable] : [])
    if let open = definition.obscurity(of: names) {
      throw Refusal(
        "'\(open.text)' in '\(open.place)' does not tell what Elasticsearch is started with",
        advice:
          "Write the value itself there, then let systemd read it: systemctl daemon-reload")
    }
    let wanted = [("path.data", spec.data), ("path.logs", spec.places.logs)]
    for (name, value) in wanted.prefix(spec.confines ? 2 : 1) {
      guard let found = definition.settings(name).first(where: { $0.text != value }) else {
        continue
      }
      throw Refusal(
        "'-E\(name)=\(found.text)' in '\(found.place)' would win over elasticsearch.yml",
        advice: "Take it out there, then let systemd read it: systemctl daemon-reload")
    }
  }

  /// What another drop-in, or an environment file, would overrule of ours.
  private func checkUnit() throws(Refusal) {
    let definition = try units.definition()
    if !spec.keepsDiagnostics, let limit = definition.last("LimitCORE"),
      !["0", "0:0"].contains(limit.text)
    {
      throw Refusal(
        "'LimitCORE=\(limit.text)' in '\(limit.place)' would let core dumps be written beside the volume",
        advice: "Take it out there, or leave core dumps alone: --keep-diagnostics")
    }
    let name = facts.elasticsearch.product.temporaryVariable
    if spec.confines, let folder = definition.variable(name), folder.text != spec.places.temporary {
      throw Refusal(
        "'\(name)=\(folder.text)' in '\(folder.place)' would win over '\(spec.places.temporary)'",
        advice: "Take it out there, or leave temporary files alone: without --confine")
    }
  }

  private func addNotes(onHeapTo plan: inout Plan) {
    guard let heap else { return }
    let memory = facts.memoryOfElasticsearch
    if case .percent = spec.heap, heap == Heap.greatestRecommended {
      plan.notes.append(
        "the heap is \(Heap.text(heap)): beyond that Java takes twice the memory for each pointer")
    } else if heap >= Heap.uncompressed {
      plan.notes.append(
        "with a heap of \(Heap.text(heap)) Java takes twice the memory for each pointer: 31g may hold more"
      )
    }
    if let version = facts.elasticsearch.version, version.sizesItsHeap,
      heap == Heap.recommended(memory: memory)
    {
      plan.notes.append(
        "\(version.title) would choose a heap of \(Heap.text(heap)) by itself, as long as the node keeps its default roles; it is written so that it stays"
      )
    }
  }
}

extension Facts {
  /// Memory in bytes as Elasticsearch counts it: what it is told (`-Des.total_memory_bytes=`, since
  /// 7.11), else what its control groups let it have, else what the machine has.
  package var memoryOfElasticsearch: UInt64 {
    if elasticsearch.version?.sizesItsHeap == true, let told = elasticsearch.jvm.options.totalMemory
    {
      return told
    }
    return min(memory, elasticsearch.memoryLimit ?? .max)
  }

  /// What a person should know of a node that runs with another heap than its options say.
  package func noteOnRunningHeap(of service: String) -> String? {
    let options = elasticsearch.jvm.options.heap
    guard elasticsearch.service == .running, let running = elasticsearch.jvm.running,
      let written = options.maximum, running != options
    else { return nil }
    let heap = running.maximum.map(Heap.text) ?? "one of its own"
    let initial = running.initial.map { ", initially \(Heap.text($0))" } ?? ""
    return
      "the running node has a heap of \(heap)\(initial), and its options say \(Heap.text(written)): they count from its next start on: systemctl restart \(service.shellWord)"
  }
}
