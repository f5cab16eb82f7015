#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25ctl senders and offenders, and their events: who makes attempts to send mail.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 27
. "$(dirname "$0")/lib/command.sh"
. "$(dirname "$0")/lib/attempts.sh"
topology

began=$(date +%s)
router p25ctl relay add 203.0.113.25
router p25ctl pool add 198.51.100.0/24 2001:db8:100::/48
router p25ctl -o hooks optout add 198.51.100.7
router p25ctl static add 198.51.100.64/28 2001:db8:100:40::/60
router p25ctl -o abuse block add 198.51.100.70

router p25ctl -v monitor senders > "$scratch/events" 2> "$scratch/events.err" &
on_exit kill -KILL $!
wait_for grep -q 'waiting for events' "$scratch/events.err"

attempt 198.51.100.9 203.0.113.80 203.0.113.80 203.0.113.81
attempt 198.51.100.7 203.0.113.{80..84}
attempt 198.51.100.66 203.0.113.80
attempt 198.51.100.70 203.0.113.{80..90}
attempt 198.51.100.70 203.0.113.91
attempt 198.51.100.10 203.0.113.25
attempt 2001:db8:100:7::1 2001:db8:203::{80,81}
attempt 2001:db8:100:7::2 2001:db8:203::{82..85}
attempt 2001:db8:100:41::1 2001:db8:203::80

check "who makes attempts is listed" sees 'map(.src) | sort == [
	"198.51.100.66", "198.51.100.7", "198.51.100.70", "198.51.100.9",
	"2001:db8:100:41::/64", "2001:db8:100:7::/64"]'
check "and how many; IPv6 by /64" sees 'map({(.src): .attempts}) | add == {
	"198.51.100.66": 1, "198.51.100.7": 5, "198.51.100.70": 12,
	"198.51.100.9": 3, "2001:db8:100:41::/64": 1, "2001:db8:100:7::/64": 6}'
check "most attempts first" json_holds '(map(.attempts) | . == (sort | reverse))' \
	router p25ctl -j senders
check "few senders have no error" json_holds 'all(.error == 0)' \
	router p25ctl -j senders
check "a packet that is no attempt is none of an exempt sender" json_holds \
	'.[0].packets == 5' router p25ctl -j senders 198.51.100.7
# They are estimated by a random hash: two may look the same.
check "destinations are nearly right" json_holds 'map({(.src): .destinations}) | add |
	.["198.51.100.66"] == 1 and (.["198.51.100.9"] | . == 1 or . == 2) and
	(.["198.51.100.70"] | . >= 5 and . <= 20)' router p25ctl -j senders
check "the last attempt: where it went, from which port, what decided" json_holds \
	'.[0] | .dst == "203.0.113.91" and .sport > 1023 and .sport < 65536 and
	.reason == "block" and .prefix == "198.51.100.70"' \
	router p25ctl -j senders 198.51.100.70
check "an exemption decides" json_holds \
	'.[0] | .reason == "static" and .prefix == "198.51.100.64/28"' \
	router p25ctl -j senders 198.51.100.66
check "when it was" json_holds "all((.first | fromdate) >= $began - 1 and .first <= .last and
	(.last | fromdate) <= now + 1)" router p25ctl -j senders

check "senders blocked" json_holds 'map(.src) == ["198.51.100.70",
	"2001:db8:100:7::/64", "198.51.100.9"]' router p25ctl -j senders blocked
check "senders exempt" json_holds 'map(.src) | sort == ["198.51.100.66", "198.51.100.7",
	"2001:db8:100:41::/64"]' router p25ctl -j senders exempt
check "in a prefix" json_holds 'map(.src) == ["198.51.100.70", "198.51.100.66"]' \
	router p25ctl -j senders list 198.51.100.64/28
check "an address of the /64" json_holds 'map(.src) == ["2001:db8:100:7::/64"]' \
	router p25ctl -j senders blocked list 2001:db8:100:7::99
check "nobody in it" prints_json '[]' router p25ctl -j senders exempt 198.51.100.9
check "-4" json_holds 'length == 4' router p25ctl -j -4 senders
check "-6" json_holds 'length == 1' router p25ctl -j -6 senders exempt ls
same()
{
	diff <("$@") <(router p25ctl -j senders blocked)
}
check "offenders are those that are blocked" same router p25ctl -j offenders
check "whatever stands behind it" eval '[ -n "$(router p25ctl offenders 198.51.100.9)" ] &&
	[ -z "$(router p25ctl offenders list 198.51.100.7)" ]'
check "as text" eval 'router p25ctl senders 198.51.100.66 | grep -xE "198.51.100.66 attempts 1 packets 1 destinations 1 dst 203.0.113.80 sport [0-9]+ reason static 198.51.100.64/28 first [0-9T:Z-]+ \([0-9dhms]+ ago\) last [0-9T:Z-]+ \([0-9dhms]+ ago\)"'

# ---- events ----

first_of()		# SRC
{
	grep -q " sender $1 attempts $2 " "$scratch/events"
}
check "an event of the first attempt" eval 'wait_for first_of 198.51.100.66 1'
check "and of the tenth" eval 'wait_for grep -qE " sender 198.51.100.70 attempts 1[0-2] " \
	"$scratch/events"'
check "none of mail to a relay, and none but of senders" eval \
	'! grep -v "^[0-9T:Z-]* sender " "$scratch/events" &&
	! grep "sender 198.51.100.10 " "$scratch/events"'

# ---- the list ----

check "they can be forgotten" eval 'router p25ctl senders flush && [ -z "$(router p25ctl senders)" ]'
attempt 198.51.100.9 203.0.113.80
check "and begin anew" sees 'map([.src, .attempts]) == [["198.51.100.9", 1]]'
check "offenders flush does the same" eval 'router p25ctl offenders flush &&
	prints_json "[]" router p25ctl -j senders'
check "how many are remembered" eval 'router p25ctl set senders 1048576 &&
	json_holds ".senders == 1048576" router p25ctl -j show &&
	router p25ctl set senders 1024'
attempt 198.51.100.9 203.0.113.80
check "they are, whatever their number" sees 'any(.src == "198.51.100.9")'

finish
