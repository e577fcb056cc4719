import TestBasics
import Testing
import TradingCore

@Suite struct KeptListTests {
    /// Says when it ends.
    private final class Witness {
        let number: Int
        let onEnd: (Int) -> Void

        init(_ number: Int, _ onEnd: @escaping (Int) -> Void) {
            self.number = number
            self.onEnd = onEnd
        }

        deinit { onEnd(number) }
    }

    @Test func `A list does what an array does`() {
        var random = SplitMix64(for: "KeptList")
        var list = KeptList<Int>(capacity: 1)
        var array: [Int] = []
        for step in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                list.append(step)
                array.append(step)
            case 4..<6:
                let index = Int.random(in: 0...array.count, using: &random)
                list.insert(step, at: index)
                array.insert(step, at: index)
            case 6 where !array.isEmpty:
                let index = Int.random(in: array.indices, using: &random)
                list.remove(at: index)
                array.remove(at: index)
            case 7 where !array.isEmpty:
                let index = Int.random(in: array.indices, using: &random)
                list[index] += 1
                array[index] += 1
            case 8:
                #expect(list.popLast() == array.popLast())
            case 9 where step % 500 == 0:
                list.clear()
                array.removeAll()
            default: break
            }
            #expect(list.count == array.count && list.isEmpty == array.isEmpty)
        }
        #expect(Array(list.elements) == array)
        list.withSpan(0..<list.count) { span in #expect(span.indices.map { span[$0] } == array) }
    }

    @Test func `Elements end once, with the list or when they are removed`() {
        var ended: [Int] = []
        do {
            var list = KeptList<Witness>(capacity: 2)
            for number in 0..<5 { list.append(Witness(number) { ended.append($0) }) }
            list.remove(at: 1)
            #expect(ended == [1])
            list.insert(Witness(5) { ended.append($0) }, at: 0)
            #expect(list.popLast()?.number == 4)
            #expect(ended == [1, 4])
            list.clear()
            #expect(ended.sorted() == [0, 1, 2, 3, 4, 5])
            list.append(Witness(6) { ended.append($0) })
        }
        #expect(ended.last == 6 && ended.count == 7)
    }
}
