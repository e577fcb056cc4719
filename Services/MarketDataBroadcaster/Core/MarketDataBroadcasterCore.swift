// MarketDataBroadcasterCore
