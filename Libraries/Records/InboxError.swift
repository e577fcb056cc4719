import TradingCore

/// Why a record of an inbox was not applied.
public enum InboxError: Error, Equatable, Sendable {
    /// The bytes are no record of the inbox; nothing has changed.
    case unreadable(RecordError)
    /// The record can be read and must not be applied all the same, by no replica; nothing has changed.
    case poison(String)
    /// The record cannot follow from what came before; the state is of no use any more.
    case broken(InvariantViolation)
}

extension InboxError {
    /// Decodes a member of an inbox's union that its type has told.
    ///
    /// - Throws: `unreadable`.
    @inlinable
    @inline(__always)
    public static func read<Record: RecordMessage>(
        _ member: Record.Type, _ payload: RawSpan
    ) throws(InboxError) -> Record {
        do throws(RecordError) {
            return try Record(decoding: payload)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Decodes a member over a kept record.
    ///
    /// - Throws: `unreadable`.
    @inlinable
    @inline(__always)
    public static func read<Record: RecordMessage>(
        _ payload: RawSpan, into record: borrowing KeptRecord<Record>
    ) throws(InboxError) {
        do throws(RecordError) {
            try record.decode(payload)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Decodes any member of an inbox's union.
    ///
    /// - Throws: `unreadable`.
    @inlinable
    public static func read<Record: RecordUnion>(
        _ union: Record.Type, type: UInt32, _ payload: RawSpan
    ) throws(InboxError) -> Record {
        do throws(RecordError) {
            return try Record(type: type, payload: payload)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Says of an invariant broken in `work` that the record broke it.
    @inlinable
    @inline(__always)
    public static func applying(_ work: () throws(InvariantViolation) -> Void) throws(InboxError) {
        do throws(InvariantViolation) {
            try work()
        } catch {
            throw .broken(error)
        }
    }
}
