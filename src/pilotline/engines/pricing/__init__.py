"""What a use costs, line by line, and what an hour ought to cost.

In: tariffs (entries with unit, price, minimum, step, tiers, caps), who asks (a user class) and
what is used, measured or planned. Out: a bill whose every line names the tariff entry that made
it and the terms it was multiplied from; or, for a cost basis, an hourly price built up from its
parts. Money is Decimal and rounded by a declared rule; no number here is ever a float. What is
wrong with a tariff or a use is said all at once.
"""
