"""The office's ledger (台账) in and out: rows become events, events become rows."""
