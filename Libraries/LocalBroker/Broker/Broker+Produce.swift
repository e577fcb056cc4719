import Network

/// A produce request whose records are written and not yet on the disk.
final class WaitingProduce {
    private let exchange: Exchange
    private var response: ProduceResponse
    private var waiting: Int

    init(_ exchange: Exchange, _ response: ProduceResponse, waiting: Int) {
        self.exchange = exchange
        self.response = response
        self.waiting = waiting
    }

    /// One of its partitions is done.
    func finish() {
        waiting -= 1
        if waiting == 0 { exchange.answer(response) }
    }

    /// The disk has failed under one of its partitions.
    func fail(_ partition: Partition) {
        for index in response.responses.indices where response.responses[index].name == partition.topic {
            for place in response.responses[index].partitionResponses.indices
            where response.responses[index].partitionResponses[place].index == partition.index {
                response.responses[index].partitionResponses[place].errorCode = ErrorCode.storageError.rawValue
                response.responses[index].partitionResponses[place].baseOffset = -1
            }
        }
        finish()
    }
}

extension Broker {
    func produce(_ request: ProduceRequest, _ frame: UnsafeRawBufferPointer, _ exchange: Exchange) {
        guard [-1, 0, 1].contains(request.acks) else {
            return exchange.answer(refusal(request, .invalidRequiredAcks))
        }
        guard request.transactionalId == nil else {
            return exchange.answer(refusal(request, .transactionalIDAuthorizationFailed))
        }
        let now = WallClock.milliseconds()
        var response = ProduceResponse()
        var written: [(partition: Partition, end: Int64)] = []
        for data in request.topicData {
            let topic = topic(data.name, data.topicId)
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = topic?.name ?? data.name
            answer.topicId = data.topicId
            for part in data.partitionData {
                let result = append(part, to: topic, byID: data.topicId != .zero, frame, now)
                answer.partitionResponses.append(result.response)
                if let partition = result.partition { written.append((partition, result.end)) }
            }
            response.responses.append(answer)
        }
        if request.acks == 0 {
            // Whoever asks for no answer has only the connection to see that something failed.
            let failed = response.responses.contains { $0.partitionResponses.contains { $0.errorCode != 0 } }
            return failed ? exchange.abort("a record without acknowledgement was refused") : exchange.answerNothing()
        }
        acknowledge(exchange, response, written)
    }

    /// Answers now, or once everything that was written is on the disk.
    private func acknowledge(
        _ exchange: Exchange, _ response: ProduceResponse, _ written: [(partition: Partition, end: Int64)]
    ) {
        let pending = written.filter { $0.partition.log.shownOffset < $0.end }
        guard !pending.isEmpty else { return exchange.answer(response) }
        let produce = WaitingProduce(exchange, response, waiting: pending.count)
        for (partition, end) in pending {
            partition.acknowledgements.append((end, { $0 ? produce.finish() : produce.fail(partition) }))
        }
    }

    private func append(
        _ part: ProduceRequest.TopicProduceData.PartitionProduceData, to topic: Topic?, byID: Bool,
        _ frame: UnsafeRawBufferPointer, _ now: Int64
    ) -> (response: ProduceResponse.TopicProduceResponse.PartitionProduceResponse, partition: Partition?, end: Int64) {
        var response = ProduceResponse.TopicProduceResponse.PartitionProduceResponse()
        response.index = part.index
        response.baseOffset = -1
        func refused(_ code: ErrorCode, _ text: String? = nil) -> (
            ProduceResponse.TopicProduceResponse.PartitionProduceResponse, Partition?, Int64
        ) {
            response.errorCode = code.rawValue
            response.errorMessage = text
            return (response, nil, 0)
        }
        guard let topic else { return refused(byID ? .unknownTopicID : .unknownTopicOrPartition) }
        guard let partition = topic.partition(part.index) else { return refused(.unknownTopicOrPartition) }
        guard let records = part.records, records.count > 0 else {
            return refused(.invalidRecord, "a produce request has exactly one batch for a partition")
        }
        do throws(AppendRefusal) {
            let appended = try partition.log.append(records.of(frame), now: now)
            response.baseOffset = appended.baseOffset
            response.logAppendTimeMs = appended.appendTime
            response.logStartOffset = appended.logStartOffset
            if !appended.isDuplicate { recordsWritten(to: partition, bytes: records.count) }
            return (response, partition, appended.lastOffset + 1)
        } catch {
            if case .storage = error { report("writing to \(partition.topic)-\(partition.index): \(error)") }
            response.errorCode = error.code
            response.errorMessage = error.description
            return (response, nil, 0)
        }
    }

    private func refusal(_ request: ProduceRequest, _ code: ErrorCode) -> ProduceResponse {
        var response = ProduceResponse()
        response.responses = request.topicData.map { data in
            var answer = ProduceResponse.TopicProduceResponse()
            answer.name = data.name
            answer.topicId = data.topicId
            answer.partitionResponses = data.partitionData.map { part in
                var refused = ProduceResponse.TopicProduceResponse.PartitionProduceResponse()
                refused.index = part.index
                refused.errorCode = code.rawValue
                refused.baseOffset = -1
                return refused
            }
            return answer
        }
        return response
    }

    func initProducerID(_ request: InitProducerIdRequest, _ exchange: Exchange) {
        var response = InitProducerIdResponse()
        if request.transactionalId != nil {
            response.errorCode = ErrorCode.transactionalIDAuthorizationFailed.rawValue
            response.producerEpoch = -1
        } else {
            do throws(StoreError) {
                response.producerId = try producerIDs.next()
                response.producerEpoch = 0
            } catch {
                report("giving out a producer id: \(error)")
                response.errorCode = error.code
                response.producerEpoch = -1
            }
        }
        exchange.answer(response)
    }
}
