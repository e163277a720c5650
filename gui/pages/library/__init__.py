"""The plan library: who of the population is not insured here and why, and who came and went since last year."""
