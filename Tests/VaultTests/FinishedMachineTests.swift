import BlockDevices
import LUKS
import Testing

@testable import Vault

/// Run again, only what is missing is done.
@Suite struct FinishedMachineTests {
  @Test func aFinishedMachineNeedsNothing() throws {
    let plan = try plan(.recorded, .finished)
    #expect(plan == Plan())
    #expect(!plan.changes && !plan.destroys && !plan.needsKey)
  }

  @Test func afterARebootTheVolumeIsOpenedMountedAndStarted() throws {
    let facts = Facts.finished.with {
      $0.mapping = .none
      $0.mountPoint = .directory(isEmpty: true, isImmutable: true)
      $0.directories = nil
      $0.elasticsearch.service = .stopped
    }
    let plan = try plan(.recorded, facts)
    #expect(plan.steps.map(\.id) == ["open", "mount", "directory", "start", "verify"])
    #expect(!plan.destroys)
  }

  /// At boot: somebody has made the volume with --no-start, started the node, and disabled it since.
  @Test func whereTheVolumeHoldsANodeTheServiceIsLeftAlone() throws {
    var request = VolumeRequest()
    request.onlyUnfinished = true
    let facts = Facts.finished.with {
      $0.configuration = .reading(Sample.recordedWithoutNode)
      $0.elasticsearch.service = .stopped
      $0.elasticsearch.isEnabled = false
    }
    let spec = try #require(request.specs(in: facts.configuration).first)
    #expect(try plan(spec, facts).steps.isEmpty)
    #expect(
      try plan(spec, facts.with { $0.directories?.nodeState = .damaged("torn") }).steps.isEmpty)
    // A run that was cut off before the first start is finished.
    let unstarted = facts.with { $0.directories?.nodeState = .none }
    #expect(try plan(spec, unstarted).steps.map(\.id) == ["enable", "start", "verify"])
    // And by hand it is started.
    request.onlyUnfinished = false
    let byHand = request.specs(in: facts.configuration)[0]
    #expect(try plan(byHand, facts).steps.map(\.id) == ["enable", "start", "verify"])
  }

  /// At boot, with a volume whose node was never recorded.
  private func unfinished(_ facts: Facts) throws -> (VolumeSpec, Facts) {
    var request = VolumeRequest()
    request.onlyUnfinished = true
    let facts = facts.with { $0.configuration = .reading(Sample.recordedWithoutNode) }
    return (try #require(request.specs(in: facts.configuration).first), facts)
  }

  /// It may be the copy of a running node, which was only looked at.
  @Test func whatAClosedVolumeHoldsIsSeenBeforeTheServiceIsStarted() throws {
    let (spec, closed) = try unfinished(
      .finished.with {
        $0.mapping = .none
        $0.mountPoint = .directory(isEmpty: true, isImmutable: true)
        $0.directories = nil
        $0.elasticsearch.service = .stopped
        $0.elasticsearch.isEnabled = false
      })
    let first = try plan(spec, closed)
    #expect(first.isPartial)
    #expect(first.steps.map(\.id) == ["open", "mount", "directory"])
    #expect(!first.notes.contains { $0.contains("does not run") })
    // A run that was cut off before it recorded the volume has started nothing.
    let unrecorded = closed.with {
      $0.configuration = .empty
      $0.intent = .esvol()
      $0.named = .disk("nvme1n1")
    }
    let whole = try plan(.generating.with { $0.leavesNode = true }, unrecorded)
    #expect(!whole.isPartial && whole.steps.map(\.id).contains("start"))
    // By hand it is known what is wanted.
    let byHand = try plan(spec.with { $0.leavesNode = false }, closed)
    #expect(!byHand.isPartial && byHand.steps.map(\.id).contains("start"))
  }

  @Test func aNodeThatDoesNotRunIsToldOf() throws {
    let (spec, stopped) = try unfinished(
      .finished.with { $0.elasticsearch.service = .stopped })
    let left = try plan(spec, stopped)
    #expect(left.steps.isEmpty && !left.isPartial)
    #expect(left.notes.contains { $0.contains("systemctl start elasticsearch.service") })
    let (_, running) = try unfinished(.finished)
    #expect(!(try plan(spec, running)).notes.contains { $0.contains("systemctl start") })
  }

  /// Nobody has stopped it: what kept it from running may be mended now.
  @Test func aServiceThatHasFailedIsStartedOnceMore() throws {
    let (spec, facts) = try unfinished(
      .finished.with {
        $0.elasticsearch.service = .stopped
        $0.elasticsearch.hasFailed = true
      })
    #expect(try plan(spec, facts).steps.map(\.id) == ["start", "verify"])
  }

  /// systemd starts it first at boot, and Java has not opened anything yet.
  @Test func aNodeThatIsJustStartingIsWaitedForAndRecorded() throws {
    let (spec, facts) = try unfinished(.finished.with { $0.elasticsearch.usesData = false })
    #expect(try plan(spec, facts).steps.map(\.id) == ["verify"])
  }

  /// Its files are not Elasticsearch's either, which could not write them.
  @Test func theDirectoriesOfANodeThatBelongToAnotherUserAreARefusal() throws {
    let changes: [(inout DirectoryFacts) -> Void] = [
      { $0.data?.user = 0 }, { $0.data?.group = 0 },
      { $0.others["/mnt/es/diagnostics"]?.user = 0 },
      {
        $0.data?.user = 0
        $0.nodeState = .damaged("torn")
      },
      {
        $0.data?.user = 0
        $0.rootMode = 0o755
      },
    ]
    for change in changes {
      let facts = Facts.finished.with {
        $0.elasticsearch.service = .stopped
        if var directories = $0.directories {
          change(&directories)
          $0.directories = directories
        }
      }
      let foreign = try refusal(.recorded, facts)
      #expect(foreign.description.contains("not to 'elasticsearch', which is 111:112"))
      #expect(
        foreign.advice.contains("chown -R 111:112 /mnt/es/elasticsearch /mnt/es/diagnostics"),
        "\(foreign.advice)")
      let empty = facts.with {
        $0.directories?.nodeState = .none
        $0.configuration = .reading(Sample.recordedWithoutNode)
      }
      #expect(try plan(.recorded, empty).steps.map(\.id).first == "directory")
    }
    // A directory that is still to be made is no reason.
    let unmade = Facts.finished.with {
      $0.elasticsearch.service = .stopped
      $0.directories?.data?.user = 0
      $0.directories?.others = [:]
    }
    #expect(try refusal(.recorded, unmade).description.contains("not to 'elasticsearch'"))
  }

  @Test func aChangedModeIsSetAgain() throws {
    let changes: [(inout Facts) -> Void] = [
      { $0.directories?.rootMode = 0o755 },
      { $0.directories?.data?.mode = 0o755 },
      { $0.directories?.data = nil },
    ]
    for change in changes {
      let facts = Facts.finished.with { $0.elasticsearch.service = .stopped }.with(change)
      #expect(try plan(.recorded, facts).steps.map(\.id) == ["directory", "start", "verify"])
      // Never under a running node.
      _ = try refusal(.recorded, Facts.finished.with(change))
    }
  }

  @Test func aChangedHeapIsWrittenAgain() throws {
    let facts = Facts.finished.with {
      $0.elasticsearch.service = .stopped
      $0.elasticsearch.jvm = .saying(JVMFacts.finishedText.replacing("-Xms4g", with: "-Xms1g"))
    }
    #expect(try plan(.recorded, facts).steps.map(\.id) == ["heap", "start", "verify"])
  }

  @Test func aRunningNodeWithoutStateIsWaitedForAndNothingElse() throws {
    let facts = Facts.finished.with {
      $0.directories?.nodeState = .none
      $0.configuration = .reading(Sample.recordedWithoutNode)
    }
    let plan = try plan(.recorded, facts)
    #expect(plan.steps.map(\.id) == ["verify"])
    #expect(!plan.changes)
  }

  @Test func aRecordThatIsMissingIsWrittenEvenBesideARunningNode() throws {
    let facts = Facts.finished.with {
      $0.configuration = .empty
      $0.intent = .esvol()
      $0.named = .disk("nvme1n1")
    }
    #expect(try plan(.generating, facts).steps.map(\.id) == ["record"])
  }

  @Test func anIntentThatOutlivedItsRecordIsRemovedWithIt() throws {
    let facts = Facts.finished.with { $0.intent = .esvol() }
    #expect(try plan(.recorded, facts).steps.map(\.id) == ["record"])
  }

  @Test func theKeyIsNotAskedForWhileTheVolumeIsOpen() throws {
    #expect(try plan(.recorded, .finished.with { $0.key = .absent }).steps.isEmpty)
    let closed = Facts.finished.with {
      $0.mapping = .none
      $0.mountPoint = .absent
      $0.directories = nil
      $0.key = .absent
    }
    let refusal = try refusal(.recorded, closed)
    #expect(refusal.description.contains("gone") && refusal.advice.contains("Restore"))
  }

  @Test func theStatusShowsTheChainDownToTheDisk() throws {
    let status = VolumeStatus(.recorded, .finished)
    #expect(status.device == "/dev/nvme1n1" && status.serial == "vol1")
    #expect(
      status.cipher == "aes-xts-plain64" && status.keyBits == 512 && status.sectorSize == 4096)
    #expect(status.isOpen && status.mount == "/mnt/es")
    #expect(status.uuid == Sample.earlier.luks && status.filesystem == Sample.earlier.filesystem)
    #expect(status.nodeID == Sample.nodeState.nodeID && status.heapBytes == 4 << 30)
    let blank = VolumeStatus(.generating, .healthy)
    #expect(!blank.isOpen && blank.device == nil && blank.uuid == nil && blank.mount == nil)
  }
}
