"""Every engine against its peers, on public or generated instances, in one command.

`pilotline benchmark NAME [--quick] [--seed N] [--json FILE]` calls `benchmarks.NAME.main(argv)`.
In: command-line words. Out: an exit code; one table on the screen with our figure, the
baseline's and each peer's from the same run; the same as JSON with `name`, `figures`, `peers`
and `machine`. Peers are development dependencies, never run-time ones.
"""
