import Testing

@testable import Vault

/// The words for those who hold a volume.
@Suite struct HolderTests {
  private let java = Holder.process(812, name: "java")

  @Test func everyKindHasItsWords() {
    let words = [
      (java, "'java' (process 812)"),
      (.mount("/srv/x"), "another mount at '/srv/x'"),
      (.namespace(99, name: "sleep"), "process 99 ('sleep') in another mount namespace"),
      (.mountWithin("/mnt/es/sub"), "a mount within it at '/mnt/es/sub'"),
      (.swap(file: "/mnt/es/swap"), "the swap file '/mnt/es/swap'"),
      (.loop(device: "/dev/loop0", file: "/mnt/es/i"), "'/dev/loop0' with its file '/mnt/es/i'"),
      (.device("dm-1 (LVM vg-lv)"), "the device 'dm-1 (LVM vg-lv)' above it"),
    ]
    for (holder, text) in words { #expect(holder.description == text) }
  }

  @Test func atMostFiveAreNamed() {
    #expect(Holder.list([java]) == "'java' (process 812)")
    let five = (1...5).map { Holder.process($0, name: "a") }
    #expect(Holder.list(five).hasSuffix(", 'a' (process 5)"))
    #expect(Holder.list(five + [java, java]).hasSuffix(", 'a' (process 5) and 2 more"))
    #expect(Holder.list([]) == "somebody who could not be found")
  }

  /// Any user may give a process any name.
  @Test func aNameCannotBreakALine() {
    #expect(Holder.process(1, name: "a\n\u{1b}[2J").description == "'a??[2J' (process 1)")
  }

  @Test(
    arguments: [
      ([.process(812, name: "java")], "fuser -vm /mnt/es"),
      ([], "fuser -vm /mnt/es"),
      ([.process(1, name: "a"), .mount("/srv/x y")], "umount '/srv/x y'"),
      ([.namespace(99, name: "sleep")], "systemctl status 99"),
      ([.loop(device: "/dev/loop0", file: "/mnt/es/i")], "losetup -d /dev/loop0"),
      ([.swap(file: "/mnt/es/swap")], "swapoff /mnt/es/swap"),
    ] as [([Holder], String)])
  func theAdviceEndsWithWhatToPaste(holders: [Holder], command: String) {
    let advice = Holder.advice(holders, place: "/mnt/es")
    #expect(advice.hasSuffix(": \(command)"))
    #expect(isAdvice(advice))
  }
}
