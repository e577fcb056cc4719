import Records
import TradingCore
import Web

extension OperatorService {
    // MARK: Assets

    func listAssets() async throws -> HTTPResponse {
        let documents = try await store.all(.asset).compactMap(document(ofAsset:))
        return OperatorService.response(documents)
    }

    func createAsset(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: AssetDocument = try request.document()
        return try await create(.asset(try document.created()), request, document.reason) { _ in }
    }

    func updateAsset(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: AssetDocument = try request.document()
        return try await update(.asset, request, document.revision, document.reason) { definition in
            guard case .asset(var asset) = definition else { return }
            try document.change(&asset)
            definition = .asset(asset)
        }
    }

    // MARK: Fee schedules

    func listFeeSchedules() async throws -> HTTPResponse {
        let documents = try await store.all(.feeSchedule).compactMap { stored -> FeeScheduleDocument? in
            guard case .feeSchedule(let schedule) = stored.definition else { return nil }
            return FeeScheduleDocument(stored, schedule)
        }
        return OperatorService.response(documents)
    }

    func createFeeSchedule(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: FeeScheduleDocument = try request.document()
        return try await create(.feeSchedule(try document.created()), request, document.reason) { _ in }
    }

    func updateFeeSchedule(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: FeeScheduleDocument = try request.document()
        return try await update(.feeSchedule, request, document.revision, document.reason) { definition in
            guard case .feeSchedule(var schedule) = definition else { return }
            try document.change(&schedule)
            definition = .feeSchedule(schedule)
        }
    }

    // MARK: Instruments

    func listInstruments() async throws -> HTTPResponse {
        let assets = try await assets()
        let documents = try await store.all(.instrument).compactMap { stored -> InstrumentDocument? in
            guard case .instrument(let market) = stored.definition else { return nil }
            return InstrumentDocument(stored, market, assets)
        }
        return OperatorService.response(documents)
    }

    func createInstrument(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: InstrumentDocument = try request.document()
        let market = try document.created(try await assets())
        let partitions = UInt32(line.marketPartitions)
        guard document.partition ?? 0 < partitions else {
            throw OperatorError.invalid("partition", "partition must be below \(partitions)")
        }
        return try await create(.instrument(market), request, document.reason) { definition in
            guard case .instrument(var market) = definition, market.partition == UInt32.max else { return }
            market.partition = (market.instrument.rawValue &- 1) % partitions
            definition = .instrument(market)
        }
    }

    func updateInstrument(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: InstrumentDocument = try request.document()
        return try await update(.instrument, request, document.revision, document.reason) { definition in
            guard case .instrument(var market) = definition else { return }
            try document.change(&market)
            definition = .instrument(market)
        }
    }

    func setStatus(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: InstrumentDocument = try request.document()
        guard let name = document.status else { throw OperatorError.missing("status") }
        let status = try InstrumentDocument.status(name)
        return try await update(.instrument, request, document.revision, document.reason) { definition in
            guard case .instrument(var market) = definition else { return }
            market.status = status
            definition = .instrument(market)
        }
    }

    // MARK: The venue

    func getVenue() async throws -> HTTPResponse {
        guard let stored = try await store.find(.venue, name: "venue") else {
            throw OperatorError.unknown("definition of the", "venue")
        }
        return try await response(stored)
    }

    func updateVenue(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: VenueDocument = try request.document()
        return try await changeVenue(request, document) { try document.change(&$0) }
    }

    func setKillSwitch(_ request: OperatorRequest) async throws -> HTTPResponse {
        let document: KillDocument = try request.document()
        return try await changeVenue(request, VenueDocument(reason: document.reason)) { $0.killed = document.engaged }
    }

    /// Changes the venue's definition, which the first change makes.
    private func changeVenue(
        _ request: OperatorRequest, _ document: VenueDocument,
        _ change: @escaping @Sendable (inout VenueDefinition) throws -> Void
    ) async throws -> HTTPResponse {
        let audit = try request.audit(reason: document.reason)
        if try await store.find(.venue, name: "venue") == nil {
            var venue = VenueDefinition()
            try change(&venue)
            let stored = try await store.create(.venue(venue), audit: audit) { _ in }
            return try await response(try await settled(stored))
        }
        let stored = try await store.update(
            .venue, name: "venue", expectedRevision: document.revision, audit: audit
        ) { definition in
            guard case .venue(var venue) = definition else { return }
            try change(&venue)
            definition = .venue(venue)
        }
        return try await response(try await settled(stored))
    }

    // MARK: Any definition

    func create(
        _ definition: ReferenceDefinition, _ request: OperatorRequest, _ reason: String?,
        assign: @escaping @Sendable (inout ReferenceDefinition) -> Void
    ) async throws -> HTTPResponse {
        let stored = try await store.create(definition, audit: request.audit(reason: reason), assign: assign)
        return try await response(try await settled(stored))
    }

    func update(
        _ kind: DefinitionKind, _ request: OperatorRequest, _ revision: UInt64?, _ reason: String?,
        change: @escaping @Sendable (inout ReferenceDefinition) throws -> Void
    ) async throws -> HTTPResponse {
        let stored = try await store.update(
            kind, name: request.path[1], expectedRevision: revision, audit: request.audit(reason: reason),
            change: change)
        return try await response(try await settled(stored))
    }

    func response(_ stored: StoredDefinition) async throws -> HTTPResponse {
        switch stored.definition {
        case .asset(let asset): OperatorService.response(AssetDocument(stored, asset))
        case .feeSchedule(let schedule): OperatorService.response(FeeScheduleDocument(stored, schedule))
        case .venue(let venue): OperatorService.response(VenueDocument(stored, venue))
        case .instrument(let market):
            OperatorService.response(InstrumentDocument(stored, market, try await assets()))
        case .account(let account):
            OperatorService.response(AccountDocument(stored, account, try await accountNames()))
        }
    }

    func assets() async throws -> [AssetDefinition] {
        try await store.all(.asset).compactMap { stored in
            if case .asset(let asset) = stored.definition { asset } else { nil }
        }
    }

    private func document(ofAsset stored: StoredDefinition) -> AssetDocument? {
        guard case .asset(let asset) = stored.definition else { return nil }
        return AssetDocument(stored, asset)
    }
}

struct KillDocument: Codable, Sendable {
    var engaged: Bool
    var reason: String?
}

extension VenueDocument {
    init(reason: String?) { self.reason = reason }
}
