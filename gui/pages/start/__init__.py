"""The way to a ledger: begin one, open one, look at the example."""
