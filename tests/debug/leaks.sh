#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Is any memory lost? kmemleak looks for pointers to all that was allocated. What
# is younger than five seconds is left out, and so is what it didn't find at
# once but finds in the second scan: that was on its way from hand to hand.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/../kselftest/lib/lib.sh"
plan 1

kmemleak=/sys/kernel/debug/kmemleak

# By then, all that the tests have left is older than that.
scan()
{
	sleep 6
	echo scan > "$kmemleak"
}

# If kmemleak has given up, it can't be asked any more.
nothing_lost()
{
	local lost

	scan && scan && lost=$(cat "$kmemleak") || return
	echo "$lost"
	[ -z "$lost" ]
}

check "kmemleak finds nothing that is lost" nothing_lost
finish
