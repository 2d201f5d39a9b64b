"""What `strikeledger serve` answers: a snapshot of the ledger, its filters, pages and documents. No HTTP."""
