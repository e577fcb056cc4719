extension String {
    /// Whether the database keeps it: PostgreSQL's text has no zero byte.
    public var isStorable: Bool { !utf8.contains(0) }
}
