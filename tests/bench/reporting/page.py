# SPDX-License-Identifier: GPL-2.0
"""
Documentation/performance.rst: what it says of the goals, and updating it.

What a run writes there stands between comments, ".. begin NAME" and ".. end".
A goal is a row of the table "goals":

    ``name``  what it is, in words  what was measured  met

with "not met: why" instead of "met"; a cell may go on in the next line, where the
first cell is empty.
"""

import os
import re

from . import machine

PATH = os.path.join(os.path.dirname(__file__), "../../..",
                    "Documentation/performance.rst")
UNEXPLAINED = "to be explained"
WIDTHS = [22, 40, 18, 54]		# of the table of goals
BLOCK = r"(\.\. begin {}\n).*?(\.\. end\n)"


def _block(name):
    return re.compile(BLOCK.format(name), re.DOTALL)


class Page:
    """The page as it stands."""

    def __init__(self):
        with open(PATH, encoding="utf-8") as file:
            self.text = file.read()

    def _rows(self):
        """The rows of the table of goals, their cells put together."""
        lines = _block("goals").search(self.text)[0].split("\n")
        rules = [line for line in lines if line.startswith("===")]
        starts = [match.start() for match in re.finditer(r"=+", rules[0])]
        ends = starts[1:] + [None]
        body = lines[lines.index(rules[0]) + 3:]
        rows = []
        for line in body[:body.index(rules[0])]:
            cells = [line[start:end].strip() for start, end in zip(starts, ends)]
            if cells[0]:
                rows.append(cells)
            else:
                rows[-1] = [f"{old} {new}".strip()
                            for old, new in zip(rows[-1], cells)]
        return rows

    def goals(self):
        """What is stated of each goal: "met" or "not met: ..."."""
        return {row[0].strip("`"): row[3] for row in self._rows()}

    def _replace(self, name, text):
        self.text = _block(name).sub(
            lambda match: match[1] + "\n" + text.rstrip("\n") + "\n\n" + match[2],
            self.text)

    def update(self, tables, goals):
        words = {row[0].strip("`"): row[1:3] for row in self._rows()}
        rows = [["goal", "in words", "measured", "status"]]
        for goal in goals:
            in_words, before = words[goal.name]
            measured = goal.measured() if goal.worst else before
            rows.append([f"``{goal.name}``", in_words, measured, _status(goal)])
        self._replace("goals", _table(rows, WIDTHS))
        self._replace("tables", tables)
        self._replace("machine", _machine())
        with open(PATH, "w", encoding="utf-8") as file:
            file.write(self.text)


def _status(goal):
    if goal.worst is None:
        return goal.stated
    if goal.stated.startswith("not met") and not goal.is_met():
        return goal.stated
    return "met" if goal.is_met() else "not met: " + UNEXPLAINED


def _machine():
    what = machine.describe()
    caches = ", ".join(f"{name} {size}" for name, size in what["caches"].items())
    return (f"| CPU: {what['cpu']}, {what['cpus']} of them\n"
            f"| caches: {caches}\n"
            f"| memory: {what['memory']}\n"
            f"| kernel of the host: {what['kernel']}\n")


def _wrap(text, width):
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _table(rows, widths):
    """A simple table whose cells are wrapped."""
    rule = "  ".join("=" * width for width in widths)
    lines = [rule]
    for number, row in enumerate(rows):
        cells = [_wrap(cell, width) for cell, width in zip(row, widths)]
        for i in range(max(map(len, cells))):
            lines.append("  ".join(
                (cell[i] if i < len(cell) else "").ljust(width)
                for cell, width in zip(cells, widths)).rstrip())
        if number == 0:
            lines.append(rule)
    return "\n".join(lines + [rule])
