#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
p25ctl top: keys are typed at a terminal, tmux's, and what is on the screen is read.
Mail is real packets, that cross a router.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from lib.packet import Lab, PATIENCE, mail

PLAN = 28
INTERVAL = "1s"
LOUD, QUIET, EXEMPT = "198.51.100.9", "198.51.100.10", "198.51.100.69"

POLICY = """
    pool {wide}
    static {narrow}
"""


class Tmux:
    """A tmux server of this test's own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="p25-top-")
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", HISTFILE="",
                                TMUX_TMPDIR=self.folder)
        for name in ("NO_COLOR", "TMUX"):
            self.environment.pop(name, None)
        self.number = 0

    def run(self, *words):
        done = subprocess.run(["tmux", "-f", "/dev/null", *words],
                              env=self.environment, capture_output=True,
                              text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"tmux {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def window(self, columns=80, lines=24):
        self.number += 1
        return Window(self, f"w{self.number}", columns, lines)

    def close(self):
        self.run("kill-server")
        subprocess.run(["rm", "-rf", self.folder], check=True)


class Window:
    """A terminal with a shell in it."""

    def __init__(self, tmux, name, columns, lines):
        self.tmux = tmux
        self.name = name
        tmux.run("new-session", "-d", "-s", name, "-x", str(columns), "-y",
                 str(lines), "env", "PS1=$ ", "bash", "--norc", "--noprofile",
                 "-i")
        if not self.wait(lambda text: text.startswith("$")):
            raise RuntimeError(f"no prompt: {self.text()}")

    def keys(self, *keys):
        self.tmux.run("send-keys", "-t", self.name, *keys)

    def type(self, command):
        """A line for the shell."""
        self.tmux.run("send-keys", "-t", self.name, "-l", command)
        self.keys("Enter")

    def text(self, *options):
        return self.tmux.run("capture-pane", "-t", self.name, "-p", *options)

    def ask(self, what):
        """What tmux knows of the terminal."""
        return self.tmux.run("display-message", "-t", self.name, "-p",
                             f"#{{{what}}}").strip()

    def resize(self, columns, lines):
        self.tmux.run("resize-window", "-t", self.name, "-x", str(columns),
                      "-y", str(lines))

    def wait(self, condition, *options):
        """Until this is true of the screen: returns that. None: it never is."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            text = self.text(*options)
            if condition(text):
                return text
            time.sleep(0.05)
        return None

    def wait_for(self, pattern):
        """Until there is what matches: returns problems."""
        found = self.wait(lambda text: re.search(pattern, text, re.M))
        return [] if found else [f"no {pattern!r} in:", *self.text().split("\n")]

    def process(self):
        """The one in the foreground, by its number."""
        shell = self.ask("pane_pid")
        with open(f"/proc/{shell}/stat", encoding="ascii") as file:
            return int(file.read().rsplit(")", 1)[1].split()[5])

    def start(self, command=f"p25ctl top every {INTERVAL}"):
        """Runs top, until its first samples are on the screen."""
        self.type(f"clear; stty -g; echo before; {command}; echo status $?")
        return self.wait_for(r"^p25ctl top .*\n(.*\n)+drop +[0-9]")

    def restored(self):
        """Top has ended with status 0: what is wrong with the terminal?"""
        problems = self.wait_for(r"^status 0$")
        self.type("stty -g")
        problems += self.wait_for(r"^([0-9a-f:]+)\nbefore\n(.*\n)*\1$")
        if self.ask("alternate_on") != "0":
            problems.append("the screen is not the one that it was")
        if self.ask("cursor_flag") != "1":
            problems.append("there is no cursor")
        return problems


def senders(text):
    """The list of senders on a screen: a dictionary for each, by titles."""
    rows, titles = [], None
    for line in text.split("\n"):
        if line.startswith("SENDER"):
            titles = line.split()
        elif line.startswith("EVENTS") or not line.strip():
            if titles:
                break
        elif titles:
            rows.append(dict(zip(titles, line.split())))
    return rows


def order(text):
    return [row["SENDER"] for row in senders(text)]


class Test:
    def __init__(self):
        self.lab = Lab(PLAN)
        self.lab.policy(POLICY)
        self.tmux = Tmux()
        self.port = 10000

    def send(self, source, count, servers=1):
        """Attempts from this address, each from another port."""
        packets = []
        for number in range(count):
            self.port += 1
            packets.append(mail(4, source, f"203.0.113.{25 + number % servers}",
                                sport=self.port))
        self.lab.cross(packets)

    def result(self, name, problems):
        self.lab.result(name, problems)

    # ---- what is on the screen ----

    def counts(self):
        self.send(LOUD, 9, 3)
        self.send(QUIET, 4)
        self.send(EXEMPT, 6)
        window = self.tmux.window()
        self.result("it starts", window.start())
        text = window.wait(lambda text: len(senders(text)) == 3)
        got = {row["SENDER"]: (row["ATTEMPTS"], row["KIND"])
               for row in senders(text or "")}
        want = {LOUD: ("9", "pool"), QUIET: ("4", "pool"),
                EXEMPT: ("6", "static")}
        self.result("senders, with their attempts",
                    [] if got == want else [f"{got}"])
        loud = [row for row in senders(text or "") if row["SENDER"] == LOUD]
        self.result("how many destinations, and one of them",
                    [] if loud and loud[0]["DESTS"] in ("1", "2", "3") and
                    loud[0]["DESTINATION"].startswith("203.0.113.2") else
                    [f"{loud}"])
        self.result("nothing happens: all rates are 0", window.wait_for(
            r"^accept +0 .*\n(.*\n)*drop +0 .*\n(.*\n)*198\.51\.100\.9 +0 "))
        return window

    def rates(self, window):
        """While mail is sent, there are rates."""
        deadline = time.monotonic() + PATIENCE
        seen = set()
        while len(seen) < 3 and time.monotonic() < deadline:
            self.send(QUIET, 5)
            self.send(EXEMPT, 5)
            text = window.text()
            seen.update(what for what, pattern in (
                ("drop", r"^drop +[1-9][\d.]* .* [1-9][\d.]* +0$"),
                ("accept", r"^accept +[1-9][\d.]* +0 +[1-9]"),
                ("sender", r"^198\.51\.100\.10 +[1-9]"))
                if re.search(pattern, text, re.M))
        self.result("rates of verdicts and senders",
                    [] if len(seen) == 3 else [f"{seen}", *text.split("\n")])

    def sorted_by(self, window, name, keys, pattern, want):
        window.keys(*keys)
        problems = window.wait_for(pattern)
        if not problems and order(window.text()) != want:
            problems = [f"{order(window.text())}"]
        self.result(name, problems)

    def sorting(self, window):
        self.send(LOUD, 1000)
        window.wait_for(r"^198\.51\.100\.9 .* 1009 ")
        self.sorted_by(window, "sorted by address", ["S"], "by SENDER",
                       [LOUD, QUIET, EXEMPT])
        self.sorted_by(window, "the other way round", ["r"],
                       "by SENDER, reversed", [EXEMPT, QUIET, LOUD])
        self.sorted_by(window, "by the column to the right, twice",
                       [">", ">"], "by ATTEMPTS", [LOUD] + (
                           [EXEMPT, QUIET]))
        self.sorted_by(window, "only who is blocked", ["S", "b"],
                       "blocked by SENDER", [LOUD, QUIET])
        self.sorted_by(window, "only who is exempt", ["e"],
                       "exempt by SENDER", [EXEMPT])
        self.sorted_by(window, "all", ["a"], "all by SENDER",
                       [LOUD, QUIET, EXEMPT])

    def help(self, window):
        window.keys("h")
        problems = window.wait_for("quit$")
        window.keys("q")
        self.result("help, which any key ends",
                    problems + window.wait_for("^p25ctl top"))

    def interval(self, window):
        window.keys("+")
        problems = window.wait_for("every 2s")
        window.keys("-")
        self.result("a longer and a shorter interval",
                    problems + window.wait_for("every 1s"))

    def events(self, window):
        self.lab.p25ctl("block", "add", LOUD, "comment", "ticket 4712")
        self.result("an event of a block", window.wait_for(
            r'^[0-9:]+Z added block 198\.51\.100\.9 comment "ticket 4712"$'))
        self.lab.p25ctl("optout", "add", "198.51.100.77")
        self.lab.p25ctl("block", "del", LOUD)
        problems = window.wait_for("Z deleted block 198")
        if "added optout" in window.text():
            problems.append("there is that of an optout")
        window.keys("v")
        self.result("those of others, if they are asked for",
                    problems + window.wait_for("added optout 198.51.100.77"))
        window.keys("v")

    def pause(self, window):
        """Another one, that isn't paused, shows that there was something to see."""
        other = self.tmux.window()
        problems = other.start()
        window.keys("p")
        problems += window.wait_for("PAUSED")
        paused = window.text()
        before = len(self.lab.json("senders"))
        self.send("198.51.100.20", 5)
        self.lab.p25ctl("block", "add", "198.51.100.21")
        problems += other.wait_for(r"^198\.51\.100\.20 ")
        problems += other.wait_for(r"added block 198\.51\.100\.21")
        now = other.text().split("\n")[0]
        if not other.wait(lambda text: not text.startswith(now[:40])):
            problems.append("the other one stands still")
        if window.text() != paused:
            problems += ["it was:", paused, "it is:", window.text()]
        self.result("paused, it stays as it is", problems)
        window.keys("p")
        problems = window.wait_for(r"^198\.51\.100\.20 ")
        problems += window.wait_for(r"added block 198\.51\.100\.21")
        self.result("and goes on", problems +
                    ([] if len(self.lab.json("senders")) == before + 1 else
                     ["there are others"]))
        other.keys("q")

    # ---- the terminal ----

    def resized(self, window, columns, lines, pattern):
        """
        It fits, and is what it would be if it were drawn anew. Paused, so that
        nothing else changes it.
        """
        window.keys("p")
        window.wait_for("PAUSED")
        window.resize(columns, lines)
        problems = window.wait_for(pattern)
        text = window.text()
        # A key that changes something and back: when that is done, so is all before.
        window.keys("C-l", "h")
        window.wait_for("quit$")
        window.keys("h")
        problems += window.wait_for(pattern)
        if window.text() != text:
            problems += ["it was:", text, "it is:", window.text()]
        self.result(f"{columns} columns, {lines} lines", problems)
        window.keys("p")
        window.wait_for("h: help")

    def tiny(self, window):
        """Nothing to see; but it lives."""
        problems = []
        for columns, lines in ((1, 1), (3, 2), (200, 1), (1, 50), (20, 5)):
            window.resize(columns, lines)
            if not window.wait(lambda text, lines=lines:
                               text.count("\n") == lines):
                problems.append(f"not {lines} lines: {window.text()}")
            window.keys("h", "h", ">")
        window.resize(80, 24)
        self.result("tiny windows, and back", problems + window.wait_for(r"h: help$\n^action"))

    def ends(self, name, end, window=None):
        problems = []
        if not window:
            window = self.tmux.window()
            problems = window.start()
        end(window)
        self.result(name, problems + window.restored())
        window.type("exit")

    def stopped(self):
        window = self.tmux.window()
        problems = window.start()
        window.keys("C-z")
        problems += window.wait_for("Stopped")
        if window.ask("alternate_on") != "0":
            problems.append("the shell has the screen of top")
        window.type("fg")
        problems += window.wait_for("^p25ctl top ")
        window.keys("q")
        problems += window.wait_for("Stopped(.*\n)*.*fg")
        self.result("Ctrl-Z stops it, and it goes on", problems)
        window.type("exit")

    def colours(self):
        """Of who is blocked, in red: the only foreground colour there is."""
        red = "\033[31m"
        window = self.tmux.window()
        problems = window.start()
        problems += window.wait_for(r"^198\.51\.100\.10 ")
        if red not in window.text("-e"):
            problems.append(f"no colour: {window.text('-e')!r}")
        window.keys("q")
        window.wait_for("^status 0")
        for setting in ("NO_COLOR=1", "TERM=vt100"):
            problems += window.start(f"{setting} p25ctl top every {INTERVAL}")
            problems += window.wait_for(r"^198\.51\.100\.10 ")
            if re.search("\033\\[[0-9;]*[34][0-7][;m]", window.text("-e")):
                problems.append(f"{setting}: {window.text('-e')!r}")
            window.keys("q")
            problems += window.wait_for("^status 0")
        self.result("colours, but not with NO_COLOR, and none on a vt100",
                    problems)
        window.type("exit")

    def refusals(self):
        done = subprocess.run(["p25ctl", "top"], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        self.result("without a terminal it says what to use",
                    [] if done.returncode == 2 and not done.stdout and
                    '"senders"' in done.stderr else [f"{done}"])
        window = self.tmux.window(120)
        problems = []
        for term in ("dumb", "xyzzy"):
            window.type(f"clear; TERM={term} p25ctl top; echo status $?")
            problems += window.wait_for(f'^p25ctl: .*"{term}".*\n(.*\n)?status 2$')
        self.result("nor does it take one that won't do", problems)
        window.type("exit")

    # ---- the module ----

    def replaced(self, window):
        name = "the module is removed, and there again"
        done = subprocess.run(["modprobe", "-r", "p25"], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            self.lab.skip(name, done.stderr.strip())
            return
        problems = window.wait_for(r"^the p25 kernel module is not loaded")
        problems += window.wait_for(r"unloaded p25 kernel module$")
        self.lab.run("modprobe", "p25")
        problems += window.wait_for(r"^action drop ")
        self.lab.policy(POLICY)
        self.send(QUIET, 7)
        problems += window.wait_for(r"^198\.51\.100\.10 .* 7 ")
        self.result(name, problems)

    def run(self):
        window = self.counts()
        self.rates(window)
        self.sorting(window)
        self.help(window)
        self.interval(window)
        self.events(window)
        self.pause(window)
        self.resized(window, 40, 10, r"^SENDER +RATE/s ATTEMPTS DESTS$")
        self.resized(window, 200, 50, r"^SENDER .* ERROR .* ENTRY .*DESTINATION")
        self.tiny(window)
        self.replaced(window)
        self.ends("q gives the terminal back", lambda one: one.keys("q"), window)
        self.ends("so does Ctrl-C", lambda one: one.keys("C-c"))
        self.ends("and SIGTERM",
                  lambda one: os.killpg(one.process(), signal.SIGTERM))
        self.stopped()
        self.colours()
        self.refusals()


if not os.access("/usr/bin/tmux", os.X_OK):
    sys.exit("there is no tmux")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
test = Test()
try:
    test.run()
finally:
    test.tmux.close()
test.lab.finish()
