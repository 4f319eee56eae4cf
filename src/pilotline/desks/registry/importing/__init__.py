"""Lists as people have them: opened with care, understood, planned, written in one transaction.

In: the bytes of an xlsx or CSV. Out: a `Plan` with every row's fate; the changes it stands for;
the file given back with its errors marked; the catalogue as a file that can be imported again.
"""
