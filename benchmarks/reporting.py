"""What every benchmark says in the same words: the machine, times, memory, one table, one file."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

Figures = dict[str, float | None]


def machine(packages: Iterable[str] = ()) -> dict[str, Any]:
    """Cores, processor, load and versions: without them a figure means nothing."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    return {
        "cores": os.cpu_count(),
        "cpu": model,
        "load_average": [round(x, 2) for x in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": {name: package_version(name) for name in ("numpy", *packages)},
    }


def package_version(name: str) -> str:
    """The installed version, or `absent`."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def peak_rss_mib() -> float:
    """The most memory this process has held since it began, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best_times_ms(
    calls: Iterable[Callable[[], Any]], repetitions: int
) -> tuple[list[float], list[Any]]:
    """For each call the least time of some repetitions, what it costs when nobody disturbs it;
    and what each call answered."""
    times, answers = [], []
    for call in calls:
        best, answer = float("inf"), None
        for _ in range(repetitions):
            start = time.perf_counter()
            answer = call()
            best = min(best, time.perf_counter() - start)
        times.append(best * 1000)
        answers.append(answer)
    return times, answers


def spread(name: str, times: Sequence[float]) -> Figures:
    """Median, mean and 95th percentile of some times in ms."""
    return {
        f"{name}_p50_ms": float(np.median(times)),
        f"{name}_mean_ms": float(np.mean(times)),
        f"{name}_p95_ms": float(np.quantile(times, 0.95)),
    }


def print_table(
    title: str,
    rows: Sequence[tuple[str, str]],
    columns: Mapping[str, Figures],
    notes: Iterable[str],
) -> None:
    """One table: a line a figure with its goal, a column an engine; `-` where it has none."""
    print(title)
    names = list(columns)
    wide = max(len(name) for name, _ in rows)
    print(f"{'':{wide}} {'goal':>9} " + " ".join(f"{name:>11}" for name in names))
    for name, goal in rows:
        cells = " ".join(f"{_show(columns[column].get(name)):>11}" for column in names)
        print(f"{name:{wide}} {goal:>9} {cells}")
    for note in notes:
        print(note)


def _show(value: float | None) -> str:
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.3f}"


def write_json(
    path: Path,
    name: str,
    figures: Figures,
    peers: Mapping[str, Figures],
    about: Mapping[str, Any],
) -> None:
    """The same as JSON."""
    content = {"name": name, "figures": figures, "peers": peers, "machine": about}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
