"""Refunds and laid-out money: where each stands, what is recorded of it, sums by department."""
