/// A text before and after an edit, with what differs between the two, in bytes and in what they say.
struct YAMLEdit {
  let before: [UInt8]
  let after: [UInt8]
  private let said: YAMLEvents
  private let says: YAMLEvents

  init(from before: [UInt8], to after: [UInt8]) throws(BrokenProperty) {
    self.before = before
    self.after = after
    guard let said = YAMLEvents(before), let says = YAMLEvents(after) else {
      throw BrokenProperty(description: "only YAML is edited, and stays YAML")
    }
    (self.said, self.says) = (said, says)
  }

  /// The edit changes nothing but one value into a text: in what the text says, and in its bytes. The
  /// value was a scalar, or a list of one scalar at most.
  func replacesOneValue(by text: String) throws(BrokenProperty) {
    let (old, new) = difference
    guard let first = old.first, let last = old.last, let value = new.first, new.count == 1,
      first.isScalar && old.count == 1 || first.isListStart && last.isListEnd && old.count <= 3
    else { throw BrokenProperty(description: "one value differs") }
    try demand(value.isScalar, "it is a scalar")
    try demand(YAMLEvents.Event.same(value.text, text), "it is the text that was asked for")
    try demand(
      value.tag == first.tag && value.anchor == first.anchor, "its tag and its anchor stay")
    let (start, end) = (said.range(first).lowerBound, said.range(last).upperBound)
    let rest = before[end...]
    try demand(
      after.count >= start + rest.count && after.starts(with: before[..<start])
        && after.suffix(rest.count).elementsEqual(rest),
      "no byte outside of the value is touched")
  }

  /// The edit adds events one after the other, such as a key and a value, and removes none; and it adds
  /// bytes in one place, and changes none.
  func adds(_ texts: [String]) throws(BrokenProperty) {
    let (old, new) = difference
    // A text that said nothing gets a document and a mapping around them.
    let scalars = new.filter(\.isScalar)
    try demand(old.isEmpty, "nothing is removed")
    try demand(
      scalars.count == texts.count
        && zip(scalars, texts).allSatisfy { YAMLEvents.Event.same($0.text, $1) },
      "the texts that were asked for are added")
    let front = zip(before, after).prefix { $0 == $1 }.count
    let back = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
    try demand(front + back >= before.count, "no byte is changed where some are added")
  }

  /// The text that was the value of a key, where the edit replaces such a one.
  var replacedText: String? {
    guard let old = difference.old.first, difference.old.count == 1, old.isScalar,
      said.events[difference.old.startIndex - 1].isScalar
    else { return nil }
    return old.text
  }

  /// Whether everything is there that was there before.
  var isAddition: Bool { difference.old.isEmpty }

  /// The events between those that are the same in front and those that are the same behind.
  private var difference: (old: ArraySlice<YAMLEvents.Event>, new: ArraySlice<YAMLEvents.Event>) {
    let front = zip(said.events, says.events).prefix { $0 == $1 }.count
    let (old, new) = (said.events[front...], says.events[front...])
    let back = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count
    return (old.dropLast(back), new.dropLast(back))
  }
}
