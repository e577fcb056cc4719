extension AccountEvent {
    /// Whether it answers its origin; a step on the way (an order held and handed on) does not.
    public var isAnswer: Bool {
        refusal != nil || marker != nil || testPassed != nil || deposit != nil || withdrawal != nil
            || revisionReport != nil
    }
}
