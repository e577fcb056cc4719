// MatchingEngineCore
