import Testing

/// libcryptsetup is not thread-safe, so everything that touches it runs one after the other.
@Suite(.serialized) struct LUKSTests {}
