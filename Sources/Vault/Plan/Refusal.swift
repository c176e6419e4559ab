/// Why no safe plan exists: nothing was changed.
///
/// The description is lower case, without a full stop, and names the object in single quotes. The
/// advice is a full sentence, with a command to paste where there is one.
package struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  package let advice: String

  package init(_ description: String, advice: String) {
    self.description = description
    self.advice = advice
  }
}
