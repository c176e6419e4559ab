import Foundation
import Testing

@testable import LUKS

extension LUKSTests {
  @Suite struct LUKSLibraryTests {
    @Test func aSecuredProcessDumpsNoCoreAndStillReadsHeaders() throws {
      let image = try Image.formatted(key: "key")
      try LUKSLibrary.secureProcess()
      var limit = rlimit()
      // RLIMIT_CORE of sys/resource.h.
      #expect(getrlimit(__rlimit_resource_t(4), &limit) == 0)
      #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
      // The copy is opened through /proc/self/fd, which a process that cannot be dumped may lose.
      #expect(try image.header()?.uuid == Image.uuid)
    }

    @Test func errorsNameTheObjectAndTheCause() {
      let cases: [(LUKSError, String)] = [
        (.nameInUse("es"), "could not open 'es': a mapping with this name exists"),
        (.deviceBusy("/dev/x"), "could not use '/dev/x': it is busy"),
        (.notActive("es"), "could not find 'es': there is no such mapping"),
        (
          .notAnEncryptedMapping("es"),
          "could not use 'es': the mapping exists, but is not a LUKS volume"
        ),
        (.secretEmpty("k"), "could not use 'k': the key is empty"),
        (.secretTooLong("k"), "could not use 'k': the key is too long"),
        (
          .failed(operation: "open", object: "/dev/x", errno: ENODEV, log: "reload ioctl failed"),
          "could not open '/dev/x': No such device (reload ioctl failed)"
        ),
      ]
      for (error, text) in cases { #expect("\(error)" == text) }
    }
  }
}
