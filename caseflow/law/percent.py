"""Percentages as pages, tables and letters print them: two decimals, never truer than the figures.

Rounded to the nearest, halves up (四舍五入), because that is what a reader with a calculator gets;
published reports that cut instead of rounding are one hundredth lower. But rounding may not say what
isn't so: "100.00%" stands only where nothing is missing, "0.00%" only where there is nothing.
"""

from __future__ import annotations

SCALE = 10_000  # hundredths of a percent


def percent(part: int, whole: int) -> str | None:
    """``part`` of ``whole`` as "98.41%"; None where ``whole`` is 0 and there is nothing to divide.

    Reckoned in integers. Raises ValueError unless 0 <= part <= whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole == 0:
        return None
    hundredths = (2 * SCALE * part + whole) // (2 * whole)
    if part < whole:
        hundredths = min(hundredths, SCALE - 1)
    if part > 0:
        hundredths = max(hundredths, 1)
    return f"{hundredths // 100}.{hundredths % 100:02}%"
