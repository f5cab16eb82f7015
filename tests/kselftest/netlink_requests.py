#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
Raw generic netlink: malformed requests are refused with a message and change
nothing; listings are complete, or say that they aren't.
"""

import platform
import socket
import struct
import time

from lib.ktap import Ktap
from lib.netlink import *

KNOWN_TYPES = ENUMS["p25_attr"]
HUGE = 50000

# Unicode's property Bidi_Control.
BIDI_CONTROL = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F),
                *range(0x2066, 0x206A))


def address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


def prefix(addr, length):
    return [attr(P25_A_ENTRY_ADDR, address(addr)),
            u8(P25_A_ENTRY_PREFIXLEN, length)]


def entry(kind, addr, length, *more):
    return nest(P25_A_ENTRY, u8(P25_A_ENTRY_KIND, kind), *prefix(addr, length),
                *more)


def pool(*more):
    return entry(P25_KIND_POOL, "198.51.100.0", 24, *more)


def entries_of(answer):
    """Entries of a listing, each as a dict of attributes without counters."""
    return [{kind: data for kind, data in parse(nested)
             if kind not in (P25_A_ENTRY_PAD, P25_A_ENTRY_TIMEOUT)}
            for message in answer.messages for kind, nested in message
            if kind == P25_A_ENTRY]


class Test:
    """The sockets, and what the policy is."""

    def __init__(self):
        self.ktap = Ktap()
        own_netns()
        self.genl = Genl()
        self.other = Genl()

    def policy(self):
        status = dict(self.other.request(P25_CMD_SHOW).messages[0])
        settings = [status[kind] for kind in (P25_A_ACTION, P25_A_INBOUND,
                                              P25_A_LIMIT, P25_A_ENTRIES)]
        listed = entries_of(self.other.list(P25_CMD_ENTRY_LIST))
        return settings, sorted(str(sorted(e.items())) for e in listed)

    def accepted(self, name, cmd, payload=b"", **how):
        answer = self.genl.request(cmd, payload, **how)
        self.ktap.result(not answer.error, name, answer)
        return answer

    def refused(self, name, cases):
        """Every case (what, cmd, payload) is refused with a message."""
        before = self.policy()
        wrong = []
        for what, cmd, payload in cases:
            answer = self.genl.request(cmd, payload)
            if not answer.error:
                wrong.append(f"{what}: accepted")
            elif not answer.text:
                wrong.append(f"{what}: error {answer.error} without a word")
            if self.policy() != before:
                wrong.append(f"{what}: changed the policy")
                before = self.policy()
        self.ktap.result(not wrong, f"{name}: {len(cases)} malformed requests"
                         " are refused with a message", *wrong)


def lengths(cmd, head, kind, right, wrap=lambda a: a):
    """An attribute of every length but the right ones."""
    sizes = [size for size in (0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 3000)
             if size not in right]
    return [(f"attribute {kind} of {size} bytes", cmd,
             head + wrap(attr(kind, bytes([1]) * size))) for size in sizes]


def unknown(cmd, head, known):
    """Attributes that the command doesn't know, but perhaps another one."""
    return [(f"attribute {kind}", cmd, head + u8(kind, 0))
            for kind in [*KNOWN_TYPES.values(), 100, 0x3fff]
            if kind not in known and kind != 0]


def in_entry(*attrs):
    return nest(P25_A_ENTRY, *attrs)


def malformed_frames(cmd, good):
    """What is wrong with any request that has attributes."""
    return [("no attributes", cmd, b""),
            ("half an attribute's header", cmd, good + b"\x05\0"),
            ("an attribute longer than the message", cmd,
             good + attr(1, b"1234", length=200)),
            ("an attribute shorter than its header", cmd,
             good + attr(1, b"1234", length=2))]


def bad_entries(cmd):
    kind = u8(P25_A_ENTRY_KIND, P25_KIND_STATIC)
    where = prefix("192.0.2.0", 25)
    whole = in_entry(kind, *where)
    inside = b"".join([kind, *where])
    cases = [
        ("an empty entry", cmd, in_entry()),
        ("no kind", cmd, in_entry(*where)),
        ("no address", cmd, in_entry(kind, where[1])),
        ("no length", cmd, in_entry(kind, where[0])),
        ("an entry that isn't marked as a nest", cmd,
         attr(P25_A_ENTRY, inside)),
        ("a number that is marked as a nest", cmd,
         in_entry(attr(P25_A_ENTRY_KIND, b"\1", nested=True), *where)),
        ("an entry that is cut", cmd, nest(P25_A_ENTRY, inside[:-9])),
        ("kind none", cmd, in_entry(u8(P25_A_ENTRY_KIND, 0), *where)),
        ("kind too large", cmd,
         in_entry(u8(P25_A_ENTRY_KIND, P25_KIND_MAX + 1), *where)),
        ("host bits", cmd, entry(P25_KIND_POOL, "192.0.2.1", 24)),
        ("IPv6 host bits", cmd, entry(P25_KIND_POOL, "2001:db8::1", 127)),
        ("IPv4-mapped", cmd, entry(P25_KIND_POOL, "::ffff:192.0.2.0", 120)),
        ("length 33", cmd, entry(P25_KIND_POOL, "192.0.2.0", 33)),
        ("length 129", cmd, entry(P25_KIND_POOL, "2001:db8::", 129)),
        ("empty owner", cmd, in_entry(kind, *where,
                                      attr(P25_A_ENTRY_OWNER, ""))),
        ("owner in capitals", cmd, in_entry(kind, *where,
                                            attr(P25_A_ENTRY_OWNER, "Me"))),
        ("owner with a NUL inside", cmd,
         in_entry(kind, *where, attr(P25_A_ENTRY_OWNER, b"a\0b\0"))),
        ("owner of 16 letters", cmd,
         in_entry(kind, *where, attr(P25_A_ENTRY_OWNER, "a" * 16))),
        ("a good entry, then a bad one", cmd,
         whole + entry(P25_KIND_POOL, "192.0.2.1", 24)),
    ]
    for number, right in ((P25_A_ENTRY_KIND, [1]),
                          (P25_A_ENTRY_ADDR, [4, 16]),
                          (P25_A_ENTRY_PREFIXLEN, [1]),
                          (P25_A_ENTRY_COOKIE, [4])):
        others = b"".join(a for a in (kind, *where)
                          if a[2:4] != struct.pack("=H", number))
        cases += lengths(cmd, b"", number, right,
                         lambda a, others=others: in_entry(others, a))
    for number in (P25_A_ENTRY_PACKETS, P25_A_ENTRY_BYTES, P25_A_ENTRY_MAX + 1,
                   P25_A_ENTRY_PAD):
        cases.append((f"entry attribute {number}", cmd,
                      in_entry(inside, attr(number, bytes(8)))))
    return cases + malformed_frames(cmd, whole)


def test_add(test):
    head = [u8(P25_A_ENTRY_KIND, P25_KIND_STATIC), *prefix("192.0.2.0", 25)]
    cmd = P25_CMD_ENTRY_ADD
    soon = P25_A_ENTRY_TIMEOUT
    cases = bad_entries(cmd) + unknown(cmd, pool(), {P25_A_ENTRY})
    cases += lengths(cmd, b"", soon, [4], lambda a: in_entry(*head, a))
    cases += lengths(cmd, b"", P25_A_ENTRY_EXPIRES, [8],
                     lambda a: in_entry(*head, a))
    cases += [
        (what, cmd, in_entry(*head, *more)) for what, *more in (
            ("timeout 0", u32(soon, 0)),
            ("timeout of more than 20 years",
             u32(soon, 20 * 366 * 86400 + 1)),
            ("timeout and expires", u32(soon, 60),
             s64(P25_A_ENTRY_EXPIRES, int(time.time()) + 60)),
            ("an action, though it is static",
             u8(P25_A_ENTRY_ACTION, P25_ACTION_DROP)),
            ("comment of 65 bytes", attr(P25_A_ENTRY_COMMENT, "x" * 65)),
            ("comment with a line break", attr(P25_A_ENTRY_COMMENT, "a\nb")),
            ("comment with an escape", attr(P25_A_ENTRY_COMMENT, "\x1b[2J")),
            ("comment with a NUL inside",
             attr(P25_A_ENTRY_COMMENT, b"a\0b\0")),
            ("overlong UTF-8", attr(P25_A_ENTRY_COMMENT, b"\xc0\xaf")),
            ("a surrogate", attr(P25_A_ENTRY_COMMENT, b"\xed\xa0\x80")),
            ("UTF-8 that is cut", attr(P25_A_ENTRY_COMMENT, b"\xe2\x82")),
            *((f"the writing direction U+{code:04X}",
               attr(P25_A_ENTRY_COMMENT, chr(code)))
              for code in BIDI_CONTROL))]
    action = P25_A_ENTRY_ACTION
    cases += lengths(cmd, b"", action, [1], pool)
    cases += [("action too large", cmd, pool(u8(action, P25_ACTION_MAX + 1))),
              *((f"an action of kind {kind}", cmd,
                 entry(kind, "192.0.2.0", 24, u8(action, P25_ACTION_REJECT)))
                for kind in (P25_KIND_RELAY, P25_KIND_STATIC,
                             P25_KIND_OPTOUT))]
    guard = P25_A_ENTRY_GUARD
    rate = struct.pack("=II", 20, 60)
    cases += [(f"a guard of {n} bytes", cmd,
               in_entry(*head, attr(guard, (rate * 5)[:n])))
              for n in (1, 4, 9, 31, 40)]
    cases += [(f"a guard of kind {kind}", cmd,
               entry(kind, "192.0.2.0", 24, attr(guard, rate)))
              for kind in (P25_KIND_RELAY, P25_KIND_POOL, P25_KIND_BLOCK)]
    test.refused("entry-add", cases)
    good = [pool(attr(P25_A_ENTRY_COMMENT, "x" * 64)),
            pool(attr(P25_A_ENTRY_COMMENT, b"no final NUL")),
            pool(attr(P25_A_ENTRY_OWNER, b"a" * 15)),
            pool(s64(P25_A_ENTRY_EXPIRES, -(1 << 63))),
            pool(s64(P25_A_ENTRY_EXPIRES, (1 << 63) - 1)),
            pool(u32(P25_A_ENTRY_TIMEOUT, 20 * 366 * 86400)),
            pool(u8(action, P25_ACTION_DROP)),
            entry(P25_KIND_BLOCK, "192.0.2.0", 24, u8(action, P25_ACTION_MAX)),
            in_entry(*head, attr(guard)), in_entry(*head, attr(guard, rate * 4)),
            entry(P25_KIND_RELAY, "0.0.0.0", 0),
            entry(P25_KIND_BLOCK, "::", 0)]
    bad = [answer for answer in
           (test.genl.request(cmd, one) for one in good) if answer.error]
    test.ktap.result(not bad, "entry-add: the extremes are accepted", *bad)
    test.genl.request(P25_CMD_ENTRY_FLUSH)


def test_del(test):
    cmd = P25_CMD_ENTRY_DEL
    test.genl.request(P25_CMD_ENTRY_ADD, pool())
    cases = bad_entries(cmd)
    cases += unknown(cmd, pool(), {P25_A_ENTRY, P25_A_IGNORE_MISSING})
    cases += lengths(cmd, pool(), P25_A_IGNORE_MISSING, [0])
    cases += [("what is not there", cmd,
               entry(P25_KIND_BLOCK, "198.51.100.0", 24)),
              ("what another owner has", cmd,
               pool(attr(P25_A_ENTRY_OWNER, "nobody"))),
              ("the same twice", cmd, pool() + pool()),
              ("with a timeout", cmd, pool(u32(P25_A_ENTRY_TIMEOUT, 9))),
              ("with an action", cmd, pool(u8(P25_A_ENTRY_ACTION, 0))),
              ("with a guard", cmd, pool(attr(P25_A_ENTRY_GUARD))),
              ("with a comment that it has not", cmd,
               pool(attr(P25_A_ENTRY_COMMENT, "x"))),
              ("with a comment that none can have", cmd,
               pool(attr(P25_A_ENTRY_COMMENT, "a\nb"))),
              ("with a comment of 65 bytes", cmd,
               pool(attr(P25_A_ENTRY_COMMENT, "x" * 65)))]
    test.refused("entry-del", cases)
    test.accepted("entry-del: what has another comment may be ignored", cmd,
                  attr(P25_A_IGNORE_MISSING) +
                  pool(attr(P25_A_ENTRY_COMMENT, "x")))
    test.accepted("entry-del: it is still there", cmd,
                  pool(attr(P25_A_ENTRY_COMMENT, "")))
    test.genl.request(P25_CMD_ENTRY_ADD,
                      pool(attr(P25_A_ENTRY_COMMENT, "call 1")))
    test.accepted("entry-del: with the comment that it has", cmd,
                  pool(attr(P25_A_ENTRY_COMMENT, b"call 1")))
    test.genl.request(P25_CMD_ENTRY_ADD, pool())
    test.accepted("entry-del: what is missing may be ignored", cmd,
                  attr(P25_A_IGNORE_MISSING) + pool() + pool())


def test_cookie(test):
    def cookie(number):
        return u32(P25_A_ENTRY_COOKIE, number)

    for cmd in (P25_CMD_ENTRY_ADD, P25_CMD_ENTRY_DEL):
        test.genl.request(P25_CMD_ENTRY_ADD, pool())
        answer = test.genl.request(
            cmd, pool(cookie(7)) +
            entry(P25_KIND_POOL, "192.0.2.1", 24, cookie(0xfffffff0)) +
            pool(cookie(9)))
        test.ktap.result(answer.error == 22 and answer.cookie == 0xfffffff0,
                         f"command {cmd}: the cookie names the refused entry",
                         answer, f"cookie {answer.cookie}")
    test.genl.request(P25_CMD_ENTRY_FLUSH)


def test_flush(test):
    cmd = P25_CMD_ENTRY_FLUSH
    test.genl.request(P25_CMD_ENTRY_ADD, pool())
    cases = unknown(cmd, b"", {P25_A_KIND, P25_A_OWNER})
    cases += lengths(cmd, b"", P25_A_KIND, [1])
    cases += [("kind none", cmd, u8(P25_A_KIND, 0)),
              ("kind too large", cmd, u8(P25_A_KIND, P25_KIND_MAX + 1)),
              ("empty owner", cmd, attr(P25_A_OWNER, "")),
              ("bad owner", cmd, attr(P25_A_OWNER, "not me")),
              ("long owner", cmd, attr(P25_A_OWNER, "a" * 16))]
    test.refused("entry-flush", cases + malformed_frames(cmd, b"")[1:])
    test.genl.request(cmd)


def test_set(test):
    cmd = P25_CMD_SET
    numbers = {P25_A_ACTION: [1], P25_A_INBOUND: [1], P25_A_LIMIT: [4],
               P25_A_SENDERS: [4], P25_A_GUARD_FOR: [4]}
    cases = unknown(cmd, b"", {*numbers, P25_A_GUARD})
    rate = struct.pack("=II", 20, 60)
    cases += [(f"guard of {n} bytes", cmd, attr(P25_A_GUARD, (rate * 5)[:n]))
              for n in (1, 4, 7, 9, 12, 31, 33, 40)]
    for number, right in numbers.items():
        cases += lengths(cmd, u8(P25_A_ACTION, P25_ACTION_MONITOR), number,
                         right)
    cases += [("action too large", cmd, u8(P25_A_ACTION, P25_ACTION_MAX + 1)),
              ("inbound 2", cmd, u8(P25_A_INBOUND, 2)),
              ("limit 0", cmd, u32(P25_A_LIMIT, 0)),
              ("limit too large", cmd, u32(P25_A_LIMIT, 0xffffffff)),
              ("senders 0", cmd, u32(P25_A_SENDERS, 0)),
              ("senders too large", cmd, u32(P25_A_SENDERS, (1 << 20) + 1)),
              ("guard-for too large", cmd, u32(P25_A_GUARD_FOR, 2592001)),
              ("one good, one bad", cmd, u8(P25_A_ACTION, P25_ACTION_MONITOR) +
               u8(P25_A_INBOUND, 2))]
    test.refused("set", cases +
                 malformed_frames(cmd, u8(P25_A_ACTION, P25_ACTION_MONITOR)))
    test.genl.request(cmd, u8(P25_A_INBOUND, 1) + u8(P25_A_INBOUND, 0))
    status = dict(test.genl.request(P25_CMD_SHOW).messages[0])
    test.ktap.result(status[P25_A_INBOUND] == b"\0",
                     "set: of a repeated attribute the last one counts")
    test.genl.request(cmd, u8(P25_A_INBOUND, 1))


def test_check(test):
    cmd = P25_CMD_CHECK
    src = attr(P25_A_SRC, address("198.51.100.7"))
    dst = attr(P25_A_DST, address("203.0.113.25"))
    cases = unknown(cmd, src + dst, {P25_A_SRC, P25_A_DST})
    cases += lengths(cmd, src, P25_A_DST, [4])
    cases += lengths(cmd, dst, P25_A_SRC, [4])
    cases += [("no source", cmd, dst), ("nothing", cmd, b"")]
    test.refused("check", cases + malformed_frames(cmd, src + dst))
    answer = test.accepted("check: a good one is answered", cmd, src + dst)
    test.ktap.result(dict(answer.messages[0]) ==
                     {P25_A_VERDICT: b"\0", P25_A_REASON: b"\0"},
                     "check: without an entry it has no prefix",
                     answer.messages)
    test.accepted("check: it needs no destination", cmd, src)


def test_no_attributes(test):
    cases = []
    for cmd in (P25_CMD_SHOW, P25_CMD_BEGIN, P25_CMD_COMMIT, P25_CMD_ABORT,
                P25_CMD_SENDER_FLUSH):
        cases += [(f"command {cmd}, {what}", c, payload)
                  for what, c, payload in unknown(cmd, b"", {})]
    cases += [("nothing to commit", P25_CMD_COMMIT, b""),
              ("nothing to abort", P25_CMD_ABORT, b"")]
    test.refused("commands without attributes", cases)
    cmd = P25_CMD_SENDER_LIST
    test.refused("sender-list", unknown(cmd, b"", {P25_A_NEXT}) +
                 lengths(cmd, b"", P25_A_NEXT, [8]) + nowhere(cmd, 1 << 20))


def nowhere(cmd, first):
    """Where no listing goes on."""
    return [(f"next {at:#x}", cmd, u64(P25_A_NEXT, at))
            for at in (first, first + 1, 1 << 63, (1 << 64) - 1)]


def header_mistakes():
    """What generic netlink itself refuses since Linux 6.1, for all families."""
    if [int(n) for n in platform.release().split(".")[:2]] < [6, 1]:
        return ()
    return (("reserved bits", {"reserved": 1}),
            ("NLM_F_CREATE", {"flags": NLM_F_ACK | 0x400}),
            ("NLM_F_APPEND", {"flags": NLM_F_ACK | 0x800}))


def test_header(test):
    wrong = []
    for name, how in header_mistakes():
        for cmd in ENUMS["p25_cmd"].values():
            answer = test.genl.request(cmd, pool(), **how)
            if not answer.error:
                wrong.append(f"{name}, command {cmd}: accepted")
    for cmd in (0, P25_CMD_EVENT_POLICY, P25_CMD_MAX + 1, 255):
        answer = test.genl.request(cmd)
        if answer.error != 95:
            wrong.append(f"command {cmd}: {answer}")
    # A dump that is never read would keep the module from being unloaded.
    for cmd in ENUMS["p25_cmd"].values():
        if test.genl.request(cmd, flags=NLM_F_DUMP).error != 95:
            wrong.append(f"command {cmd} is a dump")
    test.ktap.result(not wrong, "headers that say what they can't are refused",
                     *wrong)


def test_filters(test):
    cmd = P25_CMD_ENTRY_LIST
    net = attr(P25_A_ADDR, address("198.51.100.0"))
    test.genl.request(P25_CMD_ENTRY_ADD, b"".join([
        pool(), pool(attr(P25_A_ENTRY_OWNER, "radius")),
        entry(P25_KIND_STATIC, "198.51.100.64", 28),
        entry(P25_KIND_POOL, "198.51.0.0", 16),
        entry(P25_KIND_RELAY, "192.0.2.25", 32),
        entry(P25_KIND_POOL, "2001:db8::", 32)]))
    counts = [len(entries_of(test.genl.list(cmd, payload))) for payload in (
        b"", u8(P25_A_KIND, P25_KIND_POOL), attr(P25_A_OWNER, "radius"),
        net + u8(P25_A_PREFIXLEN, 24),
        net + u8(P25_A_PREFIXLEN, 25) + u8(P25_A_KIND, P25_KIND_STATIC),
        attr(P25_A_OWNER, "nobody"),
        attr(P25_A_ADDR, bytes(4)) + u8(P25_A_PREFIXLEN, 0),
        attr(P25_A_ADDR, bytes(16)) + u8(P25_A_PREFIXLEN, 0))]
    test.ktap.result(counts == [6, 4, 1, 4, 1, 0, 5, 1],
                     "entry-list: filters", counts)
    known = {P25_A_KIND, P25_A_OWNER, P25_A_ADDR, P25_A_PREFIXLEN, P25_A_NEXT}
    cases = unknown(cmd, b"", known) + lengths(cmd, b"", P25_A_KIND, [1])
    cases += lengths(cmd, u8(P25_A_PREFIXLEN, 0), P25_A_ADDR, [4, 16])
    cases += lengths(cmd, net, P25_A_PREFIXLEN, [1])
    cases += [("kind none", cmd, u8(P25_A_KIND, 0)),
              ("no length", cmd, net),
              ("no address", cmd, u8(P25_A_PREFIXLEN, 24)),
              ("host bits", cmd, net + u8(P25_A_PREFIXLEN, 8)),
              ("length 33", cmd, net + u8(P25_A_PREFIXLEN, 33)),
              ("empty owner", cmd, attr(P25_A_OWNER, "")),
              ("bad owner", cmd, attr(P25_A_OWNER, "not me")),
              ("long owner", cmd, attr(P25_A_OWNER, "a" * 16))]
    cases += lengths(cmd, b"", P25_A_NEXT, [8]) + nowhere(cmd, 4 << 32)
    test.refused("entry-list", cases + malformed_frames(cmd, b"")[1:])
    beyond = test.genl.request(cmd, u64(P25_A_NEXT, 0xFFFFFFFF))
    last = test.genl.request(cmd, u64(P25_A_NEXT, (4 << 32) - 1))
    test.ktap.result(not beyond.error and len(entries_of(beyond)) == 2 and
                     not last.error and not entries_of(last),
                     "entry-list: it goes on wherever it is told to",
                     beyond.messages, last.messages)
    test.genl.request(P25_CMD_ENTRY_FLUSH)


def add_many(test, first, count):
    for start in range(first, first + count, 500):
        numbers = range(start, min(start + 500, first + count))
        answer = test.genl.request(P25_CMD_ENTRY_ADD, b"".join(
            map(pool_entry, numbers)))
        if answer.error:
            return answer
    return None


def list_addresses(genl, cmd=P25_CMD_ENTRY_LIST):
    """A listing that no change has interrupted."""
    deadline = time.monotonic() + 30
    while True:
        answer = genl.list(cmd)
        if not answer.interrupted or time.monotonic() > deadline:
            break
    at = 4 + 4 + 4 + 4      # kind's attribute, then the header of address
    return answer, [nested[at - 4:at + 12] for message in answer.messages
                    for kind, nested in message if kind == P25_A_ENTRY]


def test_huge(test):
    error = add_many(test, 0, HUGE)
    test.ktap.result(not error, f"{HUGE} entries are added", error)
    answer, listed = list_addresses(test.genl)
    test.ktap.result(not answer.error and not answer.interrupted and
                     len(listed) == HUGE and len(set(listed)) == HUGE,
                     "and are listed, each of them once", answer,
                     f"{len(listed)} listed, {len(set(listed))} different")


def changed_meanwhile(test, genl, first, count):
    """A listing, in the midst of which entries are added."""
    answer = Answer()
    at = genl.list_on(answer, P25_CMD_ENTRY_LIST)
    add_many(test, first, count)
    while at:
        at = genl.list_on(answer, P25_CMD_ENTRY_LIST, b"", at)
    return answer


def test_interrupted(test):
    genl = Genl()
    answer = changed_meanwhile(test, genl, HUGE, 2)
    test.ktap.result(answer.interrupted,
                     "a listing says that a change has interrupted it",
                     (answer.revision, answer.bulk_revision))
    seen = {nested[12:28] for message in answer.messages
            for kind, nested in message if kind == P25_A_ENTRY}
    test.ktap.result(len(seen) >= HUGE, "and still shows what was there",
                     f"{len(seen)} of {HUGE}")
    answer = genl.list(P25_CMD_ENTRY_LIST)
    test.ktap.result(not answer.interrupted, "the next one is not interrupted")
    answer = changed_meanwhile(test, genl, HUGE + 2, 1)
    test.ktap.result(len(answer.messages) > 1 and not answer.interrupted,
                     "a single entry that is added interrupts none",
                     (answer.revision, answer.bulk_revision))
    genl.close()


def test_closed(test):
    for _ in range(20):
        genl = Genl()
        genl.send(P25_CMD_ENTRY_LIST)
        genl.close()
    test.accepted("20 sockets have closed in mid-listing", P25_CMD_ENTRY_FLUSH)
    answer = test.genl.list(P25_CMD_ENTRY_LIST)
    test.ktap.result(not answer.error and not entries_of(answer),
                     "and the policy can be flushed")


def main():
    test = Test()
    for part in (test_add, test_del, test_cookie, test_flush, test_set,
                 test_check, test_no_attributes, test_header, test_filters,
                 test_huge, test_interrupted, test_closed):
        part(test)
    test.ktap.end()


main()
