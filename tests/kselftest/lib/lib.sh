# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share; to be sourced. A test looks like this:
#
#	. "$(dirname "$0")/lib/lib.sh"
#	plan 2
#	topology
#	check "an entry can be added" router p25ctl pool add 198.51.100.0/24
#	check "and is there" has_entry 198.51.100.0/24
#	finish
#
# The module is loaded, p25ctl and what is made of C programs here are in PATH.
# A test leaves nothing behind: namespaces are this test's own and vanish when
# it ends, however it ends; what else it makes, it removes with on_exit.
#
# topology makes a router between a subscriber and a server:
#
#	subscriber                  router                   server
#	eth0 ──────────────────── sub    srv ─────────────────── eth0
#	198.51.100.2     198.51.100.1    203.0.113.1      203.0.113.2
#	2001:db8:100::2       fe80::1    fe80::1      2001:db8:203::2
#
# All of 198.51.100.0/24 and 2001:db8:100::/48 is behind the subscriber; all of
# 203.0.113.0/24, 192.0.2.0/24, 2001:db8:203::/48 and 2001:db8:25::/48 behind
# the server. Neighbours are known, so that no packet but a test's own is seen.

set -uo pipefail

lib_prefix=p25-$$
lib_number=0
lib_failed=0
lib_planned=0
lib_finished=
lib_cleanups=()

# ---- KTAP ----

# plan N: so many results will come
plan()
{
	lib_planned=$1
	echo "KTAP version 1"
	echo "1..$1"
}

# ok NAME
ok()
{
	lib_number=$((lib_number + 1))
	echo "ok $lib_number $*"
}

# not_ok NAME
not_ok()
{
	lib_number=$((lib_number + 1))
	lib_failed=$((lib_failed + 1))
	echo "not ok $lib_number $*"
}

# skip NAME REASON
skip()
{
	lib_number=$((lib_number + 1))
	echo "ok $lib_number $1 # SKIP $2"
}

# note TEXT: a diagnostic line
note()
{
	echo "# $*"
}

# check NAME COMMAND...: passes if COMMAND succeeds; shows its output if not
check()
{
	local name=$1 output status

	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status = 0 ]; then
		ok "$name"
		return
	fi
	note "status $status: $*"
	[ -z "$output" ] || note "${output//$'\n'/$'\n# '}"
	not_ok "$name"
}

# finish: the end of the test
finish()
{
	lib_finished=yes
	if [ $lib_number != "$lib_planned" ]; then
		note "planned $lib_planned results, got $lib_number"
		exit 1
	fi
	exit $((lib_failed > 0))
}

# ---- cleaning up ----

# on_exit COMMAND...: run COMMAND when the test ends, the last one first
on_exit()
{
	lib_cleanups+=("${*@Q}")
}

lib_cleanup()
{
	local status=$? i

	trap '' INT TERM HUP
	for ((i = ${#lib_cleanups[@]} - 1; i >= 0; i--)); do
		eval "${lib_cleanups[i]}" > /dev/null 2>&1
	done
	if [ -z "$lib_finished" ] && [ "$status" = 0 ]; then
		note "the test ended before its end"
		status=1
	fi
	exit "$status"
}

trap lib_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- namespaces ----

# netns NAME: the full name of this test's namespace NAME, as ip takes it
netns()
{
	echo "$lib_prefix-$1"
}

# netns_add NAME...: make namespaces of this test's own, with nothing up
netns_add()
{
	local name

	for name; do
		ip netns add "$(netns "$name")" || return
		on_exit netns_del "$name"
	done
}

# netns_del NAME: kill what runs there, and delete it
netns_del()
{
	local pids

	pids=$(ip netns pids "$(netns "$1")") || return
	# shellcheck disable=SC2086 # one word for each process
	[ -z "$pids" ] || kill -KILL $pids
	ip netns del "$(netns "$1")"
}

# inside NAME COMMAND...: run COMMAND in namespace NAME
inside()
{
	local name=$1

	shift
	ip netns exec "$(netns "$name")" "$@"
}

# router|subscriber|server COMMAND...: run COMMAND there
router() { inside router "$@"; }
subscriber() { inside subscriber "$@"; }
server() { inside server "$@"; }

# Starting a program takes long on an emulated machine: ip is called few times.

# lib_router_side N DEVICE IPV4-NET IPV6-NET: what the router has for a host
lib_router_side()
{
	cat <<-EOF
		link set $2 addrgenmode none up
		addr add fe80::1/64 dev $2 nodad
		addr add $3.1/32 dev $2
		neigh add fe80::2 lladdr 02:25:00:00:0$1:02 dev $2
		neigh add $3.2 lladdr 02:25:00:00:0$1:02 dev $2
		route add $3.0/24 via $3.2 dev $2 onlink
		route add $4::/48 via fe80::2 dev $2
	EOF
}

# lib_host HOST N DEVICE IPV4-NET IPV6-NET: the host, and its link
lib_host()
{
	ip -n "$(netns "$1")" -batch - <<-EOF
		link set lo up
		link add eth0 address 02:25:00:00:0$2:02 type veth \
			peer name $3 address 02:25:00:00:0$2:01 \
			netns $(netns router)
		link set eth0 addrgenmode none up
		addr add fe80::2/64 dev eth0 nodad
		addr add $4.2/24 dev eth0
		addr add $5::2/64 dev eth0 nodad
		neigh add fe80::1 lladdr 02:25:00:00:0$2:01 dev eth0
		neigh add $4.1 lladdr 02:25:00:00:0$2:01 dev eth0
		route add default via $4.1 dev eth0
		route add default via fe80::1 dev eth0
	EOF
}

lib_router()
{
	ip -n "$(netns router)" -batch - <<-EOF
		link set lo up
		$(lib_router_side 1 sub 198.51.100 2001:db8:100)
		$(lib_router_side 2 srv 203.0.113 2001:db8:203)
		route add 192.0.2.0/24 via 203.0.113.2 dev srv onlink
		route add 2001:db8:25::/48 via fe80::2 dev srv
	EOF
}

# What settings a namespace starts with is the machine's choice.
lib_forward()
{
	router sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.{all,default,sub,srv}.rp_filter=0 \
		net.ipv4.conf.{all,default,sub,srv}.accept_source_route=1
}

# topology: see the picture above
topology()
{
	netns_add router subscriber server &&
		lib_host subscriber 1 sub 198.51.100 2001:db8:100 &&
		lib_host server 2 srv 203.0.113 2001:db8:203 &&
		lib_router && lib_forward && return
	echo "Bail out! the topology can't be built"
	exit 1
}

# hold_topology: for a test in another language. Builds it, says what the names
# of its namespaces begin with, and keeps it until standard input ends.
hold_topology()
{
	lib_finished=yes
	topology
	echo "$lib_prefix"
	read -r
}

# Seconds after which what should have come by now is given up. Nothing is judged
# by it, it only ends a hang: "run" makes it longer on a slow machine.
patience=${TEST_PATIENCE:-120}

# wait_for COMMAND...: until COMMAND succeeds
wait_for()
{
	local until=$((SECONDS + patience))

	until "$@" > /dev/null 2>&1; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.1
	done
}

# has_read_all PID FIFO: process PID has done what there was to do in FIFO, and
# sleeps until there is more. In /proc/PID/syscall, the first argument of the call
# that it sleeps in follows on the call's number.
has_read_all()
{
	local fd

	read -r _ fd _ < "/proc/$1/syscall" && [ -n "$fd" ] &&
		[ "/proc/$1/fd/$((fd))" -ef "$2" ]
}
