#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every verb of p25ctl, as text and as JSON, in both families.

# shellcheck disable=SC2016,SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 47
. "$(dirname "$0")/lib/command.sh"

# ---- list, add, del ----

check "an empty list prints nothing" prints "" p25 list
check "in JSON an empty array" prints_json "[]" p25 -j list
check "in JSON each kind's list, too" prints_json "[]" p25 -j block list

kinds='relay pool static optout block'
each()		# COMMAND...: for each kind, whose list it then prints
{
	local kind

	for kind in $kinds; do
		# A block or a pool of a relay is warned of.
		p25 "$kind" "$@" 2> /dev/null && p25 "$kind" list || return
	done
}

all=$(for kind in $kinds; do
	echo "$kind 192.0.2.25 packets 0 bytes 0"
	echo "$kind 2001:db8:25::/64 packets 0 bytes 0"
done)
check "each kind: add, list" prints "$all" each add 192.0.2.25 2001:db8:25::/64
check "list of all kinds" prints "$all" p25 list
check "list in JSON" prints_json "[(\"${kinds// /\",\"}\") as \$kind |
	(\"192.0.2.25\", \"2001:db8:25::/64\") as \$prefix |
	{kind: \$kind, prefix: \$prefix, owner: \"admin\", packets: 0,
	bytes: 0}]" p25 -j list
check "each kind: del" p25 -b - <<< "$(for kind in $kinds; do
	echo "$kind del 192.0.2.25 2001:db8:25::/64"
done)"
check "nothing is left" prints "" p25 list

# lasts SECONDS SINCE: that long, but for what has passed since then. There are
# three clocks of whole seconds in it.
lasts()
{
	local left

	left=$(p25 -j optout list 198.51.100.7 | jq '.[0].timeout') || return
	echo "$left s are left"
	((left <= $1 && left >= $1 - (SECONDS - $2) - 3))
}

since=$SECONDS
p25 optout add 198.51.100.7 timeout 8h comment 'call "0815" \ ä €'
check "timeout: what is left of it" lasts 28800 $since
check "timeout and comment in JSON" json_holds '
	length == 1 and (.[0] | .comment == "call \"0815\" \\ ä €" and
	((.expires | fromdate) - now - .timeout | fabs) < 10 and
	(keys == ["bytes", "comment", "expires", "kind", "owner", "packets",
		  "prefix", "timeout"]))' p25 -j list
since=$SECONDS
p25 optout add 198.51.100.7 timeout 1d2h30m5s
check "add renews the timeout" lasts 95405 $since
check "and takes the comment away" json_holds \
	'length == 1 and (.[0] | has("comment") | not)' p25 -j list
p25 optout add 198.51.100.7 comment new
check "and the other way round" prints \
	'optout 198.51.100.7 comment "new" packets 0 bytes 0' p25 list
since=$SECONDS
until=$(date -u -d '+30 days' +%F)
p25 optout add 198.51.100.7 expires "${until}T02:14:07+02:00"
check "what list prints of it is a line of a policy" eval '
	p25 list > "$scratch/listed" && grep -q "timeout.*$until" "$scratch/listed" &&
	p25 apply "$scratch/listed" --dry-run | grep "^0 added, 0 changed, 0 "'
check "expires: the timeout is what is left" lasts \
	$(($(date -u -d "${until}T00:14:07Z" +%s) - $(date +%s) + 1)) $since

check "del of what is not there fails" refuses 3 '*no such entry*' \
	p25 pool del 198.51.100.7
check "but not with -e" p25 -e pool del 198.51.100.7
check "add of several prefixes is done whole" refuses 2 '*host bits*' \
	p25 pool add 192.0.2.0/24 2001:db8::1/32
check "or not at all, del as well" refuses 3 '*no such entry*' \
	p25 optout del 198.51.100.7 192.0.2.7
check "nothing has changed" json_holds 'length == 1' p25 -j list
p25 flush --all

# ---- filters, flush ----

p25 --wide pool add 198.51.0.0/16 198.51.100.0/24 203.0.113.0/24 0.0.0.0/0 ::/0
p25 static add 198.51.100.64/28
p25 -o radius static add 198.51.100.64/28 2001:db8::/32
check "-4 and -6: one family" eval '
	p25 -4 -j list | jq -e "[.[].prefix | contains(\":\")] | any | not" &&
	p25 -6 -j pool list | jq -e "[.[].prefix] == [\"::/0\"]" &&
	[ "$(p25 -4 list 198.51.100.66 | wc -l)" = 5 ]'
check "list PREFIX: what covers it, equals it, lies in it" json_holds \
	'[.[].prefix] | sort == (["0.0.0.0/0", "198.51.0.0/16",
	"198.51.100.0/24", "198.51.100.64/28", "198.51.100.64/28"] | sort)' \
	p25 -j list 198.51.100.0/24
check "KIND list PREFIX" json_holds '[.[].prefix] == ["198.51.100.64/28",
	"198.51.100.64/28"]' p25 -j static list 198.51.100.64/26
check "-o OWNER list" json_holds '[.[].owner] == ["radius", "radius"]' \
	p25 -j -o radius list
p25 -o radius static flush
check "-o OWNER KIND flush" json_holds \
	'[.[].kind] == ["pool", "pool", "pool", "pool", "pool", "static"]' \
	p25 -j list
p25 pool flush
check "KIND flush" json_holds '[.[].kind] == ["static"]' p25 -j list
p25 flush --all
check "flush" prints_json "[]" p25 -j list

# ---- set, show, check ----

check "show in JSON" json_holds '
	keys == ["action", "counters", "entries", "guard", "guard_blocks",
		 "guard_missed", "hook", "inbound", "limit", "memory", "owners",
		 "senders", "since"]
	and .hook == "off" and .owners == {} and .action == "drop" and .inbound == "on" and .limit == 4194304 and
	.memory > 0 and ([.counters[]] | length == 24 and add == 0) and
	.entries == {relay: 0, pool: 0, static: 0, optout: 0, block: 0}' \
	p25 -j show
p25 set action monitor
p25 set inbound off
p25 set limit 17
p25 relay add 192.0.2.25 2001:db8:25::/64
p25 block add 198.51.100.70
check "set; show counts entries" json_holds '.action == "monitor" and
	.inbound == "off" and .limit == 17 and .entries ==
	{relay: 2, pool: 0, static: 0, optout: 0, block: 1} and
	.hook == "on" and .owners == {admin: 3}' p25 -j show
check "show as text says the same" prints "action monitor
inbound off
limit 17
senders 65536
guard off" eval 'p25 show | sed -n 1,5p | tr -s " "'
p25 flush --all
p25 set action drop inbound on limit 4194304

answer()	# SRC DST VERDICT REASON [PREFIX]: as check gives it
{
	local entry=${5:+prefix: \"$5\", owner: \"admin\"}

	echo "{src: \"$1\", dst: \"$2\", verdict: \"$3\", reason: \"$4\"}" \
	     "${entry:+ + {$entry\}}"
}

# judges BLOCKED PATTERN: every reason that matches, in both families; BLOCKED:
# the verdict of what is blocked
judges()
{
	local wanted=() addresses="" src dst verdict reason prefix

	while read -r src dst verdict reason prefix; do
		# shellcheck disable=SC2053 # a glob is wanted
		[[ $reason == $2 ]] || continue
		wanted+=("$(answer "$src" "$dst" "$verdict" "$reason" "$prefix")")
		addresses+="$src $dst "
	done <<-EOF
		198.51.100.7 203.0.113.25 $1 pool 198.51.100.0/24
		198.51.100.65 203.0.113.25 accept static 198.51.100.64/28
		198.51.100.66 203.0.113.25 accept optout 198.51.100.66
		198.51.100.70 203.0.113.25 $1 block 198.51.100.70
		198.51.100.70 192.0.2.25 accept relay 192.0.2.25
		192.0.2.1 203.0.113.25 accept none
		2001:db8:100::7 2001:db8:203::25 $1 pool 2001:db8:100::/48
		2001:db8:100::65 2001:db8:203::25 accept static 2001:db8:100::60/123
		2001:db8:100::66 2001:db8:203::25 accept optout 2001:db8:100::66
		2001:db8:100::70 2001:db8:203::25 $1 block 2001:db8:100::70
		2001:db8:100::70 2001:db8:25::9 accept relay 2001:db8:25::/64
		2001:db8::1 2001:db8:203::25 accept none
	EOF
	# shellcheck disable=SC2086 # many words
	ask $addresses | jq -se "map(del(.timeout, .expires)) ==
		[$(IFS=,; echo "${wanted[*]}")]" ||
		ask $addresses
}

ask()		# SRC DST...
{
	while [ $# -gt 0 ]; do
		p25 -j check "$1" "$2"
		shift 2
	done
}

for net in 198.51.100. 2001:db8:100::; do
	p25 optout add ${net}66 timeout 1h
	p25 static add ${net}70
	p25 block add ${net}70
done
p25 pool add 198.51.100.0/24 2001:db8:100::/48
p25 static add 198.51.100.64/28 2001:db8:100::60/123
p25 relay add 192.0.2.25 2001:db8:25::/64
check "check: every reason, with action drop" prints true judges drop "*"
p25 set action reject
check "check: every reason, with action reject" prints true judges reject "[pb]*"
p25 set action monitor
check "check: monitor says what it would be" prints_json \
	'{src: "198.51.100.7", dst: "203.0.113.25", verdict: "accept",
	would: "drop", reason: "pool", prefix: "198.51.100.0/24",
	owner: "admin"}' \
	p25 -j check 198.51.100.7 203.0.113.25
check "check: monitor says no more of what is accepted" json_holds \
	'has("would") | not' p25 -j check 198.51.100.65 203.0.113.25
check "check: monitor accepts, which is status 0" \
	prints "" p25 -q check 198.51.100.7

since=$EPOCHSECONDS
p25 -o abuse block add 198.51.100.65 timeout 8h comment 'ticket "4712"'
check "check: whose entry it is, until when, and why" json_holds '
	.reason == "block" and .owner == "abuse" and
	.comment == "ticket \"4712\"" and .timeout > 28700 and
	.timeout <= 28800 and
	((.expires | fromdate) - .timeout |
	 . >= '"$since"' - 1 and . <= now + 1)' \
	p25 -j check 198.51.100.65 203.0.113.25
p25 -o abuse block add 198.51.100.65 comment 'ticket "4712"'
check "check: the same as text" prints \
	'accept (monitor; would drop): block 198.51.100.65 owner abuse comment "ticket \"4712\""' \
	p25 check 198.51.100.65 203.0.113.25
p25 set action drop
check "check without destination: to any that is no relay" prints_json \
	"$(answer 198.51.100.7 "" drop pool 198.51.100.0/24) | del(.dst)" \
	p25 -j check 198.51.100.7

quiet()		# SRC [DST]: status of -q, which prints nothing
{
	local said

	said=$(p25 -q check "$@" 2>&1)
	echo $? "$said"
}

check "check -q: status 10 is drop" prints "10 " quiet 2001:db8:100::7
check "check -q: status 0 is accept" prints "0 " quiet 198.51.100.7 192.0.2.25
p25 set action reject
check "check -q: status 11 is reject" prints "11 " quiet 198.51.100.7

ip -n "$box" -batch - <<-EOF
	link set lo up
	addr add 198.51.100.1/32 dev lo
	addr add 2001:db8:100::1/128 dev lo
EOF
local_ones()
{
	local one

	for one in "198.51.100.1" "2001:db8:100::1" "192.0.2.7 198.51.100.1"; do
		# shellcheck disable=SC2086 # two words
		json_holds '.local' p25 -j check $one &&
			[[ $(p25 check $one) == *$'\n'"not judged: "* ]] || return
	done
	json_holds 'has("local") | not' p25 -j check 198.51.100.7 203.0.113.25
}
check "check says that the router's own addresses are not judged" local_ones
empty

# ---- the rest ----

printf '192.0.2.77 mx.example.net\n2001:db8::77 mx.example.net\n' \
	> "$scratch/hosts"
with_hosts()
{
	# shellcheck disable=SC2016 # the inner shell expands
	unshare -m bash -c 'mount --bind "$0" /etc/hosts && exec "$@"' \
		"$scratch/hosts" "$@"
}
check "a relay may be a host name" \
	with_hosts p25ctl -n "$box" relay add mx.example.net
check "all its addresses are added, with the name as comment" json_holds \
	'[.[] | .prefix + " " + .comment] == ["192.0.2.77 mx.example.net",
	"2001:db8::77 mx.example.net"]' p25 -j relay list
empty

check "senders: none, in JSON" prints_json "[]" p25 -j senders
check "senders: none, as text" prints "" p25 offenders
check "-n takes a path as well" prints "" \
	p25ctl -n "/run/netns/$box" list

finish
