import Glibc

/// The target that the environment names.
private let target: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    end("FUZZ_TARGET is '\(name)', and has to be one of: \(names)")
  }
  return target
}()

/// What libFuzzer calls with each input (LLVM documentation, "libFuzzer"). A broken property ends the
/// process, as a crash does: then libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  do {
    try target.run(input)
    return 0
  } catch {
    end("broken: \(error)")
  }
}

private func end(_ message: String) -> Never {
  let line = Array("fuzz: \(message)\n".utf8)
  _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  abort()
}
