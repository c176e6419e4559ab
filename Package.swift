// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 language mode, and a warning is an error.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "esvault",
  products: [.executable(name: "esvault", targets: ["esvault"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // C: a module map and what Swift cannot import, nothing else.
    .target(name: "CCryptsetup", linkerSettings: [.linkedLibrary("cryptsetup")]),
    .target(name: "CBlkid", linkerSettings: [.linkedLibrary("blkid")]),
    .target(name: "CYaml", linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "CLinux"),

    // Wrappers: each the only importer of its C library; they know nothing of each other.
    .target(name: "LUKS", dependencies: ["CCryptsetup", "CLinux", system], swiftSettings: strict),
    .target(name: "BlockDevices", dependencies: ["CBlkid", system], swiftSettings: strict),
    .target(name: "YAML", dependencies: ["CYaml"], swiftSettings: strict),
    .target(name: "Elasticsearch", dependencies: ["YAML", system], swiftSettings: strict),

    // The domain, and the command line in front of it.
    .target(
      name: "Vault",
      dependencies: [
        "LUKS", "BlockDevices", "YAML", "Elasticsearch", "CLinux", system, subprocess,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "esvault",
      dependencies: ["Vault", "LUKS", "BlockDevices", "Elasticsearch", arguments, system],
      swiftSettings: strict),

    .testTarget(name: "LUKSTests", dependencies: ["LUKS"], swiftSettings: strict),
    .testTarget(name: "BlockDevicesTests", dependencies: ["BlockDevices"], swiftSettings: strict),
    .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: strict),
    .testTarget(
      name: "ElasticsearchTests", dependencies: ["Elasticsearch", "Lab"],
      exclude: ["Lucene", "NodeState", "Settings"], swiftSettings: strict),
    .testTarget(name: "VaultTests", dependencies: ["Vault"], swiftSettings: strict),
    .testTarget(name: "esvaultTests", dependencies: ["esvault", "Lab"], swiftSettings: strict),
    .testTarget(
      name: "MachineTests", dependencies: ["Vault", "LUKS", "BlockDevices"], swiftSettings: strict),
    .target(
      name: "Fuzz",
      dependencies: ["Elasticsearch", "YAML", "CYaml", "BlockDevices", "LUKS", "Vault"],
      path: "Tests/Fuzz/Swift", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["Fuzz"], swiftSettings: strict),
    .target(name: "Lab", path: "Tests/Lab/Swift", swiftSettings: strict),
    .testTarget(name: "SystemTests", dependencies: ["Lab"], swiftSettings: strict),
    .testTarget(name: "PlaybooksTests", dependencies: ["Lab"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
