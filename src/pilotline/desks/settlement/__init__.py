"""Desk: what was agreed, what is owed, who pays, and who shares in it.

In: agreed matches and closed bookings. Out: orders agreed by both sides, bills with every line's
source, vouchers within their caps, shares to the fen, and a double-entry ledger that always
balances.
"""
