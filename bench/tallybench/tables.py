"""Markdown tables and the figures in them."""


def table(headings: list[str], rows: list[list[str]]) -> str:
    """First column to the left, figures to the right; padded, so that it reads as plain text."""
    widths = [max(len(line[i]) for line in [headings, *rows]) for i in range(len(headings))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    lines = [headings, rule, *rows]
    return "\n".join("| " + " | ".join(
        [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in
                                     zip(line[1:], widths[1:]))]) + " |" for line in lines) + "\n"


def name(row: dict) -> str:
    return f"{row['tool']}, {row['compiler']}"


def spread(figures: dict | None, digits: int) -> str:
    """The median, and the quartiles in parentheses."""
    if figures is None:
        return ""
    median, low, high = (number(figures[which], digits) for which in ("median", "q1", "q3"))
    return f"{median} ({low}–{high})"


def number(value: float, digits: int) -> str:
    """Without a sign on what is rounded to zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}"


def size(size_bytes: float) -> str:
    """Of data written; nothing for none."""
    for unit, unit_bytes in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:.1f} {unit}"
    return f"{size_bytes:.0f} B" if size_bytes else ""


def aim(value: float | None) -> str:
    """The most it may be, where there is an aim."""
    return f"{value:.2f}" if value is not None else ""


def identity(row_of) -> dict:
    """What every row says of its variant."""
    return {"tool": row_of.tool, "compiler": row_of.compiler}
