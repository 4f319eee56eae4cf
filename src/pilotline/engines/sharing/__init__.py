"""Divides an amount of money by agreed percentages, to the fen, so that nothing is lost.

In: an amount in yuan and parts in percent that add to exactly 100. Out: an amount for each part,
the exact share it stands for, and which parts got the odd fen. Method: largest remainder
(Hamilton); every part lies within one fen of its exact share and the sum is the amount.
"""
