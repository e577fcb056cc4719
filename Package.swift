// swift-tools-version: 6.1
import PackageDescription

/// C libraries of the system: a module map each, imported by exactly one Swift library.
let systemLibraries: [Target] = [
    .systemLibrary(
        name: "CRDKafka", path: "Libraries/C/CRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(name: "CLibPQ", path: "Libraries/C/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
        name: "CHiredis", path: "Libraries/C/CHiredis", pkgConfig: "hiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(
        name: "COpenSSL", path: "Libraries/C/COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux", path: "Libraries/C/CLinux"),
    .target(name: "CChecksum", path: "Libraries/C/CChecksum"),
]

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Libraries/\(name)", exclude: exclude, swiftSettings: settings)
}

/// Lets a function return a `Span` into what it was given.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let libraries: [Target] = [
    library("TradingCore"),
    library("Records", ["TradingCore"], exclude: ["Plugin", "Schema"]),
    library("Crypto", ["COpenSSL"]),
    library("Network", ["CLinux", "Crypto"]),
    library("Web", ["Network", "Crypto"], settings: lifetimes),
    library("ServiceKit", ["Network", "Web", "Crypto"]),
    library("Storage", ["CLibPQ", "CHiredis", "Crypto", "Network"]),
    library("Messaging", ["TradingCore", "Records", "Network", "CRDKafka"]),
    library("LocalBroker", ["Network", "CChecksum"], exclude: ["Protocol/Schema"]),
    library("ProcessorKit", ["TradingCore", "Records", "Messaging", "ServiceKit", "Storage", "Network"]),
    .executableTarget(name: "protoc-gen-trading", dependencies: ["Records"], path: "Libraries/Records/Plugin"),
]

/// A service: a pure core that tests, simulation and benchmarks import, and a thin executable around it. A processor has its
/// core on the runtime as a library too, which the simulation imports.
func service(
    _ folder: String, executable: String, core: [Target.Dependency] = ["TradingCore", "Records"],
    shell: [Target.Dependency] = [
        "TradingCore", "Records", "Messaging", "ProcessorKit", "Storage", "ServiceKit", "Network", "Web", "Crypto",
    ],
    hasMachine: Bool = false, shellLibrary: String? = nil
) -> [Target] {
    var targets: [Target] = [.target(name: "\(folder)Core", dependencies: core, path: "Services/\(folder)/Core")]
    var dependencies: [Target.Dependency] = [.target(name: "\(folder)Core")] + shell
    if hasMachine {
        let name = "\(folder)Machine"
        targets.append(
            .target(
                name: name, dependencies: [.target(name: "\(folder)Core"), "TradingCore", "Records", "Messaging"],
                path: "Services/\(folder)/Machine"))
        dependencies.append(.target(name: name))
    }
    // A part of the shell that has tests of its own.
    if let shellLibrary {
        let name = "\(folder)\(shellLibrary)"
        targets.append(.target(name: name, dependencies: dependencies, path: "Services/\(folder)/\(shellLibrary)"))
        dependencies.append(.target(name: name))
    }
    targets.append(
        .executableTarget(name: executable, dependencies: dependencies, path: "Services/\(folder)/Executable"))
    return targets
}

let services: [Target] =
    service("OrderService", executable: "order-service", hasMachine: true, shellLibrary: "History")
    + service("LedgerService", executable: "ledger-service", shellLibrary: "Books")
    + service("MatchingEngine", executable: "matching-engine", hasMachine: true)
    + service(
        "MarketDataBroadcaster", executable: "market-data-broadcaster", hasMachine: true, shellLibrary: "Projection")
    + service(
        "Gateway", executable: "gateway",
        core: [
            "TradingCore", "Records", "Messaging", "ProcessorKit", "Storage", "ServiceKit", "Network", "Web", "Crypto",
        ])
    + [
        .executableTarget(
            name: "local-broker", dependencies: ["LocalBroker", "Network", "ServiceKit"],
            path: "Services/LocalBroker/Executable")
    ]

func tests(_ target: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(target)Tests", dependencies: [.target(name: target), "TestBasics"] + dependencies,
        path: "Tests/\(target)Tests",
        exclude: exclude)
}

let cores: [Target.Dependency] = [
    "OrderServiceCore", "LedgerServiceCore", "MatchingEngineCore", "MarketDataBroadcasterCore",
]

/// What a thread that stores what it follows is tested with.
let projections: [Target.Dependency] = ["ProjectionBench", "Messaging", "ProcessorKit", "Storage"]

let testTargets: [Target] = [
    .target(name: "TestBasics", path: "Tests/Support/Basics"),
    tests("TradingCore"),
    tests("Records", ["TradingCore", "protoc-gen-trading"], exclude: ["Interop"]),
    tests("Crypto"),
    tests("Network", ["Crypto"]),
    tests("Web", ["Network", "Crypto"], exclude: ["Peers"]),
    .executableTarget(
        name: "web-conformance-server", dependencies: ["Network", "Web", "Crypto"], path: "Tests/WebConformance"),
    tests("ServiceKit", ["Web", "Network"]),
    tests("Storage", ["Crypto"]),
    tests("Messaging", ["Records", "TradingCore", "Network"]),
    tests("LocalBroker", ["Network"]),
    .target(
        name: "ProjectionBench",
        dependencies: ["TradingCore", "Records", "Messaging", "ProcessorKit", "Storage", "ServiceKit", "Network"],
        path: "Tests/Support/Projections"),
    tests("ProcessorKit", ["ProjectionBench", "TradingCore", "Records", "Messaging", "Storage"]),
    tests("OrderServiceCore", ["OrderServiceHistory", "TradingCore", "Records"] + projections),
    tests("LedgerServiceCore", ["LedgerServiceBooks", "TradingCore", "Records", "Messaging", "Storage"]),
    tests("MatchingEngineCore", ["TradingCore", "Records"]),
    tests(
        "MarketDataBroadcasterCore", ["MarketDataBroadcasterProjection", "TradingCore", "Records"] + projections),
    tests(
        "GatewayCore",
        [
            "TradingCore", "Records", "Messaging", "ProcessorKit", "Storage", "ServiceKit", "Web", "Network", "Crypto",
        ]),
    .testTarget(
        name: "SimulationTests",
        dependencies: [
            "TestBasics", "TradingCore", "Records", "Messaging", "GatewayCore", "OrderServiceMachine",
            "LedgerServiceBooks",
            "MatchingEngineMachine", "MarketDataBroadcasterMachine",
        ] + cores,
        path: "Tests/Simulation"
    ),
]

let benchmarks: [Target] = [
    .executableTarget(
        name: "bench-cores", dependencies: ["TradingCore", "Records"] + cores, path: "Benchmarks/Cores"),
    .executableTarget(
        name: "bench-path",
        dependencies: ["TradingCore", "Records", "Messaging", "Network", "Web", "Crypto", "ServiceKit", "Storage"],
        path: "Benchmarks/Path"),
]

let package = Package(
    name: "trading-venue",
    products: [],
    targets: systemLibraries + libraries + services + testTargets + benchmarks,
    swiftLanguageModes: [.v6]
)
