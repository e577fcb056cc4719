/// Swift source under construction: lines with an indentation.
struct SourceText {
    private(set) var text = ""
    private var depth = 0

    mutating func line(_ content: String = "") {
        if !content.isEmpty { text += String(repeating: "    ", count: depth) + content }
        text += "\n"
    }

    /// Writes `head {`, the body one step in, and `tail`.
    mutating func block(_ head: String, tail: String = "}", _ body: (inout SourceText) -> Void) {
        line(head + " {")
        indented(body)
        line(tail)
    }

    /// Writes lines one step in.
    mutating func indented(_ body: (inout SourceText) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Writes the comment of the schema as a doc comment.
    mutating func documentation(_ comment: String) {
        for line in comment.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            self.line("///" + line)
        }
    }
}
