#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25-session as pppd, accel-ppp, dnsmasq and others call it: with exactly their
# environment and arguments.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 59
. "$(dirname "$0")/lib/session.sh"

# The scripts that they call, as links to the one that is installed
hooks=$scratch/ppp
make_hooks()
{
	local name top

	top=$(realpath "$(dirname "$0")/../..")
	sed "s|^[^ ]*/p25-session |$(command -v p25-session) |" \
		"$top/build/tools/session-hook" > "$scratch/hook" &&
		chmod +x "$scratch/hook" || return
	for name in ip-pre-up ip-up ip-change ip-down ipv6-up ipv6-down dnsmasq; do
		mkdir -p "$hooks/$name.d" &&
			ln -s "$scratch/hook" "$hooks/$name.d/p25" || return
	done
}

# accel SCRIPT PEER [NAME=VALUE]...: as accel-ppp's pppd_compat does
accel()
{
	local script=$1 peer=$2

	shift 2
	in_box env -i CALLING_SID=00:00:5e:00:53:07 CALLED_SID=00:00:5e:00:53:01 "$@" \
		"$hooks/$script.d/p25" "${ifname:-ppp0}" none 0 192.0.2.1 "$peer" \
		00:00:5e:00:53:07
}

# pppd SCRIPT PEER [NAME=VALUE]...: as /etc/ppp/ip-up does for pppd, on Debian
pppd()
{
	local script=$1 peer=$2 remote=$2

	shift 2
	[[ $script != ipv6-* ]] || remote=fe80::7
	in_box env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin PPPD_PID="$pid" PPP_IFACE=ppp0 \
		PPP_REMOTE="$remote" PPP_LOCAL=192.0.2.1 PPP_IPPARAM= PPP_TTY=/dev/pts/0 \
		ORIG_UID=0 CONNECT_TIME=5 BYTES_SENT=0 BYTES_RCVD=0 "$@" \
		"$hooks/$script.d/p25" ppp0 /dev/pts/0 38400 192.0.2.1 "$remote" ''
}

radattr=/run/radattr.ppp0
on_exit rm -f "$radattr"

# attributes LINE...: what RADIUS has said of the session on ppp0
attributes()
{
	printf '%s\n' "$@" > "$radattr"
}

# ---- accel-ppp ----

v6=(IPV6_PREFIX=2001:db8:100:7:200:5eff:fe00:5307/64)
delegated=(IPV6_DELEGATED_PREFIX=2001:db8:107::/56)
alice=(PEERNAME=alice.nofilter)

accel_session()
{
	accel ip-pre-up 198.51.100.7 "${alice[@]}" "${v6[@]}" &&
		has "optout 198.51.100.7" "optout 2001:db8:100:7::/64" &&
		timeout_of 198.51.100.7 86000 86400
}

# Delegated prefixes come later.
accel_later()
{
	accel ip-up 198.51.100.7 "${alice[@]}" "${v6[@]}" "${delegated[@]}" &&
		has "optout 198.51.100.7" "optout 2001:db8:100:7::/64" \
			"optout 2001:db8:107::/56" &&
		accel ip-down 198.51.100.7 "${alice[@]}" "${v6[@]}" "${delegated[@]}" \
			CONNECT_TIME=60 BYTES_SENT=1 BYTES_RCVD=1 && has
}

accel_change()
{
	attributes "Filter-Id p25-optout"
	accel ip-pre-up 198.51.100.7 PEERNAME=bob && has "optout 198.51.100.7" || return
	attributes "Filter-Id p25-static"
	accel ip-change 198.51.100.7 PEERNAME=bob && has "static 198.51.100.7" || return
	attributes "Filter-Id other"
	accel ip-change 198.51.100.7 PEERNAME=bob && has || return
	attributes "Filter-Id p25-block" "Framed-Route 198.51.100.64/28 198.51.100.7 1"
	accel ip-change 198.51.100.7 PEERNAME=bob &&
		has "block 198.51.100.7" "block 198.51.100.64/28" || return
	attributes "Filter-Id p25-block"
	accel ip-change 198.51.100.7 PEERNAME=bob && has "block 198.51.100.7" &&
		accel ip-down 198.51.100.7 PEERNAME=bob && has
	attributes
}

# ip-up is killed, or comes when the interface has another peer.
accel_stale()
{
	accel ip-up 198.51.100.99 "${alice[@]}" && has
}

accel_next_holder()
{
	accel ip-pre-up 198.51.100.7 "${alice[@]}" && has "optout 198.51.100.7" &&
		ifname=ppp1 accel ip-pre-up 198.51.100.7 PEERNAME=mallory && has &&
		accel ip-down 198.51.100.7 "${alice[@]}" && has
}

# The end of the first is heard of when the second has the address.
accel_late_end()
{
	accel ip-pre-up 198.51.100.7 "${alice[@]}" &&
		ifname=ppp1 accel ip-pre-up 198.51.100.7 PEERNAME=bob.nofilter &&
		has "optout 198.51.100.7" && accel ip-down 198.51.100.7 "${alice[@]}" &&
		has "optout 198.51.100.7" &&
		ifname=ppp1 accel ip-down 198.51.100.7 PEERNAME=bob.nofilter && has
}

# ---- pppd ----

sleep 100000 &
pid=$!
on_exit kill $pid
sleep 100000 &
other_pid=$!
on_exit kill $other_pid

pppd_session()
{
	attributes "User-Name alice" "Filter-Id p25-optout" "Session-Timeout 3600" \
		"Framed-IP-Address 255.255.255.254" \
		"Framed-IPv6-Prefix 2001:db8:100:7::/64" \
		"Delegated-IPv6-Prefix 2001:db8:107::/56"
	pppd ip-pre-up 198.51.100.7 PEERNAME=alice &&
		has "optout 198.51.100.7" "optout 2001:db8:100:7::/64" \
			"optout 2001:db8:107::/56" &&
		timeout_of 198.51.100.7 3500 3600
}

pppd_up_again()
{
	pppd ip-up 198.51.100.7 PEERNAME=alice && pppd ipv6-up '' PEERNAME=alice &&
		has "optout 198.51.100.7" "optout 2001:db8:100:7::/64" \
			"optout 2001:db8:107::/56"
}

pppd_ipv6_down()
{
	pppd ipv6-down '' PEERNAME=alice && has "optout 198.51.100.7" &&
		pppd ip-down 198.51.100.7 PEERNAME=alice && has
}

pppd_filter_in_environment()
{
	attributes
	pppd ip-pre-up 198.51.100.7 PEERNAME=alice RADIUS_FILTER_ID=p25-optout &&
		has "optout 198.51.100.7" && pppd ip-down 198.51.100.7 PEERNAME=alice && has
}

ipv6_alone()
{
	attributes "Framed-IPv6-Prefix 2001:db8:100:7::/64"
	pppd ipv6-up '' "${alice[@]}" && has "optout 2001:db8:100:7::/64" &&
		pppd ipv6-down '' "${alice[@]}" && has
	attributes
}

# A pppd that has the interface's name again, before the end of the first is heard of
pppd_late_end()
{
	local first=$pid

	pppd ip-pre-up 198.51.100.7 "${alice[@]}" && has "optout 198.51.100.7" || return
	pid=$other_pid
	pppd ip-pre-up 198.51.100.8 PEERNAME=bob.nofilter &&
		has "optout 198.51.100.8" || return
	pid=$first
	pppd ip-down 198.51.100.7 "${alice[@]}" && has "optout 198.51.100.8" || return
	pid=$other_pid
	pppd ip-down 198.51.100.8 PEERNAME=bob.nofilter && has
	pid=$first
}

# ip-up isn't waited for: its pppd is gone, or another one has the interface.
pppd_late_up()
{
	local first=$pid

	pid=999999
	pppd ip-up 198.51.100.7 "${alice[@]}" && has || return
	pid=$first
	echo "$other_pid" > /run/ppp0.pid
	pppd ip-up 198.51.100.7 "${alice[@]}" && has || return
	echo "$pid" > /run/ppp0.pid
	pppd ip-up 198.51.100.7 "${alice[@]}" && has "optout 198.51.100.7" &&
		pppd ip-down 198.51.100.7 "${alice[@]}" && has
	rm -f /run/ppp0.pid
}

# ---- what a session can't have ----

refused()		# REASON LINE...: of the file of attributes
{
	attributes "Filter-Id p25-optout" "${@:2}"
	pppd ip-pre-up 198.51.100.7 PEERNAME=alice && has "optout 198.51.100.7" &&
		logged "$1" && pppd ip-down 198.51.100.7 && has
	attributes
}

user()			# NAME: opts out, or is refused
{
	pppd ip-pre-up 198.51.100.7 "PEERNAME=$1"
}

odd_users()
{
	local name

	for name in $'x\n.nofilter' $'a\nFilter-Id p25-optout\n' $'\e[2J.nofilter' .nofilter; do
		user "$name" && has || return
	done
	logged "a control character is in this user name"
}

long_user()
{
	user "$(printf '%0242d.nofilter' 0)" && has "optout 198.51.100.7" &&
		user "'; p25ctl flush --all; \"\$(reboot)\`.nofilter" &&
		has "optout 198.51.100.7" && pppd ip-down 198.51.100.7 && has
}

injected_line()
{
	attributes "User-Name alice" "Filter-Id p25-optout"
	user $'alice\nFilter-Id p25-optout' && has
	attributes
}

blocked_by_desk()
{
	p25 -o abuse block add 198.51.100.0/29 comment spam
	user alice.nofilter && has && logged "a wider prefix is blocked" || return
	p25 -o abuse block del 198.51.100.0/29
	# A pool within what is blocked is no way out of that.
	p25 -o abuse block add 198.51.0.0/16 comment spam
	user alice.nofilter && has || return
	p25 -o abuse block del 198.51.0.0/16
	p25 -o abuse block add 198.51.100.7 comment spam
	user alice.nofilter && has "optout 198.51.100.7" &&
		p25 check 198.51.100.7 | grep '^drop: block' || return
	p25 -o abuse block del 198.51.100.7
	pppd ip-down 198.51.100.7 && has
}

# What covers an address and has outlived its session goes, too.
covering()
{
	attributes "Framed-Route 198.51.100.64/28 198.51.100.7 1"
	user alice.nofilter && has "optout 198.51.100.7" "optout 198.51.100.64/28" || return
	attributes
	ifname=ppp1 accel ip-pre-up 198.51.100.70 PEERNAME=bob &&
		has "optout 198.51.100.7" && pppd ip-down 198.51.100.7 && has
}

with_settings()
{
	settings "kinds optout # no static" "widest 29 64" "timeout 2h" "suffix .open" \
		"within 198.51.100.0/28 2001:db8:100::/48"
	attributes "Framed-IPv6-Prefix 2001:db8:101:7::/64" \
		"Framed-Route 198.51.100.8/29 198.51.100.7 1"
	user alice.nofilter && has &&
		user alice.open && has "optout 198.51.100.7" "optout 198.51.100.8/29" &&
		timeout_of 198.51.100.7 7100 7200 && pppd ip-down 198.51.100.7 || return
	attributes "Filter-Id p25-static"
	user alice && has && logged 'sessions may not have "static" here' &&
		words begin call static 198.51.100.9 && has &&
		logged "sessions may not have this kind"
	attributes
}

broken_settings()
{
	settings "within 198.51.100.7/24"
	user alice.nofilter && has && logged "the settings have a mistake" &&
		logged "/etc/p25/session.conf:1:" || return
	pppd ip-down 198.51.100.7
	settings
}

# ---- nothing makes a login fail ----

succeeds_silently()
{
	local output

	output=$("$@" 2>&1) || return
	[ -z "$output" ] || { echo "prints: $output"; return 1; }
}

without_program()
{
	local status

	sed -i 's|/p25-session |/p25-session.gone |' "$scratch/hook"
	accel ip-pre-up 198.51.100.7 "${alice[@]}" 2> /dev/null
	status=$?
	sed -i 's|/p25-session.gone |/p25-session |' "$scratch/hook"
	return "$status"
}

without_right()
{
	in_box setpriv --bounding-set -net_admin --inh-caps -net_admin \
		env -i PEERNAME=alice.nofilter "$hooks/ip-pre-up.d/p25" ppp0 none 0 \
		192.0.2.1 198.51.100.7 x &&
		logged "can't delete: Operation not permitted" &&
		accel ip-down 198.51.100.7 "${alice[@]}" && has
}

is_locked() { ! flock -n "$1" true; }

stuck_lock()
{
	local holder status

	flock "$local_store/lock" sleep 100000 > /dev/null 2>&1 &
	holder=$!
	wait_for is_locked "$local_store/lock" &&
		accel ip-pre-up 198.51.100.9 PEERNAME=carol
	status=$?
	pkill -P "$holder"
	# A machine that is too slow to go on without it has given up.
	[ "$status" = 0 ] && logged "p25-session" &&
		grep -E 'is locked for too long|given up, after 10 s' "$scratch/log"
}

# ---- dnsmasq, and others ----

dnsmasq()		# ARG... [-- NAME=VALUE...]
{
	local args=()

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	in_box env -i "$@" "$hooks/dnsmasq.d/p25" "${args[@]}"
}

lease=(00:00:5e:00:53:09 198.51.100.9)
tags=(DNSMASQ_TAGS="known p25-optout lan0" DNSMASQ_TIME_REMAINING=600)

a_lease()
{
	dnsmasq add "${lease[@]}" host -- "${tags[@]}" && has "optout 198.51.100.9" &&
		timeout_of 198.51.100.9 500 600
}

renewed_lease()
{
	dnsmasq old "${lease[@]}" host -- "${tags[@]}" DNSMASQ_TIME_REMAINING=1200 &&
		has "optout 198.51.100.9" && timeout_of 198.51.100.9 1100 1200
}

# dnsmasq has been restarted: it has the lease in a file, without its tags.
found_lease()
{
	dnsmasq old "${lease[@]}" -- DNSMASQ_TIME_REMAINING=600 &&
		has "optout 198.51.100.9" && timeout_of 198.51.100.9 500 600
}

ended_lease()
{
	dnsmasq del "${lease[@]}" && has &&
		dnsmasq add "${lease[@]}" -- DNSMASQ_TAGS=known && has &&
		dnsmasq add 00:00:5e:00:53:0a 2001:db8:100::9 -- "${tags[@]}" &&
		has "optout 2001:db8:100::9" &&
		dnsmasq add 00:00:5e:00:53:0b 2001:db8:100::9 && has &&
		dnsmasq init && dnsmasq tftp 100 198.51.100.9 file && has
}

words() { in_box p25-session -d "$store" "$@"; }

by_words()
{
	words begin lease-1 optout timeout 8h 198.51.100.9 2001:db8:100:9::/64 &&
		has "optout 198.51.100.9" "optout 2001:db8:100:9::/64" &&
		[ "$(comment_of 198.51.100.9)" = "session lease-1" ] &&
		timeout_of 198.51.100.9 28700 28800
}

other_words()
{
	words begin lease-2 static 198.51.100.9 &&
		has "static 198.51.100.9" "optout 2001:db8:100:9::/64" &&
		words end lease-1 && has "static 198.51.100.9" &&
		words change lease-2 198.51.100.9 && has &&
		words end lease-2 && has
}

# ---- sync ----

sync_now() { in_box p25-session -d "$store" sync; }

lost_by_kernel()
{
	user alice.nofilter && words begin lease-1 optout timeout 8h 198.51.100.9 &&
		has "optout 198.51.100.7" "optout 198.51.100.9" &&
		p25 -o session flush && has && sync_now &&
		has "optout 198.51.100.7" "optout 198.51.100.9" &&
		timeout_of 198.51.100.9 28700 28800
}

strays()
{
	p25 -o session optout add 198.51.100.11 timeout 1h comment "of nobody"
	p25 -o session static add 198.51.100.7 timeout 1h comment "of nobody"
	p25 -o session pool add 198.51.100.0/25
	p25 -o admin optout add 198.51.100.12
	sync_now && has "optout 198.51.100.7" "optout 198.51.100.9" &&
		p25 optout list 198.51.100.12 | grep -q .
}

interface_gone()
{
	del_ppp ppp0 && sync_now && has "optout 198.51.100.9" && words end lease-1 && has &&
		add_ppp ppp0 198.51.100.7
}

process_gone()
{
	local first=$pid gone

	sleep 100000 > /dev/null 2>&1 &
	gone=$! pid=$!
	user alice.nofilter && has "optout 198.51.100.7" && sync_now &&
		has "optout 198.51.100.7" || return
	kill -KILL "$gone"
	wait "$gone" 2> /dev/null
	pid=$first
	sync_now && has
}

# A session without Session-Timeout lasts for as long as it is there.
renewed_by_sync()
{
	settings "timeout 1h"
	user alice.nofilter && timeout_of 198.51.100.7 3500 3600 || return
	settings "timeout 3h"
	sync_now && timeout_of 198.51.100.7 10700 10800 && pppd ip-down 198.51.100.7 && has
	settings
}

unreadable_store()
{
	p25 -o session optout add 198.51.100.11 timeout 1h comment "of nobody"
	mv "$store/sessions" "$store/away" && : > "$store/sessions" &&
		! sync_now && has "optout 198.51.100.11" || return
	rm "$store/sessions" && mv "$store/away" "$store/sessions" && sync_now && has
}

# ---- without the module ----

module_away()
{
	modprobe -r p25 && succeeds_silently user alice.nofilter &&
		logged "the kernel module p25 is not loaded" &&
		! sync_now || return
	modprobe p25 &&	p25 pool add 198.51.100.0/24 && has && sync_now &&
		has "optout 198.51.100.7" && pppd ip-down 198.51.100.7 && has
}

set_up
check "the scripts can be linked" make_hooks
check "accel-ppp: a session, an IPv6 prefix with an interface identifier" accel_session
check "a delegated prefix that comes later; the end" accel_later
check "ip-change: RADIUS has changed what the session gets" accel_change
check "ip-up of a session that is over" accel_stale
check "what a predecessor has left is gone before the next holder can send" \
	accel_next_holder
check "the end of a session that comes late" accel_late_end
check "pppd: Filter-Id, Session-Timeout and prefixes from the file of attributes" \
	pppd_session
check "ip-up and ipv6-up after that change nothing" pppd_up_again
check "ipv6-down, then ip-down" pppd_ipv6_down
check "Filter-Id in the environment" pppd_filter_in_environment
check "a session that has IPv6 alone" ipv6_alone
check "the end of a session that comes late, on one interface" pppd_late_end
check "the begin of a session that comes late" pppd_late_up
for line in "Framed-Route 0.0.0.0/0 198.51.100.7 1" \
	    "Framed-Route 198.51.0.0/16 198.51.100.7 1" \
	    "Framed-IPv6-Route ::/0 fe80::1 1" "Delegated-IPv6-Prefix 2001:db8::/32"; do
	check "the world, or much of it: $line" refused \
		"it is wider than sessions may have" "$line"
done
for line in "Framed-Route 203.0.113.0/28 198.51.100.7 1" \
	    "Framed-IPv6-Prefix 2001:db8:aaaa::/64" "Framed-Route 192.0.2.64/26 x 1"; do
	check "no subscriber's: $line" refused "it is in no pool" "$line"
done
for line in "Framed-Route 198.51.100.25/32 198.51.100.7 1" "Framed-Route 192.0.2.25/32 x"; do
	check "a relay's: $line" refused "it is a relay's" "$line"
done
for line in "Framed-Route 198.51.100.64 198.51.100.7 1" "Framed-Route x/24" \
	    "Framed-Route 198.51.100.64/33 x" "Framed-IPv6-Prefix ::ffff:198.51.100.9/128" \
	    "Framed-IPv6-Prefix fe80::%eth0/64" "Delegated-IPv6-Prefix 2001:db8:100::/"; do
	check "no prefix: $line" refused "is no prefix" "$line"
done
check "more prefixes than a session may have" refused "more than 16 prefixes" \
	"$(printf 'Framed-Route 203.0.113.%d/32 x 1\n' {1..20})"
check "user names with line breaks, escapes, or nothing but the suffix" odd_users
check "253 bytes, quotes, semicolons" long_user
check "a line that the user name has brought into the file" injected_line
check "what the abuse desk has blocked, stays so" blocked_by_desk
check "a wider prefix that a predecessor has left" covering
check "settings" with_settings
check "settings with a mistake: nothing is opened" broken_settings
check "without arguments" succeeds_silently in_box "$hooks/ip-pre-up.d/p25"
check "with odd ones" succeeds_silently in_box "$hooks/ip-pre-up.d/p25" ../../etc x
check "with an event that there isn't" eval \
	'! in_box p25-session ip-sideways ppp0 2> /dev/null'
check "the program is gone" without_program
check "the right is missing" without_right
check "the files are locked by one that hangs" stuck_lock
check "dnsmasq: a lease" a_lease
check "it is renewed" renewed_lease
check "dnsmasq finds it when it starts" found_lease
check "it ends; one without the tag; IPv6; other events" ended_lease
check "words: a session" by_words
check "another one, which takes its address" other_words
check "odd words" succeeds_silently words begin x static timeout never 198.51.100.9
check "a prefix with much behind it" succeeds_silently words begin x optout 198.51.100.9xx
check "sync: what the kernel has lost comes back" lost_by_kernel
check "what belongs to no session goes; other owners' stays" strays
check "an interface is gone" interface_gone
check "a pppd was killed" process_gone
check "a long session is renewed" renewed_by_sync
check "what can't be read deletes nothing" unreadable_store
check "without the module: the login works, the log says it; sync makes up for it" \
	module_away
check "nothing is left" has
finish
