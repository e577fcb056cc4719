// LedgerServiceCore
