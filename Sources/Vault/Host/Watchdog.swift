import Dispatch
import Glibc
import Synchronization

/// Bounds the time of a call that may block for ever.
///
/// libcryptsetup waits for udev without a limit, on a semaphore that only udev raises. Such a call
/// cannot be interrupted, only left behind: it gets a thread of its own, which lasts until the call
/// returns or the process ends.
package enum Watchdog {
  /// The call did not return within the limit, and goes on.
  package struct TimedOut: Error, Equatable, Sendable {
    package let limit: Duration
  }

  /// Runs `work` on a thread of its own, and waits for it.
  ///
  /// What `work` uses must be its own, or outlive the process: after the limit it goes on using it.
  ///
  /// - Parameter hasMoved: whether anything was done since it was asked last: then the limit, when it has
  ///   passed, starts anew.
  /// - Throws: ``TimedOut`` after the limit, or what `work` throws.
  package static func run<Result>(
    limit: Duration, unless hasMoved: () -> Bool = { false }, _ work: @escaping () throws -> Result
  ) throws -> Result {
    let call = Call(work)
    try start { call.run() }
    while call.done.wait(timeout: .now() + limit.dispatched) != .success {
      guard hasMoved() else { throw TimedOut(limit: limit) }
    }
    // Written before the semaphore was raised.
    return try call.outcome!.get()
  }

  /// Where work says that it goes on.
  package final class Progress: Sendable {
    private let moved = Atomic(false)

    package init() {}
    package func step() { moved.store(true, ordering: .relaxed) }
    /// Whether there was a step since the last call.
    package func hasMoved() -> Bool { moved.exchange(false, ordering: .relaxed) }
  }

  /// What both threads hold: whichever lets go last frees it.
  private final class Call<Result> {
    let done = DispatchSemaphore(value: 0)
    private let work: () throws -> Result
    private(set) var outcome: Swift.Result<Result, any Error>?

    init(_ work: @escaping () throws -> Result) {
      self.work = work
    }

    func run() {
      outcome = Swift.Result { try work() }
      done.signal()
    }
  }

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// A plain thread: one of Swift's own pool would be missing there for as long as the call blocks.
  private static func start(_ work: @escaping () -> Void) throws {
    let body = Unmanaged.passRetained(Body(work))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { body in
        Unmanaged<Body>.fromOpaque(body!).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard result == 0 else {
      body.release()
      throw FileError("start a thread for", "a bounded wait", result)
    }
    pthread_detach(thread)
  }
}

extension Duration {
  fileprivate var dispatched: DispatchTimeInterval {
    .milliseconds(Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000))
  }
}
