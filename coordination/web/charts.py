"""Small charts as inline SVG: numbers for the drawing, the same for the table beside it."""

from collections.abc import Sequence
from typing import Any

_BAR_HEIGHT, _GAP, _LABEL_WIDTH, _WIDTH = 22, 10, 130, 480


def bars(points: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Horizontal bars: each point a label and a value, drawn against the largest."""
    largest = max((value for _, value in points), default=0) or 1
    room = _WIDTH - _LABEL_WIDTH - 60  # the value stands after its bar
    rows = []
    for index, (label, value) in enumerate(points):
        top = index * (_BAR_HEIGHT + _GAP)
        width = round(max(value, 0) / largest * room, 1)
        rows.append(
            {
                "label": label,
                "value": value,
                "y": top,
                "text_y": top + 15,
                "width": width,
                "value_x": _LABEL_WIDTH + width + 8,
            }
        )
    height = max(len(points) * (_BAR_HEIGHT + _GAP) - _GAP, _BAR_HEIGHT)
    return {"rows": rows, "width": _WIDTH, "height": height, "x": _LABEL_WIDTH, "bar": _BAR_HEIGHT}


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
