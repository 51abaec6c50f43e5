"""Turning measurements into the figures that are printed."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0-1) of `values` lie; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], digits: int = 1) -> dict[str, float]:
    """Median, smallest and largest of several runs."""
    return {
        "median": round(statistics.median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p99 of times given in seconds, in milliseconds."""
    return {"p50": round(percentile(seconds, 0.5) * 1e3, 2), "p99": round(percentile(seconds, 0.99) * 1e3, 2)}


def middle(runs: Sequence[dict[str, Any]], *path: str) -> float:
    """The median over runs of one figure inside them."""
    values = []
    for run in runs:
        value: Any = run
        for key in path:
            value = value[key]
        values.append(float(value))
    return round(statistics.median(values), 3)


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    return {"cores": os.cpu_count(), "load_average": round(os.getloadavg()[0], 2)}


def ratios(found: Mapping[str, Any], wanted: Mapping[str, tuple[str, str]], base: str = "aiogram") -> dict[str, Any]:
    """Every subject's figures divided by those of `base`; empty when it was not measured."""
    if base not in found:
        return {}
    of_base = found[base]
    return {
        f"ratio_to_{base}": {
            name: {label: round(s[a][b] / max(of_base[a][b], 1e-9), 2) for label, (a, b) in wanted.items()}
            for name, s in found.items()
            if name != base
        }
    }
