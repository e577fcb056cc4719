import Crypto
import Network
import TradingCore

/// The checks of a signed request, in the contract's order: key, address and permission, mandatory parameters, signature, time window.
struct Authentication {
    let seen: SeenSignatures

    /// - Throws: -2015 when the key may not do this.
    func permit(_ entry: KeyEntry, _ permission: KeyPermissions, from address: IPAddress) throws(ApiError) {
        guard entry.key.isEnabled else { throw .rejectedKey(.disabled) }
        guard entry.key.allowedAddresses.isEmpty || entry.key.allowedAddresses.contains(address) else {
            throw .rejectedKey(.address)
        }
        guard entry.key.permissions.isSuperset(of: permission) else {
            throw .rejectedKey(.permission, permission: permission.contractName)
        }
    }

    /// Verifies a signed request.
    ///
    /// - Parameters:
    ///   - payload: what the client signed.
    ///   - isChange: whether a repeated signature is refused.
    /// - Throws: -1102, -1022, -1021 or -1131.
    func verify(
        _ entry: KeyEntry, _ parameters: ParameterList, payload: [UInt8], isChange: Bool, now: Int64
    ) throws(ApiError) -> (window: TimeWindow, mark: SignatureMark?) {
        guard parameters.has(.timestamp), !parameters.isEmpty(.timestamp) else { throw .mandatory(.timestamp) }
        guard parameters.has(.signature), !parameters.isEmpty(.signature) else { throw .mandatory(.signature) }
        let mark = try signatureMark(entry, parameters, payload)
        let window = try TimeWindow(parameters)
        try window.check(now: now)
        guard isChange else { return (window, nil) }
        // Two keys may have one secret; an account's requests are told apart from another's.
        let bits = mark ^ UInt64(bitPattern: Int64(entry.key.account.rawValue))
        guard seen.insert(bits, deadline: window.deadline.rawValue)
        else {
            throw ApiError(
                .invalidTimestamp,
                detail: .time(
                    server: now, timestamp: window.timestamp.rawValue, window: window.microseconds / 1_000))
        }
        return (window, SignatureMark(bits: bits, deadline: window.deadline.rawValue))
    }

    private func signatureMark(
        _ entry: KeyEntry, _ parameters: ParameterList, _ payload: [UInt8]
    ) throws(ApiError) -> UInt64 {
        let outcome: Result<UInt64?, CryptoError>? = parameters.withBytes(.signature) { signature in
            do throws(CryptoError) {
                return .success(try entry.verify(payload, signature: signature))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(let mark?)?: return mark
        case .failure?: throw ApiError(.disconnected)
        case .success(nil)?, nil: throw ApiError(.invalidSignature, detail: payloadHash(payload))
        }
    }

    private func payloadHash(_ payload: [UInt8]) -> ErrorDetail? {
        do throws(CryptoError) {
            return .payload(try SHA256.digest(of: payload).hex)
        } catch {
            return nil
        }
    }
}
