import Records
import Synchronization
import Testing
import TradingCore

@testable import GatewayCore

struct OperatorAnswerTests {
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
