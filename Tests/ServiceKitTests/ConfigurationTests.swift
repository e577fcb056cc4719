import Testing

@testable import ServiceKit

private enum Keys {
    static let servers = StandardKeys.kafkaBootstrapServers
    static let interval = ConfigurationKey.duration(
        "demo.frame-interval", default: .milliseconds(2), in: .zero ... .seconds(1), help: "time between frames")
    static let slot = ConfigurationKey.integer("demo.slot", default: 0, in: 0...1_023, help: "instance number")
    static let mode = ConfigurationKey.choice("demo.mode", default: "fast", of: ["fast", "safe"], help: "mode")
    static let rate = ConfigurationKey.decimal("demo.rate", default: 1, in: 0...10, help: "rate")
    static let open = ConfigurationKey.flag("demo.open", help: "whether it is open")
    static let secret = ConfigurationKey.secret("demo.secret", default: "", help: "a secret")
    static let tokens = ConfigurationKey.secretList("demo.tokens", default: SecretList([]), help: "name:token")
}

private let schema = ConfigurationSchema(
    service: "demo", summary: "shows how",
    keys: [
        StandardKeys.logLevel, Keys.servers, Keys.interval, Keys.slot, Keys.mode, Keys.rate, Keys.open, Keys.secret,
        Keys.tokens,
    ],
    commands: [("migrate", "brings the schema up to date")],
    rules: [
        { configuration in
            configuration[Keys.open] && configuration[Keys.tokens].isEmpty
                ? .rule("'demo.open' is true and 'demo.tokens' is empty") : nil
        }
    ])

private func parse(
    _ arguments: [String] = [], _ environment: [String: String] = ["KAFKA_BOOTSTRAP_SERVERS": "a:1"],
    file: String? = nil
) -> Result<Invocation, ConfigurationErrors> {
    do throws(ConfigurationErrors) {
        return .success(
            try schema.parse(arguments: arguments, environment: environment) { path in
                guard let file else { return .failure(FileReadError(reason: "No such file or directory")) }
                return .success(Array(file.utf8))
            })
    } catch {
        return .failure(error)
    }
}

private func messages(_ result: Result<Invocation, ConfigurationErrors>) -> [String] {
    guard case .failure(let failure) = result else { return [] }
    return failure.errors.map(\.description)
}

@Suite struct ConfigurationTests {
    @Test func `A flag wins over the environment, the environment over the file, the file over the default`() throws {
        let file = #"{"demo": {"slot": 1, "mode": "safe", "frame-interval": "3ms"}, "demo.rate": 0.10}"#
        let environment = ["KAFKA_BOOTSTRAP_SERVERS": "a:1, b:2", "DEMO_SLOT": "2", "DEMO_FRAME_INTERVAL": "5"]
        let invocation = try parse(["--config", "demo.json", "--demo.slot=3"], environment, file: file).get()
        let configuration = invocation.configuration
        #expect(configuration[Keys.slot] == 3)
        #expect(configuration[Keys.interval] == .milliseconds(5))
        #expect(configuration[Keys.mode] == "safe")
        #expect(configuration[Keys.rate] == ExactDecimal(units: 1, scale: 1))
        #expect(configuration[Keys.servers] == ["a:1", "b:2"])
        #expect(configuration[Keys.open] == false)
        #expect(configuration.source(of: Keys.slot) == .flag)
        #expect(configuration.source(of: Keys.interval) == .environment)
        #expect(configuration.source(of: Keys.mode) == .file("demo.json"))
        #expect(configuration.source(of: Keys.open) == .defaultValue)
    }

    @Test func `The file's path may come from the environment`() throws {
        let environment = ["DEMO_CONFIG": "x.json"]
        let invocation = try parse([], environment, file: #"{"kafka.bootstrap-servers": ["a:1", "b:2"]}"#).get()
        #expect(invocation.configuration[Keys.servers] == ["a:1", "b:2"])
    }

    @Test func `An unknown key is an error that names it, wherever it stands`() {
        let environment = ["KAFKA_BOOTSTRAP_SERVERS": "a:1", "DEMO_SLOTT": "1", "KAFKA_HOME": "/x"]
        let result = parse(
            ["--config", "f", "--demo.slott", "--demo.slot", "1"], environment, file: #"{"demo": {"x": 1}}"#)
        #expect(
            messages(result) == [
                "flag: unknown key '--demo.slott'", "file f: unknown key 'demo.x'",
                "environment: unknown key 'DEMO_SLOTT'",
            ])
    }

    @Test func `What Kubernetes sets for a Service of the same name is no key`() throws {
        let environment = [
            "KAFKA_BOOTSTRAP_SERVERS": "a:1", "DEMO_SERVICE_HOST": "10.0.0.1", "DEMO_SERVICE_PORT_HTTP": "80",
            "DEMO_PORT": "tcp://10.0.0.1:80", "DEMO_PORT_80_TCP_ADDR": "10.0.0.1",
        ]
        _ = try parse([], environment).get()
        #expect(messages(parse([], ["KAFKA_BOOTSTRAP_SERVERS": "a:1", "DEMO_PORT": "80"])).count == 1)
    }

    @Test(
        arguments: [
            ("--demo.slot", "1024", "flag: 'demo.slot' is '1024', expected 0 to 1023"),
            ("--demo.slot", "one", "flag: 'demo.slot' is 'one', expected an integer of 64 bits"),
            ("--demo.mode", "slow", "flag: 'demo.mode' is 'slow', expected one of fast, safe"),
            ("--demo.frame-interval", "2s", "flag: 'demo.frame-interval' is '2s', expected 0ms to 1000ms"),
            (
                "--demo.frame-interval", "2 days",
                "flag: 'demo.frame-interval' is '2 days', expected a duration such as 250ms, 5s, 2m or 1h"
            ),
            (
                "--demo.rate", "1e1",
                "flag: 'demo.rate' is '1e1', expected a decimal such as 1.25, at most 18 digits behind the point"
            ),
            ("--demo.rate", "10.01", "flag: 'demo.rate' is '10.01', expected 0 to 10"),
            ("--demo.open=yes", nil, "flag: 'demo.open' is 'yes', expected true or false"),
            ("--demo.slot", nil, "flag --demo.slot needs a value"),
            ("verify", nil, "unexpected argument 'verify' (commands: migrate)"),
        ] as [(String, String?, String)])
    func `An error names the key, the value and the limit`(_ flag: String, _ value: String?, _ expected: String) {
        #expect(messages(parse([flag] + (value.map { [$0] } ?? []))) == [expected])
    }

    @Test func `All errors are reported at once`() {
        let result = parse(["--demo.slot=x", "--demo.mode=y"], [:])
        #expect(messages(result).count == 3)
        #expect(
            messages(result).first
                == "'kafka.bootstrap-servers' is required: set KAFKA_BOOTSTRAP_SERVERS, --kafka.bootstrap-servers or the file"
        )
    }

    @Test func `A rule over several keys is checked when each is right`() {
        #expect(messages(parse(["--demo.open"])) == ["'demo.open' is true and 'demo.tokens' is empty"])
        #expect(messages(parse(["--demo.open", "--demo.tokens", "a:b"])) == [])
    }

    @Test func `Secrets are masked in the printed configuration, in help and in errors`() throws {
        let invocation = try parse(["--demo.secret", "hunter2", "--demo.tokens=ann:abc,bob:def", "--check-config"])
            .get()
        #expect(invocation.action == .checkConfiguration)
        let text = invocation.configuration.effectiveText
        #expect(!text.contains("hunter2") && !text.contains("abc"))
        #expect(text.contains("demo.secret             = ******** (flag)"))
        #expect("\(invocation.configuration[Keys.secret])" == "********")
        #expect(invocation.configuration[Keys.tokens].revealed == ["ann:abc", "bob:def"])
        let failure = messages(
            parse(["--config", "f"], file: #"{"demo.secret": ["hunter2"], "kafka.bootstrap-servers": "a"}"#))
        #expect(failure == ["file f: 'demo.secret' is '********', expected one secret, not a list"])
    }

    @Test func `Help names every key with its environment name, default and limit`() throws {
        #expect(try parse(["--help"], [:]).get().action == .help)
        let help = schema.help
        for key in schema.keys {
            #expect(help.contains("--\(key.name) <"))
            #expect(help.contains(key.environmentName))
            #expect(help.contains(key.help))
        }
        #expect(help.contains("time between frames (default 2ms; 0ms to 1000ms)"))
        #expect(help.contains("Kafka brokers, host:port (required; 1 to 100 items)"))
        #expect(help.contains("migrate  brings the schema up to date"))
    }

    @Test func `A command is the first argument that is no flag`() throws {
        #expect(try parse(["--demo.slot", "1", "migrate"]).get().command == "migrate")
        #expect(try parse(["migrate", "--demo.open=false"]).get().command == "migrate")
        #expect(messages(parse(["migrate", "migrate"])).count == 1)
    }

    @Test(arguments: [
        ("", "line 1: expected an object of keys"),
        ("[]", "line 1: expected an object of keys"),
        ("{\"demo.slot\": null}", "line 1: expected text in quotes, a plain number, true or false for 'demo.slot'"),
        ("{\"demo.slot\": 1e3}", "line 1: expected text in quotes, a plain number, true or false for 'demo.slot'"),
        ("{\"demo.slot\": 1} x", "line 1: something follows the object"),
        ("{\"demo.slot\": 1, \"demo\": {\"slot\": 2}}", "'demo.slot' is given twice"),
        ("{\"demo.mode\": \"fa", "line 1: text without a closing quote"),
    ])
    func `A broken file is an error that says where`(_ text: String, _ reason: String) {
        #expect(messages(parse(["--config", "f"], file: text)).contains("configuration file f: \(reason)"))
    }

    @Test func `A mistake far down in a file is found by its line`() {
        let result = parse(["--config", "f"], file: "{\n\"demo.slot\": 1,\n}")
        #expect(messages(result).contains("configuration file f: line 3: expected a key in quotes"))
    }

    @Test func `A missing file is an error`() {
        #expect(messages(parse(["--config", "f"])) == ["configuration file f: No such file or directory"])
    }

    @Test func `Text in a file may be escaped`() throws {
        let file = #"{"kafka.bootstrap-servers": "a:1", "demo.secret": "\"\\\/\n\t\u0041é"}"#
        #expect(
            try parse(["--config", "f"], [:], file: file).get().configuration[Keys.secret].revealed == "\"\\/\n\tAé")
    }
}

@Suite struct ExactDecimalTests {
    @Test func `A decimal reads back as it was written, without trailing zeros`() throws {
        let cases = [
            ("0", "0"), ("-0", "0"), ("1.50", "1.5"), ("-0.05", "-0.05"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("9223372036854775807", "9223372036854775807"), ("100", "100"), ("-9.99", "-9.99"),
        ]
        for (text, expected) in cases {
            #expect(try ExactDecimal.parse(.text(text)).configurationText == expected)
        }
        for text in [
            "", "-", ".5", "5.", "1.2.3", "+1", "1 ", "1e5", "9223372036854775808", "0.0000000000000000001", "٣",
        ] {
            #expect(throws: ConfigurationExpectation.self) { try ExactDecimal.parse(.text(text)) }
        }
    }

    @Test func `Scaling is exact or refused`() throws {
        let value = try ExactDecimal.parse(.text("1.25"))
        #expect(value.units(atScale: 4) == 12_500)
        #expect(value.units(atScale: 1) == nil)
        #expect(ExactDecimal(units: .max, scale: 0).units(atScale: 1) == nil)
    }

    @Test func `Decimals of different scales compare by value`() {
        #expect(ExactDecimal(units: 15, scale: 1) < ExactDecimal(units: 151, scale: 2))
        #expect(ExactDecimal(units: 150, scale: 2) == ExactDecimal(units: 15, scale: 1))
        #expect(ExactDecimal(units: .min, scale: 0) < ExactDecimal(units: .max, scale: 18))
    }
}
