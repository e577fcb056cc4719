import Records
import Synchronization
import Testing
import TradingCore

@testable import GatewayCore

struct OperatorAnswerTests {
    @Test func `What is wrong with a document is told, by its field where there is one`() {
        func error(_ text: String) -> OperatorError? {
            do {
                let request = OperatorRequest(
                    method: "POST", path: [], query: [:], body: Array(text.utf8), operatorName: "test")
                _ = try request.document(AssetDocument.self)
                return nil
            } catch {
                return OperatorError.from(error)
            }
        }
        #expect(error("{")?.code == "INVALID_JSON")
        #expect(error("[]")?.code == "INVALID_JSON")
        #expect(error("") == nil)
        #expect(error(#"{"decimals":-1}"#)?.code == "INVALID_FIELD")
        let typed = error(#"{"code":5}"#)
        #expect((typed?.code, typed?.field) == ("INVALID_FIELD", "code"))
    }

    @Test func `A kill switch is answered by its revision, not by the cancels that it leads to`() throws {
        let bench = try EngineBench()
        let answered = Mutex<[OperatorAnswer]>([])
        var definition = AccountDefinition()
        (definition.account, definition.revision, definition.killed) = (Fixtures.account, 2, true)
        bench.engine.handle(
            .operatorRecord(
                OperatorSubmission(.orders(.account(definition), partition: 0)) { answer in
                    answered.withLock { $0.append(answer) }
                }))
        bench.settle()
        let origin = bench.lastOrigin()
        var cancels = Execution()
        cancels.instrument = InstrumentID(1)
        (cancels.ledgerApplied, cancels.ledgerWritten) = ([1], [1])
        bench.matching.write(
            ExecutionsRecord.execution(cancels), to: bench.cluster, EngineBench.executions, origin: origin)
        bench.settle()
        #expect(answered.withLock { $0 }.isEmpty)
        var reported = AccountEvent()
        reported.revisionReport = RevisionReport(kind: .account, id: UInt32(Fixtures.account.rawValue), revision: 2)
        bench.tell(reported, origin: origin)
        #expect(answered.withLock { $0 } == [.event(reported)])
    }
}
