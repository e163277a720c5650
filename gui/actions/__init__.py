"""What people do, one module a noun: each function builds an op that is ready to run."""
