# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of p25-session share; to be sourced after lib.sh.
#
# Everything is in a namespace "box" that has the interface ppp0, as a session on this
# machine has.

netns_add box || exit
box=$(netns box)
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
# shellcheck disable=SC2034 # others use them
store=$scratch/store
# Where those are that end on this machine; the namespace's number tells them apart.
local_store=/run/p25-session/$(stat -Lc %i "/run/netns/$box")
on_exit rm -rf "$local_store"

# shellcheck source=tests/kselftest/lib/log.sh
. "$(dirname "${BASH_SOURCE[0]}")/log.sh"

# in_box COMMAND...: starts less than "ip netns exec" does
in_box()
{
	nsenter --net="/run/netns/$box" "$@"
}

p25() { in_box p25ctl "$@"; }

# add_ppp NAME PEER: an interface to a peer, as pppd makes one
add_ppp()
{
	ip -n "$box" -batch - <<-END
		tuntap add dev $1 mode tun
		addr add 192.0.2.1 peer $2/32 dev $1
		link set $1 up
	END
}

del_ppp() { ip -n "$box" link del "$1"; }

# has LINE...: the owner's entries are exactly these, each "KIND PREFIX"
has()
{
	local got want

	got=$(p25 -o session list | cut -d ' ' -f 1,2 | sort)
	want=$([ $# = 0 ] || printf '%s\n' "$@" | sort)
	[ "$got" = "$want" ] && return
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$got"
	tail -n 5 "$scratch/log"
	return 1
}

# timeout_of PREFIX LEAST MOST: an entry expires after that many seconds
timeout_of()
{
	local left

	left=$(p25 -j -o session list "$1" | jq '.[0].timeout')
	[ "$left" -ge "$2" ] && [ "$left" -le "$3" ] && return
	echo "$1: timeout $left"
	return 1
}

comment_of() { p25 -j -o session list "$1" | jq -r '.[0].comment'; }

# set_up: with pools, relays, and nothing of a session
set_up()
{
	{ [ -e /dev/net/tun ] || modprobe tun; } &&
		wait_for test -e /dev/net/tun && start_log &&
		ip -n "$box" link set lo up && add_ppp ppp0 198.51.100.7 &&
		p25 pool add 198.51.100.0/24 2001:db8:100::/40 &&
		p25 relay add 192.0.2.25 198.51.100.25 && return
	echo "Bail out! it can't be set up"
	exit 1
}

# settings LINE...: what /etc/p25/session.conf says; none: there is no such file
settings()
{
	rm -f /etc/p25/session.conf
	[ $# = 0 ] || { mkdir -p /etc/p25 &&
		printf '%s\n' "$@" > /etc/p25/session.conf; }
}
on_exit rm -f /etc/p25/session.conf
