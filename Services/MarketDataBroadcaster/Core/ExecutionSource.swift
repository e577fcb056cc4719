import Records

/// An execution wherever its lists stand.
protocol ExecutionSource {
    /// Everything but trades and level changes.
    var head: UnsafePointer<Execution> { get }
    var tradeCount: Int { get }
    func trade(_ index: Int) -> Trade
    var levelCount: Int { get }
    func level(_ index: Int) -> LevelChange
}

/// An execution in one piece, as it is decoded.
struct StoredExecution: ExecutionSource {
    let head: UnsafePointer<Execution>

    var tradeCount: Int { head.pointee.trades.count }
    func trade(_ index: Int) -> Trade { head.pointee.trades[index] }
    var levelCount: Int { head.pointee.levels.count }
    func level(_ index: Int) -> LevelChange { head.pointee.levels[index] }
}

/// An execution whose lists stand apart, as the engine lends it.
struct LentExecution: ExecutionSource {
    let head: UnsafePointer<Execution>
    let trades: UnsafeBufferPointer<Trade>
    let levels: UnsafeBufferPointer<LevelChange>

    var tradeCount: Int { trades.count }
    func trade(_ index: Int) -> Trade { trades[index] }
    var levelCount: Int { levels.count }
    func level(_ index: Int) -> LevelChange { levels[index] }
}
