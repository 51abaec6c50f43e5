"""The file of learnt weights: `weight: the features that weigh it`, in hundredths, after the head that is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

STEP = 5
"""Hundredths to which weights are rounded: what has the same weight stands in one line."""


def rounded(weights: Mapping[str, float]) -> dict[str, int]:
    """Return the weights in hundredths, those that are nought left out."""
    hundredths = {name: round(weight * 100 / STEP) * STEP for name, weight in weights.items()}
    return {name: weight for name, weight in hundredths.items() if weight}


def lines_of(weights: Mapping[str, int], indent: str = "  ") -> Iterator[str]:
    """Yield a line for each weight, the lightest first."""
    by_weight: dict[int, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        by_weight[weight].append(name)
    for weight in sorted(by_weight):
        yield f'{indent}"{weight}": "{" ".join(sorted(by_weight[weight]))}"'


def rewrite(file: Path, section: str, lines: Iterator[str]) -> None:
    """Put `lines` under the section of a file; what stands above it is kept."""
    head = file.read_text().partition(f"\n{section}:\n")[0]
    file.write_text("\n".join([head, f"{section}:", *lines]) + "\n")
