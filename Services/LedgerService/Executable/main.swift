print("LedgerService")
