# SPDX-License-Identifier: GPL-2.0
"""
The goals: how each one is computed from the figures.

Documentation/performance.rst says in words what each is, and whether it is met.
A function here has the goal's identifier as its name, with "_" for "-". It takes
the figures and returns a list of Check, one for each case that was measured; a
goal is as good as its worst case. No case: not measured in this run.
"""

import dataclasses

from .figures import NOT_MAIL

MILLION = 1000000
NOISE = 1.25


@dataclasses.dataclass
class Check:
    """One case: what was measured, and what it may be at most or at least."""
    measured: float
    limit: float
    where: str = ""
    at_least: bool = False

    def badness(self):
        """1 is just the limit, more is worse."""
        if self.at_least:
            return self.limit / max(self.measured, 1e-9)
        return self.measured / self.limit


def at_most(limit, measured, base, where=""):
    """measured is at most limit times base; nothing if one is missing."""
    if measured is None or not base:
        return []
    return [Check(measured / base, limit, where)]


def _cost(figures, work, contender, n=MILLION, family="ipv4", lengths=1, **more):
    wanted = {"family": family, "lengths": lengths, **more}
    return figures.get(work, contender, n=n, **wanted)


def _beside(figures, row, contender):
    """What another contender's figure is, of the same packets."""
    about = {key: row[key] for key in
             ("work", "n", "family", "lengths", "hot") if key in row}
    return figures.get(contender=contender, **about)


def _rotating(figures):
    """The packets that hit the table at random: the largest set of them."""
    hot = figures.values("hot", work="mail_exempt", contender="p25", n=MILLION)
    return {"hot": min(hot, key=lambda count: abs(count - 65536))} if hot else {}


# Packets that aren't mail.

def _others(figures):
    """p25's figures, and with each what the empty hook and "ports" need."""
    for row in figures.rows:
        if row["work"] in NOT_MAIL and row["contender"] == "p25":
            empty, ports = (_beside(figures, row, name)
                            for name in ("empty", "ports"))
            if empty is not None and ports is not None:
                yield row, empty, ports


def _name(row):
    return f"{row['work']}, {row['family']}, N = {row['n']}, hot {row['hot']}"


def not_mail(figures):
    return [Check((row["value"] - empty) / (1.5 * max(ports - empty, 0) + 1), 1,
                  f"{_name(row)}: {row['value'] - empty:+.1f} ns,"
                  f" ports {ports - empty:+.1f} ns")
            for row, empty, ports in _others(figures)]


def not_mail_nft(figures):
    """Of packets in the cache: for others all wait alike, for the packet."""
    checks = []
    hot = [row["hot"] for row, _, _ in _others(figures)]
    for row, empty, _ in _others(figures):
        for name in ("nft_hash", "nft_interval"):
            peer = _beside(figures, row, name)
            if row["hot"] == min(hot) and peer and peer > empty:
                checks += at_most(0.1, row["value"] - empty, peer - empty,
                                  f"{_name(row)}, {name}")
    return checks


# Mail.

def _mail_against(figures, limit, contender):
    hot = _rotating(figures)
    return at_most(limit, _cost(figures, "mail_exempt", "p25", **hot),
                   _cost(figures, "mail_exempt", contender, **hot))


def mail_floor(figures):
    return _mail_against(figures, 2, "floor")


def mail_ipset(figures):
    return _mail_against(figures, 0.33, "ipset")


def mail_nft_hash(figures):
    return _mail_against(figures, 0.28, "nft_hash")


def mail_nft_interval(figures):
    return _mail_against(figures, 0.08, "nft_interval")


def mail_lengths(figures):
    hot = _rotating(figures)
    return at_most(1.5, _cost(figures, "mail_exempt", "p25", lengths=12, **hot),
                   _cost(figures, "mail_exempt", "p25", **hot))


def mail_growth(figures):
    hot = _rotating(figures)
    small = _cost(figures, "mail_exempt", "p25", n=1000, **hot) or \
        _cost(figures, "mail_exempt", "p25", n=1000)
    return at_most(2.5, _cost(figures, "mail_exempt", "p25", **hot), small)


def mail_ipv6(figures):
    hot = _rotating(figures)
    return at_most(1.5, _cost(figures, "mail_exempt", "p25", family="ipv6", **hot),
                   _cost(figures, "mail_exempt", "p25", **hot))


# The control path.

def _load_against(figures, limit, contender, **machine):
    return at_most(limit, figures.get("load", "p25", n=MILLION, **machine),
                   figures.get("load", contender, n=MILLION, **machine))


def load_nft_hash(figures):
    return _load_against(figures, 0.1, "nft_hash", machine="uml")


def load_nft_interval(figures):
    return _load_against(figures, 0.05, "nft_interval", machine="uml")


def load_ipset(figures):
    return _load_against(figures, 1 / 3, "ipset", machine="qemu")


def load_memory(figures):
    return [Check(row["value"] / 1024, 32, f"MiB, N = {row['n']}")
            for row in figures.all("load_rss", "p25")]


def single_change(figures):
    checks = []
    for work in ("add", "delete"):
        for machine in figures.values("machine", work=work, contender="p25"):
            large, small = (figures.get(work, "p25", n=n, machine=machine)
                            for n in (MILLION, 1000))
            checks += at_most(1.5, large, small, f"{work}, {machine}")
    return checks


def entry_memory(figures):
    return [Check(row["value"], 48, "bytes")
            for row in figures.all("memory", "p25", family="ipv4",
                                   lengths=1, n=MILLION)]


def ten_million(figures):
    """Packets, a listing and a flush are wanted, too: they were if it's there."""
    n = 10 * MILLION
    memory = figures.get("memory", "p25", n=n)
    done = [figures.get(work, "p25", n=n)
            for work in ("load", "dump", "flush", "mail_exempt")]
    if memory is None or None in done:
        return []
    return [Check(memory * n / 1e6, 700, "MB")]


# Two CPUs.

def _throughput(figures, **wanted):
    rows = figures.all("throughput", "p25", **wanted)
    return sum(row["value"] for row in rows) / len(rows) if rows else None


def scaling(figures):
    one = _throughput(figures, cpus=1, beside="spin")
    two = _throughput(figures, cpus=2)
    return [Check(two / one, 1.9, at_least=True)] if one and two else []


def writers(figures):
    alone = _throughput(figures, cpus=1, beside="spin", on="1")
    checks = []
    for count, what in ((1, "singles"), (2, "singles"), (1, "policies")):
        beside = _throughput(figures, cpus=1, beside=what, writers=count)
        if alone and beside:
            checks.append(Check(beside / alone, 0.9, f"{count} x {what}", True))
    return checks


def packet_delay(figures):
    longest = {what: [row["value"] for row in
                      figures.all("delay", "p25", on="1", beside=what)]
               for what in ("spin", "singles")}
    if not all(longest.values()):
        return []
    return at_most(2, max(longest["singles"]), max(longest["spin"]))


GOALS = [not_mail, not_mail_nft,
         mail_floor, mail_ipset, mail_nft_hash, mail_nft_interval,
         mail_lengths, mail_growth, mail_ipv6,
         load_nft_hash, load_nft_interval, load_ipset, load_memory,
         single_change, packet_delay, entry_memory, ten_million,
         scaling, writers]


@dataclasses.dataclass
class Goal:
    """A goal, what the page says of it, and how this run did."""
    name: str
    stated: str
    worst: Check | None

    def is_met(self):
        return self.worst is not None and self.worst.badness() <= 1

    def is_lost(self):
        """Stated as met, and missed by more than noise."""
        return self.stated == "met" and self.worst is not None and \
            self.worst.badness() > NOISE

    def measured(self):
        if self.worst is None:
            return "not measured here"
        sign = ">=" if self.worst.at_least else "<="
        return f"{self.worst.measured:.3g} ({sign} {self.worst.limit:.3g})"

    def outcome(self):
        if self.worst is None:
            return ""
        if self.is_met():
            return "met"
        if self.is_lost():
            return "LOST"
        return "within noise" if self.stated == "met" else "not met"

    def as_result(self):
        return {"goal": self.name, "stated": self.stated,
                "outcome": self.outcome() or "not measured",
                **(dataclasses.asdict(self.worst) if self.worst else {})}


def judge(figures, stated):
    """All goals; stated: what the page says of each."""
    goals = []
    for function in GOALS:
        name = function.__name__.replace("_", "-")
        if name not in stated:
            raise SystemExit(f"report: the page has no goal {name}")
        checks = function(figures)
        worst = max(checks, key=Check.badness) if checks else None
        goals.append(Goal(name, stated[name], worst))
    unknown = set(stated) - {goal.name for goal in goals}
    if unknown:
        raise SystemExit(f"report: nothing computes {', '.join(sorted(unknown))}")
    return goals


def terminal(goals):
    lines = ["goal               measured (goal)       outcome       worst case"]
    for goal in goals:
        where = goal.worst.where if goal.worst else ""
        line = f"{goal.name:18} {goal.measured():21} {goal.outcome():13} "
        if len(line + where) > 80:
            where = "\n" + " " * 19 + where
        lines.append((line.rstrip() if where[:1] == "\n" else line) + where)
    return "\n".join(line.rstrip() for line in lines) + "\n"
