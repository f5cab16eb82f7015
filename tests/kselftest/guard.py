#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
The guard: whom it blocks and when, whom it never does, for how long, and what it says of
that. Times are those of the kernel: an event's and an entry's; nothing depends on how
fast this machine is, but for the promise that a block is in force within a second.
"""

import socket
import time

from lib.flood import Load, send_from
from lib.packet import NAMES, Lab, mail
from lib.sender import *

PLAN = 40
LARGE = 1000000		# exempt entries, if there is memory for so many
SPARE = 1 << 30		# bytes that are to be left then
BLOCKS_MAX = 256	# of a second
FORGED = 4000		# senders that all exceed a rate
MARKERS = []		# prefixes of rounds_pass()


def attempts(lab, family, src, times=1, dst="foreign"):
    """Returns how many have passed."""
    packets = [mail(family, src, dst) for _ in range(times)]
    arrived, _ = lab.cross(packets)
    return sum(packet.number in arrived for packet in packets)


def is_blocked(lab, family, src):
    """By what "check" says, without an attempt."""
    data = socket.inet_pton(socket.AF_INET if family == 4 else socket.AF_INET6,
                            NAMES[family].get(src, src))
    answer = checked(lab.genl.request(P25_CMD_CHECK, attr(P25_A_SRC, data)))
    attrs = dict(answer.messages[0])
    return number(attrs[P25_A_REASON]) == P25_KIND_BLOCK


def guard_event(events, marker=None):
    """
    The guard's next block, sender, rate and entry: of the marker, which is a prefix,
    or else of any but those of rounds_pass().
    """
    while True:
        attrs = dict(events.wait(P25_CMD_EVENT_GUARD))
        made = entry_of(attrs[P25_A_ENTRY])
        if made["prefix"] == marker or not marker and \
           made["prefix"] not in MARKERS:
            return (sender_of(attrs[P25_A_SENDER]),
                    rates_of(attrs[P25_A_RATE])[0], made)


def until(condition, patience=60):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def rounds_pass(lab, times=3):
    """
    The guard looks at senders four times a second; a rate that is exceeded for
    certain by somebody else shows that it has.
    """
    events = Events(lab.genl)
    for _ in range(times):
        name = f"198.51.100.{130 + len(MARKERS)}"
        MARKERS.append(f"{name}/32")
        add(lab.genl, entry(P25_KIND_STATIC, name, guard_attr((1, 86400))))
        attempts(lab, 4, name, 2)
        guard_event(events, MARKERS[-1])
    events.close()


def fresh(lab, *lines):
    """This policy, no guard, and no senders."""
    set_guard(lab.genl)
    lab.policy("\n".join(["pool {wide}", *lines]))
    checked(lab.genl.request(P25_CMD_SENDER_FLUSH))


def blocks(lab):
    return {prefix: one for (kind, prefix), one in entries(
        lab.genl, attr(P25_A_OWNER, "guard")).items()}


# ---- whom it blocks ----

def one_too_many(lab, family):
    """The block is an entry of the guard, with the numbers, and an event."""
    fresh(lab, "static {host}")
    set_guard(lab.genl, (1000, 60), (20, 60), seconds=300)
    events = Events(lab.genl)
    prefix = f"{NAMES[family]['host']}/{32 if family == 4 else 128}"
    passed = attempts(lab, family, "host", 20)
    rounds_pass(lab)
    problems = [] if passed == 20 and prefix not in blocks(lab) else \
        [f"{passed} of 20 have passed, {blocks(lab)}"]
    lab.result(f"IPv{family}: a rate that is kept blocks nobody", problems)
    events.all(P25_CMD_EVENT_GUARD)
    attempts(lab, family, "host", 1, "server")
    sender, rate, made = guard_event(events)
    events.close()
    # Destinations are an estimate by a random hash.
    comments = ("21 attempts in 60 s, 2 destinations in all",
                "21 attempts in 60 s, 1 destination in all")
    want = {"kind": "block", "prefix": prefix, "owner": "guard"}
    timeout, comment = made.pop("timeout", 0), made.pop("comment")
    problems = [f"{made}, not {want}"] * (made != want)
    problems += [f"for {timeout} s"] * (not 298 <= timeout <= 300)
    problems += [comment] * (comment not in comments)
    problems += [f"{sender}"] * (sender["attempts"] != 21)
    problems += [f"{rate}"] * (rate != (20, 60))
    lab.result(f"IPv{family}: one attempt more does; the event says it", problems)
    listed = blocks(lab).get(prefix, {})
    lab.result(f"IPv{family}: it is in force, and listed",
               [] if attempts(lab, family, "host") == 0 and
               listed.get("comment") == comment else [f"{listed}"])


def within_a_second(lab):
    """
    With as many exempt entries as there is memory for, while another CPU has a flood
    of blocked mail.
    """
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = dict(line.split(":") for line in file)
    spare = int(memory["MemAvailable"].split()[0]) * 1024
    many = LARGE if spare > SPARE else LARGE // 10
    fresh(lab)
    lab.run("p25ctl", "-b", "-", text="".join(
        f"static add 10.{at >> 16}.{at >> 8 & 255}.{at & 255}\n"
        for at in range(many)))
    set_guard(lab.genl, (5, 60))
    events = Events(lab.genl)
    flood = Load(max(lab.cpus), "flood_forged", lab.netns("subscriber"),
                 names=("sent",))
    late = []
    for at in range(5):
        add(lab.genl, entry(P25_KIND_STATIC, f"198.51.100.{200 + at}"))
        events.all(P25_CMD_EVENT_GUARD)
        attempts(lab, 4, f"198.51.100.{200 + at}", 5)
        began = time.monotonic()
        attempts(lab, 4, f"198.51.100.{200 + at}", 1)
        guard_event(events)
        late.append(round(time.monotonic() - began, 2))
    flood.end()
    events.close()
    print(f"# {many} entries: blocked after {late} s")
    lab.result("a block is in force within a second, among many exempt entries",
               [] if min(late) < 1 else [f"{late} s"])


def several_rates(lab):
    fresh(lab, "static {host}")
    set_guard(lab.genl, (50, 3600), (3, 1))
    events = Events(lab.genl)
    attempts(lab, 4, "host", 4)
    _, rate, _ = guard_event(events)
    lab.result("of several rates, each is kept",
               [] if rate == (3, 1) else [f"{rate}"])
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["in_narrow"]))
    for _ in range(26):
        attempts(lab, 4, "in_narrow", 2)
        time.sleep(0.7)
    _, rate, _ = guard_event(events)
    events.close()
    lab.result("a slow one exceeds the longer one",
               [] if rate == (50, 3600) else [f"{rate}"])


def at_the_limit(lab):
    """
    As fast as the rate allows, by the clock of this machine: never more than two
    within a second. Then twice as fast.
    """
    fresh(lab, "static {host}")
    set_guard(lab.genl, (2, 1))
    began = time.monotonic()
    passed = 0
    for turn in range(8):
        time.sleep(max(0, began + 1.02 * turn - time.monotonic()))
        # A second that a slow machine has lost isn't made up for.
        began = max(began, time.monotonic() - 1.02 * turn)
        passed += attempts(lab, 4, "host", 2)
    problems = [f"{passed} of 16 have passed"] * (passed != 16)
    lab.result("at exactly the rate, nobody is blocked",
               problems + [f"{blocks(lab)}"] * bool(blocks(lab)))
    events = Events(lab.genl)
    attempts(lab, 4, "host", 8)
    guard_event(events)
    events.close()
    lab.result("at more than that, somebody is",
               [] if is_blocked(lab, 4, "host") else ["he is not"])


def only_exempt(lab):
    """Neither who is blocked anyway, nor who is no subscriber, nor mail to a relay."""
    fresh(lab, "static {host}", "relay {relay}")
    set_guard(lab.genl, (1, 3600))
    attempts(lab, 4, "in_wide", 20)
    attempts(lab, 4, "outside", 20)
    attempts(lab, 4, "host", 20, "relay")
    rounds_pass(lab)
    got = {name for name in ("in_wide", "outside", "host")
           if is_blocked(lab, 4, name)}
    lab.result("nobody is blocked but for attempts that he was exempt for",
               [f"{got}"] * bool(got))


def ipv6_prefixes(lab):
    """A /64, or the exemption's prefix where that is longer."""
    fresh(lab, "optout 2001:db8:100:4000::/56", "static {host}")
    set_guard(lab.genl, (20, 3600))
    events = Events(lab.genl)
    for at in range(1, 22):
        attempts(lab, 6, f"2001:db8:100:4005::{at:x}")
    made = guard_event(events)[2]["prefix"]
    lab.result("IPv6: a /64 is blocked, whatever addresses it uses",
               [] if made == "2001:db8:100:4005::/64" else [made])
    lab.result("IPv6: others in the exemption are not",
               [] if attempts(lab, 6, "2001:db8:100:4006::1") == 1 and
               attempts(lab, 6, "2001:db8:100:4005::ff") == 0 else ["wrong"])
    attempts(lab, 6, "host", 21)
    made = guard_event(events)[2]["prefix"]
    events.close()
    lab.result("IPv6: a longer exemption is blocked by itself",
               [] if made == f"{NAMES[6]['host']}/128" else [made])


# ---- an entry's own guard ----

def own_guard(lab):
    fresh(lab)
    set_guard(lab.genl, (2, 3600))
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"], guard_attr()),
        entry(P25_KIND_OPTOUT, NAMES[4]["in_narrow"], guard_attr((5, 3600))),
        entry(P25_KIND_STATIC, NAMES[4]["in_middle"]))
    events = Events(lab.genl)
    attempts(lab, 4, "host", 200)
    attempts(lab, 4, "in_narrow", 5)
    attempts(lab, 4, "in_middle", 3)
    got = guard_event(events)[2]["prefix"]
    rounds_pass(lab)
    own = [is_blocked(lab, 4, name) for name in ("host", "in_narrow")]
    lab.result("an entry's own guard is in place of the one that is set",
               [] if got == NAMES[4]["in_middle"] + "/32" and
               own == [False, False] else [f"{got}, {own}"])
    attempts(lab, 4, "in_narrow")
    lab.result("and is kept", [] if until(
        lambda: is_blocked(lab, 4, "in_narrow")) else ["it is not"])
    attempts(lab, 4, "host", 200)
    rounds_pass(lab)
    lab.result("who is not to be guarded never is",
               [] if not is_blocked(lab, 4, "host") else ["he is blocked"])
    events.close()
    renewals(lab)
    several_owners(lab)


def several_owners(lab):
    """Of entries on one prefix, in whatever order they were added."""
    fresh(lab)
    set_guard(lab.genl, (2, 3600))
    guards = {"none": (), "off": (guard_attr(),), "five": (guard_attr((5, 3600)),),
              "nine": (guard_attr((9, 3600)),)}
    cases = [		# owners' guards, in the order in which they are added
        (("none", "off"), None), (("off", "none"), None), (("five", "off"), None),
        (("none", "five"), 5), (("five", "none"), 5), (("nine", "five"), 5),
        (("five", "nine"), 5)]
    problems = []
    for at, (owners, allowed) in enumerate(cases):
        name = f"198.51.100.{100 + at}"
        for owner in owners:
            add(lab.genl, entry(P25_KIND_STATIC, name,
                                attr(P25_A_ENTRY_OWNER, owner), *guards[owner]))
        attempts(lab, 4, name, allowed or 100)
        rounds_pass(lab)
        if is_blocked(lab, 4, name):
            problems.append(f"{owners}: blocked too early")
        attempts(lab, 4, name)
        if allowed and not until(lambda name=name: is_blocked(lab, 4, name)):
            problems.append(f"{owners}: not blocked")
    lab.result("of several owners' guards, one counts, whatever came first", problems)


def guards_of(lab, name):
    return {kind: one.get("guard") for (kind, prefix), one in
            entries(lab.genl).items() if prefix == f"{NAMES[4][name]}/32" and
            one["owner"] != "guard"}


def renewals(lab):
    """It is renewed with the entry; a transaction changes it when it is committed."""
    lab.result("it is listed", [] if guards_of(lab, "host") == {"static": []} and
               guards_of(lab, "in_narrow") == {"optout": [(5, 3600)]} and
               guards_of(lab, "in_middle") == {"static": None} else
               [f"{guards_of(lab, 'host')}"])
    lab.genl.request(P25_CMD_BEGIN)
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"],
                        guard_attr((7, 70), (8, 80))),
        entry(P25_KIND_OPTOUT, NAMES[4]["in_narrow"]))
    before = guards_of(lab, "host"), guards_of(lab, "in_narrow")
    checked(lab.genl.request(P25_CMD_COMMIT))
    after = guards_of(lab, "host"), guards_of(lab, "in_narrow")
    lab.result("what is queued is not in force before it is committed",
               [] if before == ({"static": []}, {"optout": [(5, 3600)]}) else
               [f"{before}"])
    lab.result("an add renews it, or takes it away",
               [] if after == ({"static": [(7, 70), (8, 80)]},
                               {"optout": None}) else [f"{after}"])
    lab.genl.request(P25_CMD_BEGIN)
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"], guard_attr((1, 1))))
    lab.genl.request(P25_CMD_ABORT)
    lab.result("what is aborted is not", [] if guards_of(lab, "host") == after[0]
               else [f"{guards_of(lab, 'host')}"])
    digests = lab.genl.request(P25_CMD_DIGEST, attr(P25_A_SEED, bytes(16)))
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"], guard_attr((7, 70))))
    others = lab.genl.request(P25_CMD_DIGEST, attr(P25_A_SEED, bytes(16)))
    lab.result("it is digested", [] if dict(digests.messages[0])[P25_A_DIGESTS] !=
               dict(others.messages[0])[P25_A_DIGESTS] else ["no difference"])


def refused(lab):
    cases = [
        ("a pool's", P25_CMD_ENTRY_ADD, entry(P25_KIND_POOL, "198.51.100.0/24",
                                              guard_attr((1, 1))),
         "only static and optout can have a guard"),
        ("half a rate", P25_CMD_SET, attr(P25_A_GUARD, bytes(4)),
         "a guard is up to 4 rates of 8 bytes each"),
        ("no attempts", P25_CMD_SET, attr(P25_A_GUARD, rates((0, 1))),
         "a rate is 1 to 1000000 attempts in 1 to 2592000 seconds"),
        ("no time", P25_CMD_SET, attr(P25_A_GUARD, rates((1, 1), (1, 0))),
         "a rate is 1 to 1000000 attempts in 1 to 2592000 seconds"),
        ("too many", P25_CMD_SET, attr(P25_A_GUARD, rates((1000001, 1))),
         "a rate is 1 to 1000000 attempts in 1 to 2592000 seconds"),
        ("too long", P25_CMD_SET, attr(P25_A_GUARD, rates((1, 2592001))),
         "a rate is 1 to 1000000 attempts in 1 to 2592000 seconds"),
        ("five rates", P25_CMD_SET, attr(P25_A_GUARD, rates(*[(1, 1)] * 5)), ""),
        ("too long a block", P25_CMD_SET, u32(P25_A_GUARD_FOR, 2592001), ""),
    ]
    before = settings(lab.genl)
    problems = []
    for name, cmd, payload, words in cases:
        answer = lab.genl.request(cmd, payload)
        if not answer.error or words not in answer.text:
            problems.append(f"{name}: {answer}")
    problems += ["a setting has changed"] * (settings(lab.genl) != before)
    lab.result("guards that can't be are refused", problems)


# ---- letting go ----

def let_go(lab):
    """By the desk, and back again: twice as long, and twice that."""
    fresh(lab, "optout {host}")
    set_guard(lab.genl, (5, 3600), seconds=600)
    prefix = NAMES[4]["host"] + "/32"
    events = Events(lab.genl)
    timeouts = []
    for _ in range(3):
        attempts(lab, 4, "host", 6)
        timeouts.append(guard_event(events)[2]["timeout"])
        block = entry(P25_KIND_BLOCK, NAMES[4]["host"],
                      attr(P25_A_ENTRY_OWNER, "guard"))
        checked(lab.genl.request(P25_CMD_ENTRY_DEL, block))
        if attempts(lab, 4, "host") != 1:
            timeouts.append("not let go")
        rounds_pass(lab, 1)
        if prefix in blocks(lab):
            timeouts.append("blocked again at once")
    events.close()
    right = [want - 3 <= got <= want for want, got in
             zip((600, 1200, 2400), timeouts) if isinstance(got, int)]
    lab.result("who is let go and comes back is blocked for twice as long",
               [] if right == [True] * 3 and len(timeouts) == 3 else
               [f"{timeouts}"])


def expires(lab):
    """By itself, and back within as long as the block was."""
    fresh(lab, "static {narrow}")
    set_guard(lab.genl, (5, 3600), seconds=2)
    events = Events(lab.genl)
    attempts(lab, 4, "in_narrow", 6)
    first = guard_event(events)[2]["timeout"]
    free = until(lambda: not is_blocked(lab, 4, "in_narrow"))
    attempts(lab, 4, "in_narrow", 6)
    second = guard_event(events)[2]["timeout"]
    events.close()
    lab.result("a block ends by itself", [] if free else ["it does not"])
    lab.result("and the next one is for twice as long",
               [] if first <= 2 < second <= 4 else [f"{first}, {second}"])


def restarts(lab):
    """Neither a flush of senders nor a reload of the policy lets anybody go."""
    fresh(lab, "static {host}")
    set_guard(lab.genl, (5, 3600), seconds=600)
    events = Events(lab.genl)
    attempts(lab, 4, "host", 6)
    first = guard_event(events)[2]["timeout"]
    checked(lab.genl.request(P25_CMD_SENDER_FLUSH))
    problems = ["senders are flushed"] * (not is_blocked(lab, 4, "host"))
    checked(lab.genl.request(P25_CMD_SET, u32(P25_A_SENDERS, 100)))
    problems += ["another list"] * (not is_blocked(lab, 4, "host"))
    lab.genl.request(P25_CMD_BEGIN)
    checked(lab.genl.request(P25_CMD_ENTRY_FLUSH, attr(P25_A_OWNER, "admin")))
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"]))
    checked(lab.genl.request(P25_CMD_COMMIT))
    problems += ["a new policy"] * (not is_blocked(lab, 4, "host"))
    checked(lab.genl.request(P25_CMD_ENTRY_FLUSH, attr(P25_A_OWNER, "admin")))
    problems += ["a flush"] * (not is_blocked(lab, 4, "host"))
    lab.result("a flush of senders and a reload of the policy let nobody go",
               problems)
    # Of all owners: an entry of the guard is one like others.
    checked(lab.genl.request(P25_CMD_ENTRY_FLUSH))
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["host"]))
    attempts(lab, 4, "host", 6)
    second = guard_event(events)[2]["timeout"]
    events.close()
    checked(lab.genl.request(P25_CMD_SET, u32(P25_A_SENDERS, 65536)))
    lab.result("but the guard remembers whom it has blocked, whatever is flushed",
               [] if 2 * first - 6 <= second <= 2 * first + 6 else
               [f"{first} s, then {second} s"])


def off(lab):
    fresh(lab, "static {host}")
    attempts(lab, 4, "host", 200)
    add(lab.genl, entry(P25_KIND_STATIC, NAMES[4]["in_narrow"],
                        guard_attr((1, 60))))
    attempts(lab, 4, "in_narrow", 2)
    until(lambda: is_blocked(lab, 4, "in_narrow"))
    lab.result("without a guard that is set, only an entry's own is kept",
               [] if is_blocked(lab, 4, "in_narrow") and
               not is_blocked(lab, 4, "host") else ["wrong"])
    set_guard(lab.genl, (100, 60))
    attempts(lab, 4, "host", 50)
    rounds_pass(lab)
    lab.result("what was sent before it was set is not counted",
               [] if not is_blocked(lab, 4, "host") else ["it is"])


# ---- floods ----

def forged(lab):
    """
    So many exempt senders exceed a rate at once: a second has so many blocks and
    no more, and how many there should have been is said.
    """
    fresh(lab, "static 2001:db8:1000::/36")
    set_guard(lab.genl, (1, 3600))
    events = Events(lab.genl)
    words = [0x10000000 + at for at in range(FORGED)]
    began = time.monotonic()
    send_from(lab, mail(6, "outside", "foreign"), 26, words * 3)
    missed, told, count = 0, [], 0
    while missed + count < FORGED:
        event = events.read(60)
        if not event:
            break
        attrs = dict(event[1])
        if event[0] != P25_CMD_EVENT_GUARD:
            continue
        if P25_A_UNLISTED in attrs:
            missed += number(attrs[P25_A_UNLISTED])
            told.append(number(attrs[P25_A_TIME]))
        else:
            count += 1
    seconds = time.monotonic() - began
    events.close()
    print(f"# {count} blocked in {seconds:.1f} s, {missed} missed")
    lab.result("a flood of forged senders adds so many blocks a second",
               [] if 0 < count <= BLOCKS_MAX * (seconds + 2) and
               count == len(blocks(lab)) else
               [f"{count} blocked in {seconds} s, {len(blocks(lab))} entries"])
    lab.result("it is said how many were not blocked, once a second at most",
               [] if missed + count >= FORGED and len(told) <= seconds + 2 else
               [f"{missed} and {count} of {FORGED}, {told}"])


def full(lab):
    """
    So many entries of the guard and no more; and none that the policy has no
    room for.
    """
    fresh(lab, "static {host}")
    lab.run("p25ctl", "-o", "guard", "-b", "-", text="".join(
        f"block add 10.1.{at >> 8}.{at & 255}\n" for at in range(16384)))
    set_guard(lab.genl, (1, 3600))
    events = Events(lab.genl)

    def is_told():
        attempts(lab, 4, "host", 3)
        return P25_A_UNLISTED in dict(events.wait(P25_CMD_EVENT_GUARD))

    lab.result("there is a limit to the guard's entries",
               [] if is_told() and len(blocks(lab)) == 16384 else
               [f"{len(blocks(lab))}"])
    checked(lab.genl.request(P25_CMD_ENTRY_FLUSH, attr(P25_A_OWNER, "guard")))
    many = len(entries(lab.genl))
    checked(lab.genl.request(P25_CMD_SET, u32(P25_A_LIMIT, many)))
    lab.result("and where the policy is full, it stays so",
               [] if is_told() and not blocks(lab) else [f"{blocks(lab)}"])
    events.all(P25_CMD_EVENT_GUARD)
    checked(lab.genl.request(P25_CMD_SET, u32(P25_A_LIMIT, 4194304)))
    attempts(lab, 4, "host", 1)
    lab.result("who was missed is blocked with its next attempt",
               [] if guard_event(events)[2]["kind"] == "block" else ["no"])
    events.close()


# ---- events of senders ----

def sender_events(lab):
    fresh(lab, "static {host}")
    events = Events(lab.genl)
    said = []
    for want in (1, 9, 90, 900):
        attempts(lab, 4, "host", want)
        attrs = events.wait(P25_CMD_EVENT_SENDER)
        said += [sender_of(data)["attempts"] for kind, data in attrs
                 if kind == P25_A_SENDER]
    lab.result("a sender's first, 10th, 100th and 1000th attempt is an event",
               [] if said == [1, 10, 100, 1000] else [f"{said}"])
    attempts(lab, 4, "host", 900)
    attempts(lab, 4, "in_middle")
    attrs = events.wait(P25_CMD_EVENT_SENDER)
    found = [sender_of(data) for kind, data in attrs if kind == P25_A_SENDER]
    lab.result("those between are none; a blocked one is a sender, too",
               [] if [one["kind"] for one in found] == ["pool"] else [f"{found}"])
    lab.policy("static 2001:db8:1000::/36")
    events.all(P25_CMD_EVENT_SENDER)
    time.sleep(2)		# until a second in which none has been listed yet
    send_from(lab, mail(6, "outside", "foreign"), 26,
              [0x10000000 + at for at in range(FORGED)])
    listed, unlisted, times = 0, 0, set()
    while listed + unlisted < FORGED:
        attrs = events.wait(P25_CMD_EVENT_SENDER)
        listed += sum(kind == P25_A_SENDER for kind, _ in attrs)
        unlisted += sum(number(data) for kind, data in attrs
                        if kind == P25_A_UNLISTED)
        times.add(number(dict(attrs)[P25_A_TIME]))
    events.close()
    print(f"# {listed} listed, {unlisted} not, in {len(times)} s")
    lab.result("of a flood, 64 a second are listed, and the others counted",
               [] if listed + unlisted == FORGED and
               64 <= listed <= 64 * (max(times) - min(times) + 2) else
               [f"{listed} listed, {unlisted} not, {sorted(times)}"])


def main():
    lab = Lab(PLAN)
    for family in (4, 6):
        one_too_many(lab, family)
    several_rates(lab)
    at_the_limit(lab)
    only_exempt(lab)
    ipv6_prefixes(lab)
    own_guard(lab)
    refused(lab)
    let_go(lab)
    expires(lab)
    restarts(lab)
    off(lab)
    forged(lab)
    full(lab)
    sender_events(lab)
    within_a_second(lab)
    lab.finish()


main()
