import Foundation
import Testing

@Suite struct DeterminismTests {
    /// What would make two replicas of a state machine differ, or money inexact.
    private static let forbidden = [
        "import Foundation", "import Glibc", "Date(", "Clock", ".random(", "SystemRandomNumberGenerator", "Double",
        "Float",
        "Dictionary<", "Set<", "Locale", "try?", "fatalError(",
    ]

    @Test
    func `TradingCore and the cores of the processors use no clock, chance, hash order, locale or floating point`()
        throws
    {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folders = [
            "Libraries/TradingCore", "Services/OrderService/Core", "Services/LedgerService/Core",
            "Services/MatchingEngine/Core", "Services/MarketDataBroadcaster/Core",
        ]
        var files = 0
        for folder in folders {
            let directory = root.appendingPathComponent(folder)
            let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            for name in names where name.hasSuffix(".swift") {
                files += 1
                let text = try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
                for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                    let code = line.components(separatedBy: "//")[0]
                    for word in Self.forbidden where code.contains(word) {
                        // An exemption is a comment with its reason on the same line.
                        #expect(line.contains("// exempt:"), "\(folder)/\(name):\(number + 1) uses \(word)")
                    }
                }
            }
        }
        #expect(files > 20)
    }
}
