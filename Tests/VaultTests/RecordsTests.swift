import Testing

@testable import Vault

@Suite struct VolumeTokenTests {
  @Test func aTokenIsReadAsItWasWritten() throws {
    let token = VolumeToken.esvol(.formatted)
    #expect(try VolumeToken.decode(token.json()) == token)
    let bare = token.with { $0.serial = nil }
    #expect(try VolumeToken.decode(bare.json()) == bare)
  }

  @Test func theTextIsWhatLUKSWants() {
    #expect(
      VolumeToken.esvol(.ready).json()
        == #"{"data":"/mnt/es/elasticsearch","filesystem":"22222222-1f0e-4a0e-8c1b-0d6f2a9b1c22","keyslots":[],"mount":"/mnt/es","name":"esvol","phase":"ready","serial":"vol1","type":"esvault","version":1}"#
    )
  }

  @Test func aNewerVersionIsToldApart() {
    let json = #"{"version":2,"phase":"something new"}"#
    #expect(throws: VolumeTokenError.newerVersion(2)) { try VolumeToken.decode(json) }
  }

  @Test(arguments: [0, -1])
  func aVersionThatNeverWasIsInvalid(_ version: Int) {
    let json = VolumeToken.esvol(.ready).with { $0.version = version }.json()
    #expect(throws: VolumeTokenError.invalid("there is no version \(version)")) {
      try VolumeToken.decode(json)
    }
  }

  @Test(arguments: [
    "", "garbage", "\u{0}", "null", "[]", "{}", #"{"version":"1"}"#, #"{"version":1}"#,
    #"{"version":1,"phase":"begun"}"#, "{\"version\":1", #"{"version":99999999999999999999}"#,
  ])
  func whatIsNoTokenIsInvalid(_ json: String) {
    #expect(throws: VolumeTokenError.self) { try VolumeToken.decode(json) }
  }

  @Test func aHugeTokenIsNotParsed() {
    let token = VolumeToken.esvol(.ready).with {
      $0.serial = String(repeating: "9", count: 4 << 20)
    }
    #expect(throws: VolumeTokenError.invalid("it has more than 16 KiB")) {
      try VolumeToken.decode(token.json())
    }
    let deep = String(repeating: "[", count: 15_000)
    #expect(throws: VolumeTokenError.self) { try VolumeToken.decode(deep) }
  }

  @Test(arguments: [
    ("mnt/es", "mnt/es/data"), ("/mnt/es/../../etc", "/mnt/es/../../etc/data"),
    ("/etc", "/etc/elasticsearch"), ("/", "/data"), ("/mnt/es", "/srv/data"),
    ("/mnt/es", "/mnt/es"),
    ("/mnt/es", "/mnt/es/../data"), ("/mnt/es", "/mnt/es/../\u{301}x"),
    ("/mnt/e\ns", "/mnt/e\ns/d"),
    ("", ""),
  ])
  func aTokenThatLeadsElsewhereIsInvalid(_ mount: String, _ data: String) {
    let token = VolumeToken.esvol(.ready).with {
      $0.mount = mount
      $0.data = data
    }
    #expect(throws: VolumeTokenError.self) { try VolumeToken.decode(token.json()) }
  }

  @Test(arguments: ["", "-x", "../x", "a b"])
  func aTokenWithoutAVolumesNameIsInvalid(_ name: String) {
    let json = VolumeToken.esvol(.ready).with { $0.name = name }.json()
    #expect(throws: VolumeTokenError.self) { try VolumeToken.decode(json) }
  }

  @Test(arguments: [VolumeTokenError.newerVersion(7), .invalid("it has no version")])
  func whyATokenIsNotBelievedIsAPhrase(_ error: VolumeTokenError) {
    #expect(isPhrase(error.description))
  }
}

@Suite struct IntentTests {
  @Test func onlyTheSameDiskMatches() {
    let intent = Intent.esvol()
    #expect(intent.matches(serial: "vol1", bytes: 64 << 30))
    #expect(!intent.matches(serial: "vol2", bytes: 64 << 30))
    #expect(!intent.matches(serial: "vol1", bytes: 64 << 30 + 1))
    #expect(!intent.matches(serial: nil, bytes: 64 << 30))
  }

  @Test func aDiskWithoutASerialNeverMatches() {
    #expect(!Intent.esvol(serial: nil).matches(serial: nil, bytes: 64 << 30))
  }
}

@Suite struct NamesTests {
  @Test(arguments: ["a", "esvol", "es-vol_2", "9", String(repeating: "a", count: 39)])
  func aNameIsAccepted(_ name: String) { #expect(VolumeName.isValid(name)) }

  @Test(arguments: [
    "", "-a", ".", "a.b", "a/b", "a b", "é", "a\n", String(repeating: "a", count: 40),
  ])
  func aNameIsRefused(_ name: String) { #expect(!VolumeName.isValid(name)) }

  @Test func theLongestNameFitsIntoTheLabel() {
    #expect(VolumeName.label(String(repeating: "a", count: 39)).utf8.count <= 47)
  }

  @Test(arguments: ["/a", "/a/b", "/mnt/my es", "/é", "/..a", "/a/...", "/a/.b"])
  func aPathIsNormalised(_ path: String) { #expect(AbsolutePath.isNormalised(path)) }

  @Test(arguments: [
    "", "/", "a", "/a/", "//a", "/a//b", "/.", "/a/.", "/..", "/a/../b", "/a\nb", "/a\u{7f}",
    "/a\u{0}", "/mnt/../\u{301}x", "/" + String(repeating: "a", count: 4096),
  ])
  func aPathIsNotNormalised(_ path: String) { #expect(!AbsolutePath.isNormalised(path)) }

  @Test func belowIsNotBeside() {
    #expect(AbsolutePath.isBelow("/mnt/es/a", "/mnt/es"))
    #expect(AbsolutePath.isBelow("/a", "/"))
    for path in ["/mnt/es", "/mnt/es2", "/mnt", "/mnt/e", "/"] {
      #expect(!AbsolutePath.isBelow(path, "/mnt/es"))
    }
  }

  @Test(arguments: ["/mnt/es", "/srv/es", "/var/lib/elasticsearch", "/data", "/home/es"])
  func aPlaceForAVolumeIsAccepted(_ path: String) { #expect(AbsolutePath.mayBeMountPoint(path)) }

  @Test(arguments: [
    "/", "/etc", "/etc/es", "/usr/local", "/dev/shm", "/proc/1", "/root", "/var", "/var/lib",
    "/mnt",
    "/home", "/tmp", "/var/lib/esvault", "/mnt/es/", "mnt", "/run/es",
  ])
  func aPlaceOfTheSystemIsRefused(_ path: String) { #expect(!AbsolutePath.mayBeMountPoint(path)) }

  @Test(arguments: [
    ("/mnt/es", "/mnt/es"), ("", "''"), ("a b", "'a b'"), ("$(x)", "'$(x)'"),
    ("it's", #"'it'\''s'"#),
    ("é", "'é'"), ("a;b", "'a;b'"), ("x: sh  #", "'x:'' sh  #'"), ("a.", "'a.'"),
    ("é\n\u{1B}\u{202E}: a'", #"$'\xc3\xa9\x0a\x1b\xe2\x80\xae:\x20a\x27'"#),
  ])
  func aShellTakesItForOneWord(_ text: String, _ word: String) { #expect(text.shellWord == word) }
}
