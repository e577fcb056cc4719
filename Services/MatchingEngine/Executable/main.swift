import MatchingEngineCore
import MatchingEngineMachine
import Messaging
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

let matchingEngine = ServiceDefinition(
    name: "matching-engine",
    summary: "Matches orders by price and time, market by market.",
    operationsPort: 9103,
    keys: ProcessorKeys.all + [StandardKeys.checkpointDirectory],
    commands: [
        ServiceCommand("book", help: "prints the books of the newest checkpoints as JSON, a line a partition") {
            context in
            try BookReport.run(context)
        }
    ],
    rules: ProcessorKeys.rules,
    start: { context in
        let folder = context.configuration[StandardKeys.checkpointDirectory]
        try ProcessorService.start(
            ProcessorDefinition<MatchingMachine>(
                kind: .matchingEngine, inbox: .matching,
                makeSink: { inbox, wake in
                    let store = try FileCheckpointStore(folder: folder, name: "\(inbox)")
                    return try BackgroundCheckpoints(StoredCheckpoints(store), wake: wake)
                },
                makeMachine: { partition, state throws(StateError) in
                    try MatchingMachine(partition: partition, state: state)
                }),
            context)
    })

ServiceMain.run(matchingEngine)
