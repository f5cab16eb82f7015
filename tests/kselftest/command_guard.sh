#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The guard: as a setting and as an entry's own, in commands, lists, files and what is
# compared with them; and from the attempt that was one too many to the customer who is let
# go.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 43
. "$(dirname "$0")/lib/command.sh"
. "$(dirname "$0")/lib/attempts.sh"

# ---- the setting ----

check "it is off" json_holds '.guard == [] and (has("guard_for") | not)' p25 -j show
check "set guard" p25 set guard 5/1s,20/60,1000/1h for 1h action reject
check "show" prints 'guard 5/1s,20/1m,1000/1h for 1h' \
	eval 'p25 show | grep "^guard .*for" | tr -s " "'
check "in JSON" json_holds '.guard_for == 3600 and .guard == [
	{attempts: 5, seconds: 1}, {attempts: 20, seconds: 60},
	{attempts: 1000, seconds: 3600}]' p25 -j show
check "save" prints 'guard 5/1s,20/1m,1000/1h for 1h' eval 'p25 save | grep ^guard'
check "save in JSON" json_holds '.settings.guard_for == 3600' p25 -j save
check "until somebody deletes the entry" eval 'p25 set guard 20/60s &&
	prints "guard 20/1m" eval "p25 save | grep ^guard"'
check "the largest" eval 'word=1000000/30d,1/30d,1000000/1s,1/1s
	p25 set guard $word for 30d &&
	prints "guard $word for 30d" eval "p25 save | grep ^guard"'
check "and off again" eval 'p25 set guard off && prints "guard off" \
	eval "p25 save | grep ^guard"'
empty

# ---- of an entry ----

check "static add, optout add" eval 'p25 static add 198.51.100.64/28 guard off comment "acct 4711" &&
	p25 optout add 198.51.100.7 2001:db8:100:7::/64 comment "x y" guard 20/60s timeout 1h'
check "list" eval 'p25 list | grep -c "guard off comment \"acct 4711\" packets\|timeout .* guard 20/1m comment \"x y\" packets" | grep 3'
check "list in JSON" json_holds 'map(.guard) == [[], [{attempts: 20, seconds: 60}],
	[{attempts: 20, seconds: 60}]]' p25 -j list
check "check says it" prints \
	'accept: static 198.51.100.64/28 guard off comment "acct 4711"' \
	p25 check 198.51.100.66
check "and in JSON" json_holds '.guard == [] and .reason == "static"' \
	p25 -j check 198.51.100.66
check "add without a guard takes it away, which -v says" eval \
	'p25 -v static add 198.51.100.64/28 2>&1 |
	grep -xF "p25ctl: static 198.51.100.64/28 had the guard off, and has none of its own now" &&
	prints "static 198.51.100.64/28 packets 0 bytes 0" p25 static list'
for kind in relay pool block; do
	check "$kind can have none" refuses 2 \
		'unexpected option "guard": only static and optout can have one' \
		p25 "$kind" add 192.0.2.1 guard 20/60s
done
check "for belongs to the setting" refuses 2 \
	'unexpected "for": how long the guard blocks is the same for all, by "set guard"' \
	p25 static add 192.0.2.1 guard 20/60s for 1h
check "it is not what tells entries apart" refuses 2 \
	'unexpected argument "guard": "del" takes only prefixes*' \
	p25 optout del 198.51.100.7 guard 20/60s

# ---- files ----

empty
cat > "$scratch/file" <<-EOF
	senders 131072
	guard 20/60s,1000/1h for 2h
	static 198.51.100.64/28 guard off comment "acct 4711"
	static 198.51.100.80/28 guard 300/60s,9000/1h
	static 198.51.100.96/28
	optout 2001:db8::7 expires 2080-01-01T00:00:00Z guard 1/1s
EOF
check "apply" p25 apply "$scratch/file"
check "save" prints 'action drop
inbound on
limit 4194304
senders 131072
guard 20/1m,1000/1h for 2h
static 198.51.100.64/28 guard off comment "acct 4711"
static 198.51.100.80/28 guard 300/1m,9000/1h
static 198.51.100.96/28
optout 2001:db8::7 expires 2080-01-01T00:00:00Z guard 1/1s' policy
check "what is saved changes nothing" stays eval 'p25 save | p25 apply --all -'
check "nor does the file" prints '0 added, 0 changed, 0 deleted, 4 unchanged' \
	p25 apply --dry-run "$scratch/file"
check "what is listed is a file, too" stays eval 'p25 list | p25 apply -'
# Applies the file, and prints what has changed by that. An entry of another owner comes
# last, and is gone by then.
changed()
{
	p25ctl -n "$box" -v monitor entries settings > "$scratch/changed" 2> "$scratch/err" &
	local monitor=$!

	wait_for grep -q 'waiting for events' "$scratch/err"
	p25 apply "$scratch/file"
	p25 -o last relay add 192.0.2.25
	wait_for grep -q last "$scratch/changed"
	kill "$monitor"
	wait "$monitor"
	p25 -o last flush
	cut -d " " -f 2,3 "$scratch/changed" | sort | uniq -c | tr -s " "
}
check "the file that is in force is no change: digests agree" prints ' 1 added relay' changed

# The digests must tell: only what differs is sent.
sed -i 's/guard off comment/comment/; s/300.60s/300\/61s/; s/0.96.28/& guard off/
	s/for 2h/for 3h/; s/131072/65536/' "$scratch/file"
check "--dry-run says what would change" prints \
	'set senders 131072 -> 65536
set guard 20/1m,1000/1h for 2h -> 20/1m,1000/1h for 3h
~ static 198.51.100.64/28 comment "acct 4711" (was: guard off comment "acct 4711")
~ static 198.51.100.80/28 guard 300/1m1s,9000/1h (was: guard 300/1m,9000/1h)
~ static 198.51.100.96/28 guard off (was: no timeout, no guard, no comment)
0 added, 3 changed, 0 deleted, 1 unchanged' p25 apply --dry-run "$scratch/file"
check "and in JSON" json_holds '(.changed | map([.guard, .was.guard])) == [
	[null, []], [[{attempts: 300, seconds: 61}, {attempts: 9000, seconds: 3600}],
	[{attempts: 300, seconds: 60}, {attempts: 9000, seconds: 3600}]], [[], null]] and
	.settings.senders == {from: "131072", to: "65536"}' \
	p25 -j apply --dry-run "$scratch/file"
check "apply changes it, and nothing else" prints ' 1 added relay
 3 changed static
 1 settings action' changed
check "to what the file says" prints '0 added, 0 changed, 0 deleted, 4 unchanged' \
	p25 apply --dry-run "$scratch/file"
check "a file that is loaded as a whole" eval 'p25 flush --all &&
	{ cat "$scratch/file"; seq -f "static 2001:db8:2::%g guard 7/1m timeout 1h" 2000; } |
	p25 apply - && p25 list 2001:db8:2::99 | grep "guard 7/1m" &&
	p25 list 198.51.100.80 | grep "guard 300/1m1s,9000/1h"'
check "a batch, in its order" eval '{ echo "optout add 203.0.113.7 guard 1/1s"
	echo "optout add 203.0.113.7 guard off"; echo "set guard 9/1m"; } | p25 -b - &&
	p25 list 203.0.113.7 | grep "guard off packets" && p25 show | grep "guard .*9/1m$"'

# ---- a spam run ----

topology
# However slow the machine is: all of it takes less than an hour.
router p25ctl set guard 3/1h for 1h
router p25ctl pool add 198.51.100.0/24 2001:db8:100::/48
router p25ctl -o hooks optout add 198.51.100.7 2001:db8:100:7::/64 comment "acct 1022"
router p25ctl static add 198.51.100.64/28 guard off
router p25ctl static add 198.51.100.80/28 guard 9/1h
router p25ctl -j -v monitor guard > "$scratch/events" 2> "$scratch/events.err" &
on_exit kill -KILL $!
wait_for grep -q 'waiting for events' "$scratch/events.err"

guarded()		# PREFIX FILTER: of the guard's entries
{
	router p25ctl -j -o guard block list "$1" | jq -e "length == 1 and (.[0] | $2)"
}
says_guard()		# NUMBER FILTER: of its event
{
	[ "$(wc -l < "$scratch/events")" -ge "$1" ] &&
		sed -n "$1p" "$scratch/events" | jq -e "$2"
}
attempt 198.51.100.7 203.0.113.{80..82}
attempt 198.51.100.66 203.0.113.{80..99}
attempt 198.51.100.82 203.0.113.{80..88}
check "as many as there may be" sees 'map(.attempts) == [20, 9, 3]' exempt
attempt 198.51.100.7 203.0.113.83
check "one too many: he is blocked, for an hour" eval 'wait_for guarded 198.51.100.7 \
	".timeout > 3500 and .timeout <= 3600 and
	(.comment | test(\"^4 attempts in 3600 s, [1-5] destinations? in all$\"))"'
check "nobody else is" json_holds 'length == 1' router p25ctl -j -o guard list
check "check says why" json_holds '.verdict == "drop" and .owner == "guard"' \
	router p25ctl -j check 198.51.100.7
check "monitor says it" eval 'wait_for says_guard 1 ".event == \"guard\" and
	.src == \"198.51.100.7\" and .rate == {attempts: 3, seconds: 3600} and
	.attempts == 4 and .reason == \"optout\" and .prefix == \"198.51.100.7\" and
	.block == \"198.51.100.7\" and .timeout > 3500 and (.expires | fromdate) > now and
	(.comment | test(\"^4 attempts\")) and .dst == \"203.0.113.83\" and .sport > 1023"'
attempt 198.51.100.7 203.0.113.84
check "what he goes on with is blocked" sees \
	'map([.src, .attempts, .reason]) == [["198.51.100.7", 5, "block"]]' blocked
check "he is let go" eval 'router p25ctl -o guard block del 198.51.100.7 &&
	json_holds ".verdict == \"accept\"" router p25ctl -j check 198.51.100.7 &&
	router p25ctl senders flush'
attempt 198.51.100.7 203.0.113.{80..83}
check "the next time it is two hours, though senders have been forgotten" eval \
	'wait_for guarded 198.51.100.7 ".timeout > 7100 and .timeout <= 7200"'
for i in {1..4}; do
	attempt "2001:db8:100:7::$i" "2001:db8:203::$i"
done
check "in IPv6 it is the /64" eval 'wait_for guarded 2001:db8:100:7::/64 .timeout'
check "off: nobody is blocked any more" eval 'router p25ctl -o guard block flush &&
	router p25ctl set guard off'
attempt 198.51.100.7 203.0.113.{80..89}
check "whatever he sends" eval 'sees "any(.src == \"198.51.100.7\" and .attempts >= 14)" &&
	prints_json "[]" router p25ctl -j -o guard list'

finish
