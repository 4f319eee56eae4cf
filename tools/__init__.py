"""For those who work on Pilotline: the test suite's runner, its browser, our own lint contract.

Lives in the source tree only; nothing that is installed imports it.
"""
