"""Small charts as inline SVG, drawn inside the table of their numbers."""

from collections.abc import Sequence
from typing import Any


def bars(points: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Bars in per cent of the largest value: each point is a label and a value."""
    largest = max((value for _, value in points), default=0) or 1
    return {
        "rows": [
            {"label": label, "value": value, "width": round(max(value, 0) / largest * 100, 1)}
            for label, value in points
        ]
    }


def spark(values: Sequence[float]) -> dict[str, Any]:
    """A line of values in a box of 96 × 28; the last point is marked."""
    if not values:
        return {"points": "", "last": None}
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 88 / max(len(values) - 1, 1)
    dots = [
        (round(4 + i * step, 1), round(24 - (value - low) / span * 20, 1))
        for i, value in enumerate(values)
    ]
    return {"points": " ".join(f"{x},{y}" for x, y in dots), "last": dots[-1]}
