# SPDX-License-Identifier: GPL-2.0
"""The plots, drawn by gnuplot: cost of a packet over N, time of a load over N."""

import subprocess

NAMES = {"empty": "empty hook", "ports": "hook that reads the ports",
         "floor": "and one cache line", "p25": "p25",
         "ipset": "iptables + ipset", "nft_hash": "nft, hash set",
         "nft_interval": "nft, interval set",
         "bpf_hash": "eBPF, hash maps", "bpf_lpm": "eBPF, LPM trie"}
COLOURS = {"empty": "#bbbbbb", "ports": "#888888", "floor": "#444444",
           "p25": "#d00000", "ipset": "#0060c0", "nft_hash": "#008040",
           "nft_interval": "#9040a0",
           "bpf_hash": "#c08000", "bpf_lpm": "#00a0a0"}

SETTINGS = """\
set terminal svg size 800,500 dynamic enhanced font "sans-serif,14" background "#ffffff"
set output "{output}"
set title "{title}"
set xlabel "exempt addresses"
set ylabel "{ylabel}"
set logscale xy
set format x "10^{{%L}}"
set format y "%g"
set grid xtics ytics lc rgb "#dddddd"
set key outside right top vertical Left reverse samplen 2
set style data linespoints
"""


def _draw(output, title, ylabel, curves):
    """curves: for each contender, points (n, value)."""
    script = SETTINGS.format(output=output, title=title, ylabel=ylabel)
    plots = []
    for contender, points in curves.items():
        block = f"$data_{contender}"
        script += f"{block} << END\n"
        script += "".join(f"{n} {value}\n" for n, value in points)
        script += "END\n"
        width = 3 if contender == "p25" else 2
        plots.append(f'{block} title "{NAMES[contender]}" lw {width} pt 7 ps 0.6'
                     f' lc rgb "{COLOURS[contender]}"')
    subprocess.run(["gnuplot"], input=script + "plot " + ", ".join(plots) + "\n",
                   text=True, check=True)


def _curves(figures, work, **about):
    curves = {}
    for contender in NAMES:
        points = sorted((row["n"], row["value"]) for row in
                        figures.all(work, contender, **about) if row["n"])
        if points:
            curves[contender] = points
    return curves


def draw(figures, directory):
    """A run in which nothing was measured for two N has nothing to plot."""
    hot = figures.values("hot", work="mail_exempt", contender="p25")
    curves = _curves(figures, "mail_exempt", family="ipv4", lengths=1,
                     hot=hot[-1] if hot else None)
    if len(curves.get("p25", [])) > 1:
        _draw(f"{directory}/packet.svg", "Mail from an exempt address",
              "nanoseconds a packet", curves)
    for machine in figures.values("machine", work="load"):
        curves = _curves(figures, "load", machine=machine)
        if machine != "qemu" and len(curves.get("p25", [])) > 1:
            _draw(f"{directory}/load.svg", "Loading a policy from a file",
                  "seconds", curves)
