print("MarketDataBroadcaster")
