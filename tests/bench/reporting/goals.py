# SPDX-License-Identifier: GPL-2.0
"""
The goals: how each one is computed from the figures.

Documentation/performance.rst says in words what each is, and whether it is met.
A function here has the goal's identifier as its name, with "_" for "-". It takes
the figures and returns a list of Check, one for each case that was measured; a
goal is as good as its worst case. No case: not measured in this run.
"""

import dataclasses

from .figures import MAIL, NOT_MAIL

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

PEERS = ("ipset", "nft_hash", "nft_interval", "bpf_hash", "bpf_lpm")
CACHED = 64			# packets that find all of it in the CPU's caches


def _against_floor(figures, limit, works, **about):
    checks = []
    for work in works:
        checks += at_most(limit, _cost(figures, work, "p25", **about),
                          _cost(figures, work, "floor", **about), work)
    return checks


def _against_best(limit, figures, row):
    """p25's figure in a row, by the least of its peers'."""
    there = {name: _beside(figures, row, name) for name in PEERS}
    there = {name: value for name, value in there.items() if value}
    if not there:
        return []
    best = min(there, key=there.get)
    return at_most(limit, row["value"], there[best], f"{_name(row)}, {best}")


def _rows_of(figures, work, **about):
    return figures.all(work, "p25", unit="ns", **about)


def _million_against_best(figures, work):
    checks = []
    for row in _rows_of(figures, work, n=MILLION, family="ipv4", lengths=1,
                        **_rotating(figures)):
        checks += _against_best(0.45, figures, row)
    return checks


def exempt_floor(figures):
    return _against_floor(figures, 2, ["mail_exempt"], **_rotating(figures))


def exempt_peers(figures):
    return _million_against_best(figures, "mail_exempt")


def blocked_floor(figures):
    return _against_floor(figures, 2, ["mail_blocked"], **_rotating(figures))


def blocked_peers(figures):
    return _million_against_best(figures, "mail_blocked")


def ipv6_floor(figures):
    return _against_floor(figures, 2.2, ["mail_exempt", "mail_blocked"],
                          family="ipv6", **_rotating(figures))


def cached(figures):
    checks = []
    for work in MAIL:
        for row in _rows_of(figures, work, hot=CACHED):
            checks += at_most(1, row["value"], _beside(figures, row, "bpf_hash"),
                              _name(row))
    return checks


def lengths(figures):
    hot = _rotating(figures)
    checks = []
    for work in ("mail_exempt", "mail_blocked"):
        checks += at_most(1.4, _cost(figures, work, "p25", lengths=12, **hot),
                          _cost(figures, work, "p25", **hot), work)
    return checks


def relay(figures):
    checks = []
    for row in _rows_of(figures, "mail_relay"):
        checks += _against_best(0.9, figures, row)
    return checks


def growth(figures):
    hot = _rotating(figures)
    return at_most(3, _cost(figures, "mail_exempt", "p25", **hot),
                   _cost(figures, "mail_exempt", "p25", n=1000, **hot))


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


def load_live(figures):
    return at_most(0.5, figures.get("load_live", "p25", n=MILLION, machine="qemu"),
                   figures.get("load_live", "ipset", n=MILLION, machine="qemu"))


def dump(figures):
    return at_most(0.9, figures.get("dump", "p25", n=MILLION, machine="qemu"),
                   figures.get("dump", "ipset", n=MILLION, machine="qemu"))


def flush(figures):
    return at_most(1, figures.get("flush", "p25", n=MILLION, machine="qemu"),
                   figures.get("flush", "ipset", n=MILLION, machine="qemu"))


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

def _scaling(figures, limit, is_random):
    return [Check(row["value"], limit, f"{row['work']}, N = {row['n']}", True)
            for row in figures.all_of("ratio", "p25", cpus=2, machine="smp")
            if (row["n"] > 1000) == is_random]


def scaling(figures):
    return _scaling(figures, 1.9, is_random=False)


def scaling_random(figures):
    return _scaling(figures, 1.6, is_random=True)


def more_than_nft(figures):
    checks = []
    for row in figures.all_of("packets/s", "p25", machine="smp"):
        for name in ("nft_hash", "nft_hash_counters"):
            peer = figures.get(row["work"], name, unit="packets/s", n=row["n"],
                               cpus=row["cpus"], machine="smp")
            if peer:
                where = f"{row['work']}, N = {row['n']}, {row['cpus']} CPUs, {name}"
                checks.append(Check(row["value"] / peer, 1, where, True))
    return checks


def _throughput(figures, **wanted):
    rows = figures.all("throughput", "p25", **wanted)
    return sum(row["value"] for row in rows) / len(rows) if rows else None


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
         exempt_floor, exempt_peers, blocked_floor, blocked_peers, ipv6_floor,
         cached, lengths, relay, growth,
         scaling, scaling_random, more_than_nft,
         load_nft_hash, load_nft_interval, load_ipset, load_live, dump, flush,
         load_memory, single_change, packet_delay, entry_memory, ten_million,
         writers]


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
