#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The program of libp25(3) that keeps a copy of the policy: whatever it loses of the
# events, its copy becomes the policy, and nothing is in it twice. Its socket's buffer is
# so small that a few events are too many.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 10
. "$(dirname "$0")/lib/command.sh"

builds=$(dirname "$(command -v events)")
copy=$scratch/copy
log=$scratch/log

# The policy as the mirror has it
listed()
{
	p25 -j list | jq -r '.[] | "\(.kind) \(.prefix) \(.owner) \(.comment // "")"' |
		sort
}

mirrored()
{
	grep -v '^#' "$copy" | sort
}

is_same()
{
	diff <(listed) <(mirrored)
}

same()
{
	wait_for is_same || is_same
}

listings()
{
	grep -c listed "$log"
}

# more_listings NUMBER: has it listed again since there were so many?
more_listings()
{
	[ "$(listings)" -gt "$1" ]
}

stop()
{
	kill -STOP "$mirror"
}

go_on()
{
	kill -CONT "$mirror"
}

# changes N COUNT: single changes, of entries of which there are N
changes()
{
	local i n

	for ((i = 0; i < $2; i++)); do
		n=$((RANDOM % $1))
		if ((RANDOM % 3)); then
			echo "pool add 2001:db8:$n::/48 comment \"$RANDOM\""
		else
			echo "pool del 2001:db8:$n::/48"
		fi
	done | while IFS= read -r line; do
		echo "$line" | p25 -e -b - || return
	done
}

# batch FIRST LAST [COMMAND]: a single change of as many entries
batch()
{
	local i

	for ((i = $1; i <= $2; i++)); do
		echo "optout ${3-add} 2001:db8:100::$i"
	done | p25 -b -
}

p25 pool add 198.51.100.0/24 2001:db8::/48 comment dynamic
p25 -o desk static add 198.51.100.64/28 comment 'acct 4711'
LD_PRELOAD=$builds/small_buffer_preload.so ip netns exec "$box" \
	mirror "$copy" 2> "$log" &
mirror=$!
on_exit kill -KILL $mirror

check "the copy is the policy as it was found" same
before=$(listings)
p25 -o desk static del 198.51.100.64/28
p25 pool add 192.0.2.0/24
p25 pool add 192.0.2.0/24 comment 'another one'
check "and follows it" same
check "without another listing" eval '[ "$(listings)" = 1 ]'
stop
batch 1 64
batch 1 64 del
changes 10 20
go_on
check "through an overrun" same
check "which was one" more_listings "$before"

before=$(listings)
batch 1 65
check "a change of many entries has it list again" eval '
	same && more_listings "$before"'

# It lists while changes are made, which are in the listing, or come as events.
races()
{
	local i

	for ((i = 0; i < 3; i++)); do
		stop
		batch 1 64
		changes 10 10
		go_on
		changes 10 10
		p25 optout flush
		changes 10 5
	done
}
check "changes go on while it lists again" races
check "it has the policy in the end" same

is_revision()
{
	local revision

	read -r _ _ revision < "$copy"
	[ "$revision" = "$1" ]
}

# A change has one revision, of however many entries it is.
counts()
{
	local revision

	read -r _ _ revision < "$copy"
	p25 pool add 203.0.113.0/24 && batch 1 64 && p25 flush --all &&
		wait_for is_revision $((revision + 3))
}
check "revisions have no gaps" counts
check "and in the end nothing is left" eval 'same && [ -z "$(mirrored)" ]'

finish
