import Testing

@testable import ServiceKit

@Suite struct TracingTests {
    private let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `A traceparent reads back as it came`() throws {
        let context = try #require(TraceContext(traceparent: header, tracestate: "a=1, b@v=2"))
        #expect(context.traceparent == header)
        #expect(context.traceIdText == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.spanId == 0x00f0_67aa_0ba9_02b7)
        #expect(context.flags == 1)
        #expect(context.state == "a=1, b@v=2")
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ])
    func `A traceparent that breaks the standard gives no trace`(_ text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test func `A later version is read by the part that version 00 knows`() {
        let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-what-else"
        #expect(TraceContext(traceparent: later)?.traceparent == header)
    }

    @Test(arguments: [
        ("a=1", true), ("a=1,,b=2", true), ("0a=1", true), ("a@b=x", true), ("a=x y", true), ("", false), (",", false),
        ("A=1", false), ("a", false), ("a=", false), ("a=1,a=2", false), ("a@b@c=1", false), ("a==", false),
        ("a=\u{7F}", false), ("@a=1", false),
        ((1...32).map { "k\($0)=v" }.joined(separator: ","), true),
        ((1...33).map { "k\($0)=v" }.joined(separator: ","), false),
        ("a=" + String(repeating: "x", count: 256), true), ("a=" + String(repeating: "x", count: 257), false),
        ("a=" + String(repeating: "x", count: 251) + ",b=" + String(repeating: "x", count: 256) + ",", false),
    ])
    func `A tracestate that is not valid is left out, the trace stays`(_ state: String, _ isValid: Bool) throws {
        let context = try #require(TraceContext(traceparent: header, tracestate: state))
        #expect(context.state == (isValid ? state : ""))
    }
}
