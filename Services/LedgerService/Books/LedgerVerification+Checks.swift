extension LedgerVerification {
    static let perPartitionSummary =
        "entries sum to zero, balances are their postings, nothing is negative, holds are what orders and withdrawals need, "
        + "all accounts of an asset sum to zero"

    /// Each query gives one text column: the rows that break the invariant.
    static let perPartition: [(invariant: String, sql: String)] = [
        (
            "the postings of an entry sum to zero for every asset",
            """
            SELECT format('entry %s of partition %s: asset %s sums to %s', sequence, partition, asset, sum(amount))
            FROM ledger.postings GROUP BY partition, sequence, asset HAVING sum(amount) <> 0
            """
        ),
        (
            "every entry has postings, and every posting an entry",
            """
            SELECT format('entry %s of partition %s', coalesce(e.sequence, p.sequence), coalesce(e.partition, p.partition))
            FROM ledger.journal_entries e
            FULL JOIN (SELECT DISTINCT partition, sequence FROM ledger.postings) p USING (partition, sequence)
            WHERE e.sequence IS NULL OR p.sequence IS NULL
            """
        ),
        (
            "the journal of a partition has no gap and ends where the state does",
            """
            SELECT format('partition %s: %s entries, the last is %s, the state counts %s',
                c.partition, count(e.sequence), max(e.sequence), c.journal_sequence)
            FROM ledger.checkpoints c LEFT JOIN ledger.journal_entries e ON e.partition = c.partition
            GROUP BY c.partition, c.journal_sequence
            HAVING count(e.sequence) <> c.journal_sequence OR coalesce(max(e.sequence), 0) <> c.journal_sequence
            """
        ),
        (
            "balances are the sums of their postings",
            """
            SELECT format('account %s asset %s in partition %s: free %s and locked %s, the postings say %s and %s',
                coalesce(b.account, p.account), coalesce(b.asset, p.asset), coalesce(b.partition, p.partition),
                b.free, b.locked, p.free, p.locked)
            FROM ledger.balances b
            FULL JOIN (
                SELECT partition, account, asset, sum(amount) FILTER (WHERE ledger_account = 1) AS free,
                    sum(amount) FILTER (WHERE ledger_account = 2) AS locked
                FROM ledger.postings WHERE ledger_account IN (1, 2) GROUP BY partition, account, asset
            ) p USING (partition, account, asset)
            WHERE coalesce(b.free, 0) <> coalesce(p.free, 0) OR coalesce(b.locked, 0) <> coalesce(p.locked, 0)
            """
        ),
        (
            "the venue's accounts are the sums of their postings",
            """
            SELECT format('asset %s in partition %s: clearing %s, fees %s, custody %s, the postings say %s, %s, %s',
                coalesce(v.asset, p.asset), coalesce(v.partition, p.partition), v.clearing, v.fees, v.custody,
                p.clearing, p.fees, p.custody)
            FROM ledger.venue_accounts v
            FULL JOIN (
                SELECT partition, asset, coalesce(sum(amount) FILTER (WHERE ledger_account = 3), 0) AS clearing,
                    coalesce(sum(amount) FILTER (WHERE ledger_account = 4), 0) AS fees,
                    coalesce(sum(amount) FILTER (WHERE ledger_account = 5), 0) AS custody
                FROM ledger.postings WHERE ledger_account IN (3, 4, 5) GROUP BY partition, asset
            ) p USING (partition, asset)
            WHERE coalesce(v.clearing, 0) <> coalesce(p.clearing, 0) OR coalesce(v.fees, 0) <> coalesce(p.fees, 0)
                OR coalesce(v.custody, 0) <> coalesce(p.custody, 0)
            """
        ),
        (
            "nothing is negative",
            """
            SELECT format('account %s asset %s: free %s, locked %s', account, asset, free, locked)
            FROM ledger.balances WHERE free < 0 OR locked < 0
            UNION ALL
            SELECT format('order %s: held %s, remaining %s', order_id, held, remaining)
            FROM ledger.open_orders WHERE held < 0 OR remaining < 0
            UNION ALL
            SELECT format('fees of asset %s in partition %s: %s', asset, partition, fees)
            FROM ledger.venue_accounts WHERE fees < 0
            """
        ),
        (
            "an open order holds what it needs",
            """
            SELECT format('order %s of account %s: held %s, needed %s', order_id, account, held, need) FROM (
                SELECT order_id, account, held, CASE WHEN by_quote THEN held
                    WHEN side = 1 THEN price::numeric * remaining * quote_per_tick_lot
                    ELSE remaining::numeric * base_per_lot END AS need
                FROM ledger.open_orders
            ) o WHERE held <> need
            """
        ),
        (
            "what is held is what open orders and withdrawals need",
            """
            SELECT format('account %s asset %s in partition %s: locked %s, needed %s', coalesce(b.account, n.account),
                coalesce(b.asset, n.asset), coalesce(b.partition, n.partition), b.locked, n.need)
            FROM ledger.balances b
            FULL JOIN (
                SELECT partition, account, asset, sum(amount) AS need FROM (
                    SELECT partition, account, CASE WHEN side = 1 THEN quote_asset ELSE base_asset END AS asset,
                        held AS amount
                    FROM ledger.open_orders
                    UNION ALL
                    SELECT partition, account, asset, amount FROM ledger.withdrawals WHERE status = 1
                ) needs GROUP BY partition, account, asset
            ) n USING (partition, account, asset)
            WHERE coalesce(b.locked, 0) <> coalesce(n.need, 0)
            """
        ),
        (
            "all accounts of an asset sum to zero",
            """
            SELECT format('asset %s in partition %s sums to %s', asset, partition, sum(amount)) FROM (
                SELECT partition, asset, free::numeric + locked AS amount FROM ledger.balances
                UNION ALL
                SELECT partition, asset, clearing + fees + custody FROM ledger.venue_accounts
            ) accounts GROUP BY partition, asset HAVING sum(amount) <> 0
            """
        ),
        (
            "custody is what was deposited and has not left",
            """
            SELECT format('asset %s in partition %s: custody %s, deposits and withdrawals say %s', coalesce(v.asset, t.asset),
                coalesce(v.partition, t.partition), v.custody, t.amount)
            FROM ledger.venue_accounts v
            FULL JOIN (
                SELECT partition, asset, sum(amount) AS amount FROM (
                    SELECT partition, asset, -amount::numeric AS amount FROM ledger.deposits
                    UNION ALL
                    SELECT partition, asset, amount::numeric - fee FROM ledger.withdrawals WHERE status = 2
                ) transfers GROUP BY partition, asset
            ) t USING (partition, asset)
            WHERE coalesce(v.custody, 0) <> coalesce(t.amount, 0)
            """
        ),
    ]

    static let overAll: [(invariant: String, sql: String)] = [
        (
            "a trade has at most two sides, and both clear each other",
            """
            SELECT format('trade %s of market %s: %s sides, asset %s clears to %s', trade_id, instrument, max(sides), asset,
                sum(amount))
            FROM (
                SELECT e.instrument, e.trade_id, p.asset, p.amount,
                    count(*) OVER (PARTITION BY e.instrument, e.trade_id, p.asset) AS sides
                FROM ledger.journal_entries e JOIN ledger.postings p USING (partition, sequence)
                WHERE e.kind = 2 AND p.ledger_account = 3
            ) fills
            GROUP BY instrument, trade_id, asset HAVING max(sides) > 2 OR (max(sides) = 2 AND sum(amount) <> 0)
            """
        )
    ]

    static let clearing: (invariant: String, sql: String) = (
        "clearing is zero over all partitions",
        """
        SELECT format('clearing of asset %s is %s', asset, sum(clearing))
        FROM ledger.venue_accounts GROUP BY asset HAVING sum(clearing) <> 0
        """
    )
}
