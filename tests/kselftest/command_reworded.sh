#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's messages are for people: p25ctl goes by errno and cookie. Whatever
# the messages say, it names the line that is refused, and why.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 6
. "$(dirname "$0")/lib/command.sh"

library=$(command -v intercept_preload.so) ||
	{ echo "Bail out! there is no intercept_preload.so"; exit 1; }

# reworded STATUS PATTERN INPUT ARGUMENT...: as refuses(), with other messages
reworded()
{
	refuses "$1" "$2" env LD_PRELOAD="$library" REWORD=1 \
		p25ctl -n "$box" "${@:4}" <<< "$3"
}

p25 pool add 192.0.2.0/24 198.51.100.0/24
policy > "$scratch/before"

check "a limit that is too low" \
	reworded 6 'limit 1: xxx*' '' set limit 1
check "in a file, by its line" \
	reworded 6 '-:3: limit 1: xxx*' \
	$'pool 192.0.2.0/24\npool 198.51.100.0/24\nlimit 1' apply -
check "an entry that isn't there" \
	reworded 3 '"192.0.2.7": owner "admin" has no such entry' '' \
	static del 192.0.2.7
check "in a batch, by its line" \
	reworded 3 '-:2: "192.0.2.7": owner "admin" has no such entry' \
	$'static add 192.0.2.8\nstatic del 192.0.2.7' -b -
p25 set limit 3
check "the entry that has no room, by its line" \
	reworded 6 '-:3: *xxx*' \
	$'# one of two\nstatic add 192.0.2.8\nstatic add 192.0.2.9' -b -
p25 set limit 4194304
check "none of this has changed anything" \
	eval "policy | diff ${scratch@Q}/before -"
finish
