#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25-session's socket: what FreeRADIUS says about the sessions of NASes, in any order; who
# may say it; and 200 of them a second. RATE and SECONDS in the environment are others.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 27
. "$(dirname "$0")/lib/session.sh"

socket=$scratch/socket
nas=192.0.2.1

serve()
{
	(exec nsenter --net="/run/netns/$box" p25-session -s "$socket" -d "$store" serve) \
		> "$scratch/serve" 2>&1 &
	echo $! > "$scratch/pid"
	wait_for test -S "$socket"
}

is_away() { ! kill -0 "$1" 2> /dev/null; }

end_serve()
{
	local pid

	pid=$(< "$scratch/pid")
	kill "$pid" && wait_for is_away "$pid" && rm -f "$socket"
}
on_exit end_serve

# radius STATUS ID [NAME=VALUE]...: as FreeRADIUS' module exec does
radius()
{
	local status=$1 id=$2

	shift 2
	env -i ACCT_STATUS_TYPE="$status" ACCT_SESSION_ID="\"$id\"" "$@" \
		"$(command -v p25-session)" -s "$socket" radius "$nas"
}

is_so()
{
	has "$@" > "$scratch/has"
}

# becomes LINE...: the entries are these, before long: the socket is not waited for
becomes()
{
	wait_for is_so "$@" && return
	cat "$scratch/has"
	return 1
}

# stays LINE...: they still are, when everything said so far has been heard
stays()
{
	local probe=$EPOCHREALTIME

	radius Start "$probe" USER_NAME='"x.nofilter"' FRAMED_IP_ADDRESS=198.51.100.200 &&
		becomes "$@" "optout 198.51.100.200" &&
		radius Stop "$probe" FRAMED_IP_ADDRESS=198.51.100.200 &&
		becomes "$@"
}

address=FRAMED_IP_ADDRESS=198.51.100.7
alice='USER_NAME="alice.nofilter"'
bob='USER_NAME="bob"'
marked='CLASS=0x7032352d6f70746f7574'

whole_session()
{
	radius Start a "$alice" "$address" FRAMED_IPV6_PREFIX=2001:db8:100:7::/64 \
		'FRAMED_ROUTE="198.51.100.64/28 198.51.100.7 1"' &&
		becomes "optout 198.51.100.7" "optout 198.51.100.64/28" \
			"optout 2001:db8:100:7::/64" &&
		is_of a
}

is_of()
{
	local comment

	comment=$(comment_of 198.51.100.7)
	[ "$comment" = "192.0.2.1 $1" ] || { echo "it is of $comment"; return 1; }
}

later_prefix()
{
	radius Interim-Update a "$alice" "$address" ACCT_SESSION_TIME=60 \
		DELEGATED_IPV6_PREFIX=2001:db8:107::/56 &&
		becomes "optout 198.51.100.7" "optout 198.51.100.64/28" \
			"optout 2001:db8:100:7::/64" "optout 2001:db8:107::/56"
}

end_of_all()
{
	radius Stop a "$alice" "$address" && becomes
}

by_class()
{
	radius Start b "$bob" "$address" "$marked" && becomes "optout 198.51.100.7" &&
		radius Stop b && becomes
}

# Some NASes don't repeat the mark, and the user's address comes later.
unmarked_interim()
{
	radius Start c "$alice" && stays &&
		radius Interim-Update c "$address" ACCT_SESSION_TIME=3 &&
		becomes "optout 198.51.100.7" && radius Stop c && becomes
}

has_timeout() { timeout_of "$@" > /dev/null; }

renewal()
{
	radius Start d "$alice" "$address" SESSION_TIMEOUT=600 &&
		becomes "optout 198.51.100.7" && timeout_of 198.51.100.7 500 600 &&
		radius Interim-Update d "$address" ACCT_SESSION_TIME=500 \
			SESSION_TIMEOUT=600 &&
		wait_for has_timeout 198.51.100.7 1 100 &&
		radius Stop d && becomes &&
		radius Start e "$alice" "$address" && becomes "optout 198.51.100.7" &&
		p25 -o session optout add 198.51.100.7 timeout 1m comment "192.0.2.1 e" &&
		radius Interim-Update e "$address" ACCT_SESSION_TIME=500 &&
		wait_for has_timeout 198.51.100.7 86000 86400 &&
		radius Stop e && becomes
}

end_after_begin()
{
	radius Start f "$alice" "$address" && becomes "optout 198.51.100.7" &&
		radius Start g "$marked" "$address" && radius Stop f "$alice" "$address" &&
		stays "optout 198.51.100.7" &&
		is_of g &&
		radius Stop g && becomes
}

begin_of_unmarked()
{
	radius Start h "$alice" "$address" && becomes "optout 198.51.100.7" &&
		radius Start i "$bob" "$address" && becomes &&
		radius Interim-Update h "$alice" "$address" ACCT_SESSION_TIME=5000 &&
		stays && radius Stop h "$alice" "$address" && stays &&
		radius Stop i "$bob" "$address" && stays
}

# The NAS has waited with the begin, or it was lost and sent again.
begin_after_end()
{
	radius Start j "$bob" "$address" &&
		radius Start k "$alice" "$address" ACCT_DELAY_TIME=90 && stays &&
		radius Stop j "$bob" "$address" || return
	radius Start l "$alice" "$address" && becomes "optout 198.51.100.7" &&
		radius Stop l "$alice" "$address" && becomes &&
		radius Start l "$alice" "$address" && stays
}

# Sent again as if it were new: there is no Acct-Delay-Time.
begin_repeated()
{
	local address=FRAMED_IP_ADDRESS=198.51.100.31

	radius Start r1 "$alice" "$address" && becomes "optout 198.51.100.31" &&
		radius Start r2 "$bob" "$address" && becomes &&
		radius Start r1 "$alice" "$address" && stays &&
		radius Interim-Update r1 "$alice" "$address" && stays &&
		radius Stop r1 "$address" && radius Stop r2 "$address" &&
		radius Start r3 "$bob" "$address" &&
		radius Start r1 "$alice" "$address" && stays &&
		radius Stop r3 "$address"
}

begin_lost()
{
	radius Start m "$alice" FRAMED_IP_ADDRESS=198.51.100.8 &&
		becomes "optout 198.51.100.8" &&
		radius Interim-Update n "$bob" FRAMED_IP_ADDRESS=198.51.100.8 \
			ACCT_SESSION_TIME=0 && becomes
}

same_again()
{
	radius Start o "$alice" FRAMED_IP_ADDRESS=198.51.100.9 &&
		radius Start o "$alice" FRAMED_IP_ADDRESS=198.51.100.9 &&
		becomes "optout 198.51.100.9" &&
		radius Stop o && radius Stop o && becomes
}

# Ids of Debian 12's pppd
broken_ids()
{
	local id='%lX6b0815b8%hX'

	radius Start "$id" "$alice" FRAMED_IP_ADDRESS=198.51.100.10 NAS_PORT=1 &&
		radius Start "$id" "$alice" FRAMED_IP_ADDRESS=198.51.100.11 NAS_PORT=2 &&
		becomes "optout 198.51.100.10" "optout 198.51.100.11" &&
		radius Stop "$id" FRAMED_IP_ADDRESS=198.51.100.10 NAS_PORT=1 &&
		becomes "optout 198.51.100.11" &&
		radius Stop "$id" FRAMED_IP_ADDRESS=198.51.100.11 NAS_PORT=2 && becomes &&
		radius Start "$id" "$alice" FRAMED_IP_ADDRESS=198.51.100.11 NAS_PORT=2 &&
		becomes "optout 198.51.100.11" &&
		radius Stop "$id" FRAMED_IP_ADDRESS=198.51.100.11 NAS_PORT=2 && becomes
}

reset()
{
	radius Start p "$alice" FRAMED_IP_ADDRESS=198.51.100.12 &&
		radius Start q "$alice" FRAMED_IP_ADDRESS=198.51.100.13 || return
	nas=192.0.2.10
	radius Start q "$alice" FRAMED_IP_ADDRESS=198.51.100.14 &&
		becomes "optout 198.51.100.12" "optout 198.51.100.13" \
			"optout 198.51.100.14" || return
	nas=192.0.2.1
	radius Accounting-On x && becomes "optout 198.51.100.14" &&
		radius Start p "$alice" FRAMED_IP_ADDRESS=198.51.100.12 &&
		becomes "optout 198.51.100.12" "optout 198.51.100.14" &&
		radius Accounting-Off x && becomes "optout 198.51.100.14" || return
	nas=192.0.2.10
	radius Accounting-Off x && becomes
	nas=192.0.2.1
}

other_nas()
{
	radius Start r "$alice" FRAMED_IP_ADDRESS=198.51.100.15 &&
		becomes "optout 198.51.100.15" || return
	nas=192.0.2.10
	radius Stop r FRAMED_IP_ADDRESS=198.51.100.15 && stays "optout 198.51.100.15"
	nas=192.0.2.1
	radius Stop r && becomes
}

restarted()
{
	radius Start s "$alice" FRAMED_IP_ADDRESS=198.51.100.16 DELEGATED_IPV6_PREFIX=2001:db8:116::/56 &&
		becomes "optout 198.51.100.16" "optout 2001:db8:116::/56" &&
		end_serve && serve &&
		radius Stop s FRAMED_IP_ADDRESS=198.51.100.16 && becomes
}

# What the router had forgotten comes back, but for what has ended since.
rebooted()
{
	radius Start t "$alice" FRAMED_IP_ADDRESS=198.51.100.17 &&
		radius Start u "$alice" FRAMED_IP_ADDRESS=198.51.100.18 SESSION_TIMEOUT=600 &&
		becomes "optout 198.51.100.17" "optout 198.51.100.18" && end_serve &&
		sed -i "s/^until .*/until 1/" "$store/sessions/192.0.2.1,u" &&
		p25 -o session flush && rm -rf /run/p25-session &&
		in_box p25-session -d "$store" sync && becomes "optout 198.51.100.17" &&
		serve && radius Stop t && becomes
}

module_replaced()
{
	modprobe -r p25 && radius Start v "$alice" FRAMED_IP_ADDRESS=198.51.100.19 &&
		logged "the kernel module p25 is not loaded" && modprobe p25 &&
		p25 pool add 198.51.100.0/24 2001:db8:100::/40 &&
		p25 relay add 192.0.2.25 198.51.100.25 &&
		radius Interim-Update v "$alice" FRAMED_IP_ADDRESS=198.51.100.19 \
			ACCT_SESSION_TIME=9 &&
		becomes "optout 198.51.100.19" && radius Stop v && becomes
}

# ---- what must not get in ----

# say TEXT: a datagram; \0 in it is a NUL
say()
{
	# shellcheck disable=SC2059 # a format is wanted
	printf "$1" | python3 -c 'if True:
		import socket, sys
		sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		sock.connect(sys.argv[1])
		sock.send(sys.stdin.buffer.read())
	' "$socket"
}

# Without the line that says when it was saved
policy() { p25 save | sed 1d; }

commands()
{
	local before

	before=$(policy)
	say 'set action monitor\n' && say 'flush --all\n' &&
		say 'pool add 0.0.0.0/0\0owner admin\0' && say '' &&
		say 'ACCT_STATUS_TYPE=Start\0ACCT_SESSION_ID=x\0FILTER_ID=p25-pool\0FRAMED_IP_ADDRESS=198.51.100.7\0P25_NAS=192.0.2.1' &&
		say "$(head -c 5000 /dev/zero | tr '\0' x)" &&
		say "$(head -c 9000 /dev/zero | tr '\0' x)" && logged "a message by the socket is too long" &&
		stays && [ "$(policy)" = "$before" ]
}

hostile_names()
{
	radius Start ../../etc/x 'USER_NAME="a\n\033[2J\";.nofilter"' "$address" && stays &&
		radius Start $'a b\x01' "USER_NAME=\"$(printf '%0242d' 0).nofilter\"" "$address" &&
		becomes "optout 198.51.100.7" && p25 -o session list | grep 'comment "192.0.2.1 +' &&
		radius Stop $'a b\x01' && becomes && [ ! -e "$store/x" ]
}

wide()
{
	radius Start w "$alice" 'FRAMED_ROUTE="0.0.0.0/0 x 1"' \
		'DELEGATED_IPV6_PREFIX=2001:db8::/32' FRAMED_IP_ADDRESS=192.0.2.25 &&
		stays && logged "wider than sessions may have" && logged "a relay's" &&
		radius Stop w && stays
}

others_may_not_write()
{
	# Where p25-session is, nobody else may look.
	chmod 711 "$scratch" && cp "$(command -v p25-session)" "$scratch/session" &&
		setpriv --reuid 65534 --clear-groups env -i ACCT_STATUS_TYPE=Start \
			ACCT_SESSION_ID=x USER_NAME=x.nofilter "$address" \
			"$scratch/session" -s "$socket" radius 192.0.2.1 &&
		logged "Permission denied" && stays
}

nobody_listens()
{
	end_serve && radius Start x "$alice" "$address" && logged "radius: $socket" && serve
}

# ---- many ----

# A program for each event, as FreeRADIUS' exec starts one, would measure how fast this
# machine starts programs; what serve takes is what counts.
flood()
{
	python3 - "$socket" "${RATE:-200}" "${SECONDS_LONG:-60}" <<-'END'
		import socket, sys, time
		path, rate, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		sock.connect(path)
		begin = time.monotonic()
		def say(status, i):
		    user = "alice.nofilter" if i % 2 else "bob"
		    sock.send("\0".join((
		        "P25_NAS=192.0.2.1", f"ACCT_STATUS_TYPE={status}",
		        f'ACCT_SESSION_ID="{i:08x}"', f'USER_NAME="{user}"',
		        f"FRAMED_IP_ADDRESS=198.51.100.{i % 250 + 1}",
		        f"DELEGATED_IPV6_PREFIX=2001:db8:{0x100 + i % 250:x}::/56",
		    )).encode())
		# Each lasts for a second; the next one has its addresses.
		for i in range(rate * seconds):
		    say("Start", i)
		    if i >= rate:
		        say("Stop", i - rate)
		    wait = begin + i / rate - time.monotonic()
		    if wait > 0:
		        time.sleep(wait)
		for i in range(rate * (seconds - 1), rate * seconds):
		    say("Stop", i)
		took = time.monotonic() - begin
		print(f"# {rate * seconds} sessions in {took:.1f} s")
		print(f"{rate * seconds / took:.0f}")
	END
}

cpu_of_server()
{
	awk '{ printf "%.2f", ($14 + $15) / 100 }' "/proc/$(< "$scratch/pid")/stat"
}

many()
{
	local before after

	before=$(cpu_of_server)
	flood > "$scratch/flood" && becomes || return
	after=$(cpu_of_server)
	if find "$store/sessions" "$store/holders" -mindepth 1 | grep .; then
		return 1
	fi
	sed -i "s/^#.*/&, serve: $(awk "BEGIN { print $after - $before }") s of CPU time/" \
		"$scratch/flood"
}

set_up
check "the service starts" serve
check "a session: address, route, IPv6 prefix" whole_session
check "a prefix that comes later" later_prefix
check "its end, which names the address alone" end_of_all
check "the mark is in Class; an end without any address" by_class
check "what comes in between needs no mark" unmarked_interim
check "Session-Timeout; renewal" renewal
check "an end after the begin of the next one" end_after_begin
check "the next one doesn't opt out, and what the first one sends comes later" \
	begin_of_unmarked
check "a begin after the begin of the next one, or after its own end" begin_after_end
check "a begin again, without its age, after the next one's begin" begin_repeated
check "the begin of the next one is lost" begin_lost
check "everything twice" same_again
check "ids that are none" broken_ids
check "a NAS starts, or stops" reset
check "another NAS has the same id" other_nas
check "the service is restarted" restarted
check "the router is rebooted" rebooted
check "the module is replaced" module_replaced
check "commands, garbage, other kinds, long messages" commands
check "hostile names and ids" hostile_names
check "the world, a relay" wide
check "others may not write" others_may_not_write
check "nobody listens" nobody_listens
check "${RATE:-200} sessions a second, for ${SECONDS_LONG:-60} seconds" many
note "$(head -n 1 "$scratch/flood" | sed 's/^# //')"
check "it can be stopped" end_serve
check "nothing is left" has
finish
