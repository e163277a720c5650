"""Pure rules of the insurance year: window, waiting, subsidy, rate, next step, ID number.

No SQL, no clock, no files: every function takes the policy and a date, every answer carries its reasons.
"""
