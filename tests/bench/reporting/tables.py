# SPDX-License-Identifier: GPL-2.0
"""The main table: for a terminal of 80 columns, and for the page."""

from .figures import MAIL, NOT_MAIL

MILLION = 1000000

# Heading and name of each column; peers have a ratio to p25 beside the figure.
HOOKS = [("empty", "empty"), ("ports", "ports"), ("floor", "floor"),
         ("p25", "p25")]
PEERS = [("ipset", "ipset"), ("nft hash", "nft_hash"),
         ("nft interval", "nft_interval"),
         ("bpf hash", "bpf_hash"), ("bpf lpm", "bpf_lpm")]
TOOLS = HOOKS[-1:] + PEERS

# Rows of the control path: work, what it is called, factor, decimals.
CONTROL = [("load", "load, s", 1, 2),
           ("load_rss", "tool's memory, MiB", 1 / 1024, 1),
           ("load_live", "load over it, s", 1, 2),
           ("apply_little", "apply, 10 fewer, s", 1, 2),
           ("add", "one add, us", 1, 0),
           ("delete", "one delete, us", 1, 0),
           ("dump", "dump, s", 1, 2),
           ("flush", "flush, s", 1, 2),
           ("memory", "bytes an entry", 1, 1)]


def power(number):
    """10^6 and the like, where it is one."""
    text = str(number)
    return f"10^{len(text) - 1}" if text.strip("0") == "1" else text


def _ratio(value, base):
    ratio = value / base
    return f"{ratio:.1f}x" if ratio < 10 else f"{ratio:.0f}x"


def _number(value, decimals):
    """Four digits at most, unless there are more before the point."""
    most = 0 if value >= 1000 else 1 if value >= 100 else decimals
    return f"{value:.{min(decimals, most)}f}"


def _row(label, values, decimals, columns):
    """label and a cell for each column, "-" where nothing was measured."""
    p25 = values.get("p25")
    cells = [label]
    for _, name in columns:
        value = values.get(name)
        if value is None:
            cells.append("-")
        elif (name in {peer for _, peer in PEERS}) and p25:
            cells.append(f"{_number(value, decimals)} ({_ratio(value, p25)})")
        else:
            cells.append(_number(value, decimals))
    return cells


def _packet_rows(figures):
    for family in figures.values("family", contender="p25"):
        for n in figures.values("n", contender="p25", family=family, unit="ns"):
            for work in NOT_MAIL + MAIL:
                for lengths in (1, 4, 12):
                    yield from _packet_row(figures, work, n=n, family=family,
                                           lengths=lengths)


def _packet_row(figures, work, **about):
    """The largest set of packets, which hits the table at random."""
    hot = figures.values("hot", work=work, contender="p25", **about)
    if not hot:
        return
    values = {row["contender"]: row["value"] for row in
              figures.all(work, hot=hot[-1], **about)}
    label = f"{work.removeprefix('mail_')} {power(about['n'])}"
    if about["family"] != "ipv4":
        label = f"v6{'+opt' if 'opt' in about['family'] else ''} {label}"
    if about["lengths"] != 1:
        label += f" /{about['lengths']}"
    yield _row(label, values, 1, HOOKS + PEERS)


def _control_rows(figures, machine, n):
    for work, label, factor, decimals in CONTROL:
        values = {row["contender"]: row["value"] * factor for row in
                  figures.all(work, n=n, machine=machine, family="ipv4",
                              lengths=1)}
        if values:
            yield _row(label, values, decimals, TOOLS)


def _sections(figures):
    """Title and rows of each table, the first row its heading."""
    rows = list(_packet_rows(figures))
    if rows:
        yield ("a packet, nanoseconds (best of several); relay, blocked, exempt: mail",
               [_heading(HOOKS + PEERS), *rows])
    for machine in figures.values("machine", work="load"):
        for n in figures.values("n", work="load", machine=machine):
            yield (f"control path, N = {power(n)}, {machine}",
                   [_heading(TOOLS), *_control_rows(figures, machine, n)])


def _heading(columns):
    return ["work"] + [title for title, _ in columns]


def aligned(table, widths):
    lines = []
    for cells in table:
        line = cells[0].ljust(widths[0])
        line += "".join(cell.rjust(width)
                        for cell, width in zip(cells[1:], widths[1:]))
        lines.append(line.rstrip())
    return lines


def two_lines(heading):
    """The words of each title one above the other."""
    words = [title.split() for title in heading]
    return [[title[0] if len(title) == 2 else "" for title in words],
            [title[-1] for title in words]]


# Less than 80 columns in all. Those of the tools are in the same place in both.
WIDTHS = [20, 6, 6, 6, 6, 7, 7, 9, 6, 6]
TOOL_WIDTHS = [sum(WIDTHS[:4]), *WIDTHS[4:]]


def terminal(figures):
    """Ratios stand in a row of their own below, to stay within 80 columns."""
    text = []
    for title, rows in _sections(figures):
        table = two_lines(rows[0])
        for row in rows[1:]:
            ratios = [ratio for _, _, ratio in
                      (cell.partition(" (") for cell in row[1:])]
            table.append([cell.partition(" (")[0] for cell in row])
            if any(ratios):
                table.append([""] + [ratio.rstrip(")") for ratio in ratios])
        widths = WIDTHS if len(rows[0]) == len(WIDTHS) else TOOL_WIDTHS
        text += [title, *aligned(table, widths), ""]
    text += _throughput_lines(figures)
    return "\n".join(text)


def _throughput(figures):
    for row in figures.all("throughput"):
        beside = f"{row['writers']} x " if row["writers"] else ""
        yield [f"on CPU {row['on']}, beside {beside}{row['beside']}",
               f"{row['value']:.0f}"]


def _throughput_lines(figures):
    rows = list(_throughput(figures))
    if not rows:
        return []
    return ["packets a second, two emulated CPUs",
            *aligned(rows, [48, 12]), ""]


def simple(rows):
    """A "simple table" of reStructuredText, the first row its heading."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = "  ".join("=" * width for width in widths)
    lines = ["  ".join(cell.ljust(width) for cell, width in
                       zip(row, widths)).rstrip() for row in rows]
    return [rule, lines[0], rule, *lines[1:], rule, ""]


def page(figures):
    text = []
    for title, rows in _sections(figures):
        text += [title[0].upper() + title[1:] + ":", "",
                 *simple(rows)]
    rows = list(_throughput(figures))
    if rows:
        text += ["Packets a second, two emulated CPUs:", "",
                 *simple([["judging", "packets/s"], *rows])]
    return "\n".join(text)
