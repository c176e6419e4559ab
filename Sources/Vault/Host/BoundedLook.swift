/// A look at what may never answer: a file on a dead disk or server, a process that hangs in the kernel.
enum BoundedLook {
  /// How long an answer may take. A disk that is spun up or busy takes seconds.
  static let limit = Duration.seconds(10)

  /// What did not answer.
  struct Silence: Error, Equatable, CustomStringConvertible {
    let object: String
    let limit: Duration
    var description: String { "\(object) did not answer within \(limit.components.seconds) s" }
  }

  /// - Parameters:
  ///   - object: what is looked at, for people.
  ///   - hasMoved: whether the look went on since it was asked last: then the limit starts anew.
  ///   - look: what it uses must be its own: it goes on after the limit.
  /// - Throws: ``Silence`` after the limit, or what `look` throws.
  static func at<Value>(
    _ object: String, limit: Duration = limit, unless hasMoved: () -> Bool = { false },
    _ look: @escaping () throws -> Value
  ) throws -> Value {
    do { return try Watchdog.run(limit: limit, unless: hasMoved, look) } catch is Watchdog.TimedOut
    {
      throw Silence(object: object, limit: limit)
    }
  }
}

extension Sight {
  /// What `look` sees, or that the object did not answer.
  static func bounded(
    at object: String, limit: Duration = BoundedLook.limit, _ look: @escaping () -> Sight
  ) -> Sight {
    do { return try BoundedLook.at(object, limit: limit, look) } catch {
      return .failed("\(error)")
    }
  }
}
