#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Calls by PPPoE: pppd on both sides, PAP, FreeRADIUS, and p25-session's hooks. Needs a
# kernel with PPP, see "run".

# shellcheck disable=SC2317 # "check" calls functions

here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/kselftest/lib/lib.sh
. "$here/../kselftest/lib/lib.sh"
plan 20
# shellcheck source=tests/session/lib.sh
. "$here/lib.sh"

# ---- calls ----

start_pppoe()
{
	router pppoe-server -F -k -I sub -N 8 -L 192.0.2.1 \
		-O /etc/ppp/pppoe-server-options -q "$(command -v pppd)" \
		> "$scratch/pppoe.log" 2>&1 &
	on_exit kill $!
}

# call USER [UNIT]: log in; the interface is pppUNIT at the subscriber's end
call()
{
	local unit=${2:-100}

	subscriber pppd plugin pppoe.so eth0 user "$1" noauth noipdefault \
		defaultroute replacedefaultroute +ipv6 unit "$unit" nodetach maxfail 1 lcp-echo-interval 10 \
		lcp-echo-failure 3 > "$scratch/call$unit" 2>&1 &
	wait_for is_up "$unit" && return
	echo "$1 can't call:"
	cat "$scratch/call$unit"
	tail -n 30 "$scratch/log"
	tail -n 30 "$scratch/radius.log"
	return 1
}

is_up()
{
	subscriber ip -4 -o addr show dev "ppp$1" | grep -q peer
}

# caller UNIT: the subscriber's pppd
caller() { pgrep -f "pppd plugin pppoe.so eth0 .* unit $1 "; }

is_gone() { ! kill -0 "$1" 2> /dev/null; }

no_caller() { ! caller "$1" > /dev/null; }

# hang_up [UNIT]: as the subscriber does it
hang_up()
{
	kill -TERM "$(caller "${1:-100}")" && wait_for no_caller "${1:-100}"
}

# The first caller's machine is off; if he has heard of the end already, he is gone.
fall_silent()
{
	pkill -KILL -f 'pppd plugin pppoe.so eth0 .* unit 100 '
	wait_for no_caller 100
}

# The router's, which ends a little later
server_pppd() { pgrep -f 'pppd .*pppoe-server-options'; }
no_server_pppd() { ! server_pppd; }

# mail passes|blocked [UNIT]: a connection to port 25, from the address of the call
mail()
{
	local address

	address=$(subscriber ip -4 -o addr show dev "ppp${2:-100}" |
		  awk '{ print $4 }')
	if subscriber nc -z -w "${3:-30}" -s "${address%/*}" 203.0.113.2 25; then
		[ "$1" = passes ] || { echo "mail passes"; return 1; }
	else
		[ "$1" = blocked ] || { echo "mail is blocked"; return 1; }
	fi
}

blocked_mail() { mail blocked "${1:-100}" 3; }

# ---- what is tried ----

opted_out_call()
{
	call alice.nofilter && has "optout 198.51.100.7" && mail passes &&
		timeout_of 198.51.100.7 86000 86400
}

ended_call()
{
	hang_up && has && wait_for no_server_pppd
}

next_holder()
{
	call bob && has && blocked_mail && hang_up
}

filter_id()
{
	call carol && has "optout 198.51.100.8" "optout 198.51.100.64/28" \
		"optout 2001:db8:100:8::/64" "optout 2001:db8:108::/56" &&
		timeout_of 198.51.100.8 3000 3600 && timeout_of 2001:db8:108::/56 3000 3600 &&
		mail passes
}

judged_over_ipv6()
{
	router p25ctl check 2001:db8:108:7::25 | grep '^accept: optout' &&
		router p25ctl check 2001:db8:109:7::25 | grep '^drop: pool'
}

static_call()
{
	call dave && has "static 198.51.100.9" && mail passes && hang_up && has
}

# pppd is killed, and says nothing to anybody. Its interface goes with it.
killed()
{
	call alice.nofilter && has "optout 198.51.100.7" || return
	pkill -KILL -f 'pppd .*pppoe-server-options'
	wait_for no_server_pppd
	fall_silent && is_so_now "optout 198.51.100.7"
}

is_so_now()
{
	want=$([ $# = 0 ] || printf '%s\n' "$@" | sort)
	is_so || { echo "got: $got"; return 1; }
}

# Whoever gets the address next was never let through.
holder_after_kill()
{
	call bob && has && blocked_mail && hang_up
}

sync_after_kill()
{
	killed && router p25-session sync && is_so_now
}

# Both have the address: the first call's end is heard of when the second is up.
replaced()
{
	call alice.nofilter 100 && has "optout 198.51.100.7" || return
	first=$(server_pppd)
	kill -STOP "$first"
	call alice.nofilter 101 && has "optout 198.51.100.7" || return
	kill -CONT "$first"
	kill -TERM "$first"
	fall_silent
	wait_for is_gone "$first"
	has "optout 198.51.100.7" && mail passes 101 && hang_up 101 && has
}

replaced_by_another()
{
	call alice.nofilter 100 && has "optout 198.51.100.7" || return
	first=$(server_pppd)
	kill -STOP "$first"
	call bob 101 && has && blocked_mail 101 || return
	kill -CONT "$first"
	kill -TERM "$first"
	fall_silent
	wait_for is_gone "$first"
	has && hang_up 101 && has
}

# What was saved comes back; the sessions don't.
reboot()
{
	call carol && has "optout 198.51.100.8" "optout 198.51.100.64/28" \
		"optout 2001:db8:100:8::/64" "optout 2001:db8:108::/56" &&
		router p25ctl save > "$scratch/policy" || return
	pkill -KILL -f 'pppd .*pppoe-server-options'
	wait_for no_server_pppd
	fall_silent
	rm -rf /run/p25-session
	rmmod p25 && modprobe p25 && router p25ctl apply --all "$scratch/policy" || return
	is_so_now "optout 198.51.100.8" "optout 198.51.100.64/28" \
		"optout 2001:db8:100:8::/64" "optout 2001:db8:108::/56" &&
		router p25-session sync && is_so_now
}

# The module is replaced in mid-call.
module_replaced()
{
	call alice.nofilter && has "optout 198.51.100.7" &&
		router p25ctl -o admin save > "$scratch/policy" || return
	rmmod p25 && modprobe p25 && router p25ctl apply --all "$scratch/policy" &&
		is_so_now && router p25-session sync && is_so_now "optout 198.51.100.7" &&
		hang_up && has
}

module_away()
{
	router p25ctl save > "$scratch/policy" && rmmod p25 &&
		call alice.nofilter && logged "the kernel module p25 is not loaded" &&
		hang_up && modprobe p25 && router p25ctl apply --all "$scratch/policy" && has
}

# FreeRADIUS is the one to decide who may be let out.
wrong_password()
{
	sed -i 's/^"bob" .*/"mallory.nofilter" * secret */' \
		"/etc/netns/$(netns subscriber)/ppp/pap-secrets"
	! patience=10 call mallory.nofilter > /dev/null && has
}

set_up()
{
	fix_packages && enable_modules && use_examples && write_users && configure_pppd &&
		modprobe -a ppp_generic pppoe &&
		router ip addr add 192.0.2.1/32 dev lo &&
		router p25ctl pool add 198.51.100.0/24 2001:db8:100::/40
}

# Not in a "check", from which nothing would be left for the end.
topology
start_log || exit
check "everything is there" set_up
server python3 -c 'if True:
	import socket
	sock = socket.create_server(("203.0.113.2", 25), backlog=64)
	while True:
		sock.accept()[0].close()
' > /dev/null 2>&1 &
on_exit kill $!
check "FreeRADIUS starts, as Debian has it and with our files" start_radius
check "the hooks are linked" make_links
start_pppoe
check "alice.nofilter calls: mail passes" opted_out_call
check "she hangs up" ended_call
check "the next holder of the address is blocked" next_holder
check "Filter-Id: address, route, IPv6 prefix, delegated prefix, Session-Timeout" filter_id
check "over IPv6 too" judged_over_ipv6
check "the end" ended_call
check "another kind" static_call
check "pppd is killed: the entry is still there" killed
check "the next holder of that address is blocked, from the begin" holder_after_kill
check "sync finds that out by itself" sync_after_kill
check "a session is replaced before its end is heard of: by one that opts out" replaced
check "by one that does not" replaced_by_another
check "the router is rebooted in mid-call, and its policy restored" reboot
check "nothing is left" has
check "the module is replaced in mid-call" module_replaced
check "the module is away: the login works, and the log says it" module_away
check "who can't log in is not let out" wrong_password
finish
