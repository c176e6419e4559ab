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

  /// The edit changes nothing but one scalar: in what the text says, and in its bytes.
  func replacesOneScalar(by text: String) throws(BrokenProperty) {
    let (old, new) = difference
    try demand(old.count == 1 && new.count == 1, "one event differs")
    guard let old = old.first, let new = new.first else { return }
    try demand(old.isScalar && new.isScalar, "that is a scalar")
    try demand(YAMLEvents.Event.same(new.text, text), "it is the text that was asked for")
    try demand(
      new.tag == old.tag && new.anchor == old.anchor, "its tag and its anchor stay")
    let range = said.range(old)
    try demand(
      after.starts(with: before[..<range.lowerBound])
        && after.count >= range.lowerBound + before.count - range.upperBound
        && after.suffix(before.count - range.upperBound).elementsEqual(before[range.upperBound...]),
      "no byte outside of the scalar is touched")
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

  /// Whether as many values are there as before.
  var isReplacement: Bool { difference.old.count == 1 && difference.new.count == 1 }

  /// The events between those that are the same in front and those that are the same behind.
  var difference: (old: ArraySlice<YAMLEvents.Event>, new: ArraySlice<YAMLEvents.Event>) {
    let front = zip(said.events, says.events).prefix { $0 == $1 }.count
    let (old, new) = (said.events[front...], says.events[front...])
    let back = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count
    return (old.dropLast(back), new.dropLast(back))
  }
}
