"""How well and how fast needs are read, beside the simplest method.

In: `--quick`, `--seed N` (order of the texts), `--json FILE`. Out: precision, recall and F1 on the
labelled texts of `tests/engines/reading/gold`, the held-out ones apart, and characters a second of
CPU on a text of 50,000 characters made of them; 0 when the engine beats the baseline.
"""

import argparse
import json
import os
import platform
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path

from pilotline.engines.reading import baseline
from pilotline.engines.reading.problem import LONGEST, Problem
from pilotline.engines.reading.result import Result
from pilotline.engines.reading.solve import solve
from tests.engines.reading.labelled import TODAY, rate, texts
from tests.engines.reading.vocabulary import shandong

SETS = ("tuned", "held-out")
Reader = Callable[[Problem], Result]
Figures = dict[str, float]


def measure(reader: Reader, text: str, rounds: int) -> Figures:
    """Quality on both sets, and speed as the best of some rounds over one long text."""
    vocabulary = shandong()
    figures: Figures = {}
    for name in SETS:
        score = rate(reader, texts(name), vocabulary)
        figures |= {
            f"{name}_precision": round(score.precision, 3),
            f"{name}_recall": round(score.recall, 3),
            f"{name}_f1": round(score.f1, 3),
        }
    problem = Problem(text, vocabulary, TODAY)
    best = min(_seconds(reader, problem) for _ in range(rounds))
    figures["cpu_seconds"] = round(best, 3)
    figures["characters_per_cpu_second"] = round(len(text) / best)
    return figures


def _seconds(reader: Reader, problem: Problem) -> float:
    started = time.process_time()
    reader(problem)
    return time.process_time() - started


def long_text(seed: int) -> str:
    """50,000 characters of the labelled needs in a random order."""
    needs = [one.text for name in SETS for one in texts(name)]
    random.Random(seed).shuffle(needs)
    whole = "\n".join(needs) + "\n"
    return (whole * (LONGEST // len(whole) + 1))[:LONGEST]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pilotline benchmark reading", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round instead of five")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    text = long_text(options.seed)
    rounds = 1 if options.quick else 5
    ours, plain = measure(solve, text, rounds), measure(baseline.solve, text, rounds)
    print(f"{'':28}{'ours':>12}{'baseline':>12}")
    for name, value in ours.items():
        print(f"{name.replace('_', ' '):28}{value:>12,}{plain[name]:>12,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "peak_mebibytes": peak,
    }
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    if options.json:
        report = {
            "name": "reading",
            "figures": ours,
            "peers": {"baseline": plain},
            "machine": machine,
        }
        options.json.write_text(json.dumps(report, indent=2), encoding="utf-8")
    return 0 if all(ours[f"{name}_f1"] > plain[f"{name}_f1"] for name in SETS) else 1
