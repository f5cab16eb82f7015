#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Owners share one table, and don't touch each other's entries. limits.sh is about
# how many there may be.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 25
. "$(dirname "$0")/lib/command.sh"

owned_by()	# OWNER...: who has the optout of 198.51.100.7
{
	json_holds "([.[].owner] | join(\" \")) == \"$*\"" \
		p25 -j optout list 198.51.100.7
}

p25 pool add 198.51.100.0/24
p25 optout add 198.51.100.7 comment "by admin"
check "two owners may have the same kind on the same prefix" \
	p25 -o radius optout add 198.51.100.7 timeout 1h
check "and a third" p25 -o abuse optout add 198.51.100.7
check "all are listed" owned_by abuse admin radius
check "each with what is its own" json_holds '
	[.[] | {comment, timed: has("timeout")}] ==
	[{comment: null, timed: false}, {comment: "by admin", timed: false},
	{comment: null, timed: true}]' p25 -j optout list
p25 -o abuse optout add 198.51.100.7 timeout 2h comment "call 1"
check "renewing one leaves the others alone" json_holds '
	[.[] | .comment] == ["call 1", "by admin", null] and
	([.[] | .timeout > 3600] == [true, false, false])' p25 -j optout list
check "del deletes the owner's own" eval \
	'p25 -o radius optout del 198.51.100.7 && owned_by abuse admin'
check "what is another's is not there" refuses 3 "*no such entry*" \
	p25 -o radius optout del 198.51.100.7
check "without -o, del is about admin" eval \
	'p25 optout del 198.51.100.7 && owned_by abuse'
check "one that is left still counts" json_holds '.reason == "optout"' \
	p25 -j check 198.51.100.7 203.0.113.25
p25 -o radius block add 198.51.100.7
check "kinds weigh the same, whatever the owner" json_holds '.reason == "block"' \
	p25 -j check 198.51.100.7 203.0.113.25
check "flush of a kind and an owner" eval \
	'p25 -o radius optout flush && owned_by abuse'
check "flush of an owner" eval 'p25 -o radius flush &&
	p25 -o radius pool add 192.0.2.0/24 && p25 -o abuse flush'
check "leaves the others alone" prints \
	"pool 192.0.2.0/24 owner radius
pool 198.51.100.0/24" eval 'policy | grep ^pool'
check "apply without entries is a flush of the owner" eval \
	'p25 -o radius apply --empty - <<< "#" && p25 -j list |
	jq -e "[.[].owner] == [\"admin\"]"'
p25 flush --all

# A batch of a program that may only block, and is not trusted
blocks_of_desk()	# COMMAND...
{
	printf '%s\n' "$@" | p25 -o desk --only block -b -
}

desk_has()		# PREFIX
{
	prints "block $1 owner desk
block 198.51.100.9" eval 'policy | grep ^block'
}

p25 block add 198.51.100.9
p25 -o desk block add 198.51.100.8
check "--only: a batch changes one owner's entries of that kind" eval \
	'blocks_of_desk "block flush" "block add 198.51.100.7" && desk_has 198.51.100.7'
check "and nothing else, nor a part of it" eval '
	refuses 2 "*\"set\" is not among the kinds of --only*" \
		blocks_of_desk "block del 198.51.100.7" "set action monitor" &&
	desk_has 198.51.100.7'
p25 flush --all

# Who keeps it is said, but not with half a name at the end.
keepers_are_whole()
{
	local i error

	for i in {10..29}; do
		p25 -o "owner-number-$i" optout add 198.51.100.7 || return
	done
	! error=$(p25 optout del 198.51.100.7 2>&1) && echo "$error" &&
		[[ $error =~ :\ (owner-number-[12][0-9],\ )+\.\.\.\ \(use\ -o\)$ ]]
}
check "of many owners some are named" keepers_are_whole
p25 flush --all

# ---- 255 owners on one prefix: as many entries as can have one hash ----

crowd()		# KIND...
{
	awk -v kinds="$*" 'BEGIN {
		n = split(kinds, kind)
		for (i = 1; i <= 255; i++)
			for (k = 1; k <= n; k++)
				print kind[k] " 198.51.100.7 owner o" i
	}'
}

decided_by()	# KIND
{
	json_holds ".reason == \"$1\"" p25 -j check 198.51.100.7 203.0.113.25
}

p25 flush --all
check "255 owners have four kinds each on one prefix" eval \
	'crowd pool static optout block | p25 apply --all -'
check "all are listed" json_holds 'length == 1020' p25 -j list
check "block decides" decided_by block
check "without those, static" eval \
	'crowd pool static optout | p25 apply --all - && decided_by static'
check "without those, optout" eval \
	'crowd pool optout | p25 apply --all - && decided_by optout'
check "without those, pool" eval \
	'crowd pool | p25 apply --all - && decided_by pool'
check "the last that is left still counts" eval \
	'echo pool 198.51.100.7 owner o255 | p25 apply --all --force - &&
	decided_by pool'
check "and no other" eval \
	'p25 -o o255 pool del 198.51.100.7 && decided_by none'

finish
