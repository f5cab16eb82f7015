#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# NASes that are not this machine: radclient plays them, FreeRADIUS hands over what they
# say, by the files that p25 ships, as they are.

# shellcheck disable=SC2016,SC2317 # an id has a '$' in it; "check" calls functions

here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/kselftest/lib/lib.sh
. "$here/../kselftest/lib/lib.sh"
plan 18
# shellcheck source=tests/session/lib.sh
. "$here/lib.sh"

# radius PORT KIND ATTRIBUTE...: a request from this NAS, and its answer
radius()
{
	local port=$1 kind=$2

	shift 2
	printf '%s\n' "$@" | router radclient -x -t 30 -r 2 \
		"${nas:-127.0.0.1}:$port" "$kind" testing123 > "$scratch/answer" 2>&1 &&
		return
	cat "$scratch/answer"
	tail -n 20 "$scratch/radius.log"
	return 1
}

# accounting STATUS ID [ATTRIBUTE]...
accounting()
{
	radius 1813 acct "Acct-Status-Type = $1" "Acct-Session-Id = \"$2\"" \
		"NAS-IP-Address = 192.0.2.99" "${@:3}"
}

answer_has()
{
	grep -F -- "$1" "$scratch/answer" && return
	cat "$scratch/answer"
	return 1
}

let_in()
{
	radius 1812 auth 'User-Name = "alice.nofilter"' 'User-Password = "secret"' &&
		answer_has 'Filter-Id = "p25-optout"' &&
		answer_has 'Class = 0x7032352d6f70746f7574' &&
		radius 1812 auth 'User-Name = "alice"' 'User-Password = "secret"' &&
		! answer_has p25 > /dev/null &&
		radius 1812 auth 'User-Name = "dave"' 'User-Password = "secret"' &&
		answer_has 'Class = 0x7032352d737461746963' &&
		! radius 1812 auth 'User-Name = "alice.nofilter"' \
			'User-Password = "wrong"' > /dev/null
}

address='Framed-IP-Address = 198.51.100.7'
alice='User-Name = "alice.nofilter"'

whole_session()
{
	accounting Start 0815 "$alice" "$address" \
		'Framed-Route = "198.51.100.64/28 198.51.100.7 1"' \
		'Framed-Route += "198.51.100.96/29 198.51.100.7 1"' \
		'Framed-IPv6-Prefix = 2001:db8:100:7::/64' &&
		has "optout 198.51.100.7" "optout 198.51.100.64/28" \
			"optout 198.51.100.96/29" "optout 2001:db8:100:7::/64" &&
		timeout_of 198.51.100.7 86000 86400 &&
		router p25ctl check 198.51.100.7 | grep '^accept: optout'
}

renewal()
{
	accounting Interim-Update 0815 "$alice" "$address" 'Acct-Session-Time = 60' \
		'Delegated-IPv6-Prefix = 2001:db8:107::/56' 'Session-Timeout = 3600' &&
		has "optout 198.51.100.7" "optout 198.51.100.64/28" \
			"optout 198.51.100.96/29" "optout 2001:db8:100:7::/64" \
			"optout 2001:db8:107::/56" && wait_for timeout_of 198.51.100.7 3000 3540
}

end_of_all()
{
	accounting Stop 0815 "$alice" "$address" && has &&
		router p25ctl check 198.51.100.7 | grep '^drop: pool'
}

by_class()
{
	accounting Start 0816 'User-Name = "bob"' "$address" \
		'Class = 0x7032352d737461746963' && has "static 198.51.100.7" &&
		accounting Stop 0816 && has
}

unmarked()
{
	accounting Start 0817 "$alice" "$address" && has "optout 198.51.100.7" &&
		accounting Start 0818 'User-Name = "bob"' "$address" && has &&
		accounting Stop 0817 "$alice" "$address" &&
		accounting Stop 0818 'User-Name = "bob"' "$address" && has
}

# A NAS is known by where it speaks from, not by what it says of itself.
restarted_nas()
{
	accounting Start 0819 "$alice" "$address" && has "optout 198.51.100.7" || return
	nas='[::1]'
	accounting Start 0819 "$alice" "Framed-IP-Address = 198.51.100.8" &&
		has "optout 198.51.100.7" "optout 198.51.100.8" &&
		accounting Accounting-On x && has "optout 198.51.100.7" || return
	nas=
	accounting Accounting-Off x && has
}

# nothing_came: when everything said so far has been heard, there is still no entry
nothing_came()
{
	local probe=$EPOCHREALTIME

	accounting Start "$probe" "$alice" "Framed-IP-Address = 198.51.100.200" &&
		has "optout 198.51.100.200" && accounting Stop "$probe" && has
}

odd_id='\"; p25ctl flush --all; $(reboot) `x`'
hostile()
{
	accounting Start 0820 'User-Name = "a\nFILTER_ID=\"p25-optout\"\n.nofilter"' "$address" &&
		nothing_came && logged "a control character" &&
		accounting Start "$odd_id" \
			"User-Name = \"$(printf '%0242d' 0).nofilter\"" "$address" &&
		has "optout 198.51.100.7" &&
		accounting Stop "$odd_id" && has
}

wide()
{
	accounting Start 0821 "$alice" 'Framed-IP-Address = 192.0.2.25' \
		'Framed-Route = "0.0.0.0/0 0.0.0.0 1"' \
		'Framed-Route += "198.51.0.0/16 0.0.0.0 1"' \
		'Delegated-IPv6-Prefix = 2001:db8::/32' && nothing_came &&
		logged "it is a relay's" && logged "it is wider than sessions may have" &&
		accounting Stop 0821 && has
}

# Its user may write to the socket, and can do nothing else to p25.
no_rights()
{
	! setpriv --reuid freerad --regid freerad --clear-groups --inh-caps -all \
		--bounding-set -all nsenter --net="/run/netns/$(netns router)" true 2> /dev/null &&
		[ "$(stat -c %A:%G /run/p25-session.sock)" = srw-rw----:freerad ]
}

wrong_secret()
{
	! printf '%s\n' "Acct-Status-Type = Start" "Acct-Session-Id = x" "$alice" "$address" |
		router radclient -t 1 -r 1 127.0.0.1:1813 acct wrong &&
		nothing_came
}

# FreeRADIUS goes on, whatever is the matter with us.
service_away()
{
	kill "$(< "$scratch/service")" && accounting Start 0822 "$alice" "$address" &&
		logged "radius: /run/p25-session.sock" && rm /run/p25-session.sock &&
		start_service && nothing_came
}

module_away()
{
	rmmod p25 && accounting Start 0823 "$alice" "$address" &&
		logged "the kernel module p25 is not loaded" && modprobe p25 && add_policy &&
		accounting Interim-Update 0823 "$alice" "$address" 'Acct-Session-Time = 9' &&
		has "optout 198.51.100.7" && accounting Stop 0823 && has
}

# FreeRADIUS starts a program for each, and waits for none.
many()
{
	local i

	for ((i = 0; i < 40; i++)); do
		printf '%s\n' "Acct-Status-Type = Start" "Acct-Session-Id = m$i" "$alice" \
			"Framed-IP-Address = 198.51.100.$((i + 1))" ""
	done | router radclient -q -p 10 -t 60 127.0.0.1:1813 acct testing123 || return
	mapfile -t wanted < <(seq -f 'optout 198.51.100.%.0f' 40)
	has "${wanted[@]}" || return
	accounting Accounting-On x && has
}

add_policy()
{
	router p25ctl pool add 198.51.100.0/24 2001:db8:100::/40 &&
		router p25ctl relay add 192.0.2.25
}

set_up()
{
	fix_packages && enable_modules && use_examples && write_users && add_policy
}

# Not in a "check", from which nothing would be left for the end.
topology
start_log || exit
check "everything is there" set_up
check "the service has its socket" start_service
check "FreeRADIUS starts, as Debian has it and with our files" start_radius
check "access: the mark is put into Class; the password is that without the suffix" let_in
check "accounting: a session, with several routes" whole_session
check "Interim-Update: a prefix that comes later, Session-Timeout" renewal
check "Stop" end_of_all
check "the mark is in Class alone" by_class
check "the next session doesn't opt out, and the end of the first comes later" unmarked
check "Accounting-On and -Off, and another NAS" restarted_nas
check "hostile user names and ids" hostile
check "the world, a relay" wide
check "what FreeRADIUS may do" no_rights
check "who hasn't the secret" wrong_secret
check "the service is away" service_away
check "the module is away" module_away
check "40 at once" many
check "nothing is left" has
finish
