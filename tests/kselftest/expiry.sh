#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Entries lapse when they should: not before, and soon after.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 17
. "$(dirname "$0")/lib/command.sh"

reason()	# SRC
{
	local dst=203.0.113.25 words

	[[ $1 != *:* ]] || dst=2001:db8:203::25
	read -ra words < <(p25 check "$1" "$dst")
	echo "${words[1]}"		# "drop: pool 198.51.100.0/24"
}

is()		# SRC REASON
{
	[ "$(reason "$1")" = "$2" ]
}

in_seconds()	# N: that moment as a timestamp
{
	date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%SZ
}

now()		# in microseconds
{
	echo "${EPOCHREALTIME/./}"
}

p25 pool add 198.51.100.0/24 2001:db8:100::/48
p25 block add 198.51.100.70 timeout 1h
p25 optout add 198.51.100.7 2001:db8:100::7 198.51.100.8 timeout 1h
p25 static add 198.51.100.7 timeout 1h
p25 optout add 198.51.100.9 expires "$(in_seconds 3600)"
check "timeout: it counts" is 2001:db8:100::7 optout
check "expires: it counts" is 198.51.100.9 optout
check "the best of several kinds counts" is 198.51.100.7 static

shorten()	# SECONDS: that "expires" is in
{
	began=$(now)
	p25 -b - <<-EOT
		static add 198.51.100.7 timeout 3
		relay add 192.0.2.25 timeout 3
		optout add 198.51.100.7 2001:db8:100::7 198.51.100.8 timeout 3
		optout add 198.51.100.9 expires $(in_seconds "$1")
		optout add 198.51.100.8 timeout 2h
	EOT
}

# From here on they don't last long. On a slow machine, a moment may have passed
# before p25ctl reads it: that is refused, and nothing of the batch is done.
for ((seconds = 4; seconds < 3600; seconds *= 2)); do
	shorten $seconds && break
done
check "timeout: it lapses" wait_for is 2001:db8:100::7 pool
took=$(($(now) - began))
check "not before its time (it took $((took / 1000)) ms)" \
	[ $took -ge 3000000 ]
check "all kinds lapsed, the next shorter prefix decides" \
	wait_for is 198.51.100.7 pool
check "expires: it lapses" wait_for is 198.51.100.9 pool
check "what was renewed meanwhile has not" is 198.51.100.8 optout
check "the relay has" wait_for json_holds '.reason == "pool"' \
	p25 -j check 198.51.100.7 192.0.2.25
check "what has lapsed isn't listed" json_holds \
	'[.[].prefix] == ["198.51.100.0/24", "2001:db8:100::/48",
	"198.51.100.8", "198.51.100.70"]' p25 -j list
check "nor counted" json_holds '.entries == {relay: 0, pool: 2, static: 0,
	optout: 1, block: 1}' p25 -j show
check "nor there to be deleted" refuses 3 "*no such entry*" \
	p25 optout del 198.51.100.9
check "it can be added anew" eval \
	'p25 optout add 198.51.100.9 && is 198.51.100.9 optout'

# ---- files ----

check "save writes the moment, and to the second the same each time" eval \
	'p25 save | grep "optout 198.51.100.8 expires 20..-..-..T..:..:..Z$" &&
	 stays true'
p25 save > "$scratch/policy"
expires=$(sed -n 's/^block .* expires //p' "$scratch/policy")
p25 flush --all
p25 apply --all "$scratch/policy"
check "a restored policy lapses when the saved one would" prints \
	"block 198.51.100.70 expires $expires" eval 'p25 save | grep ^block'
check "what lapsed meanwhile is left out, which is no error" prints \
	"p25ctl: -: expired, left out" eval 'p25 -v apply - 2>&1 |
	sed "s/-: .*expired.*left out/-: expired, left out/"' \
	<<< $'pool 198.51.100.0/24\noptout 198.51.100.7 expires 2001-01-01T00:00:00Z'
check "the rest is there" json_holds '[.[].kind] == ["pool"]' p25 -j list

finish
