print("MatchingEngine")
