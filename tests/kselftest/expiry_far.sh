#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An entry that expires in more than a minute: packets don't read its expiry until it
# comes near, and yet it lapses to the second.

# shellcheck disable=SC2016,SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 2
. "$(dirname "$0")/lib/command.sh"

readonly timeout=65		# more than P25_SOON

uptime()	# in milliseconds of the boot-time clock, by which timeouts run
{
	local seconds

	read -r seconds _ < /proc/uptime
	echo "${seconds/./}0"
}

is_exempt()	# SRC DST
{
	[[ $(p25 check "$1" "$2") == *optout* ]]
}

# ask SRC DST: is it exempt? Sets "wrong", if it is that at the wrong time. What began
# before and ended after the end of its time is in doubt, and not wrong.
ask()
{
	local asked

	asked=$(uptime)
	if is_exempt "$1" "$2"; then
		((asked < added + (timeout + 1) * 1000)) || wrong=late
	else
		(($(uptime) >= began + timeout * 1000)) || wrong=early
		return 1
	fi
}

p25 pool add 198.51.100.0/24 2001:db8:100::/48
began=$(uptime)
p25 optout add 198.51.100.7 2001:db8:100::7 timeout $timeout
added=$(uptime)
# Those that expire later are not in the way.
p25 optout add 198.51.100.8 timeout 2h
p25 optout add 198.51.100.9

wrong=
ipv4=yes ipv6=yes
while [ $ipv4$ipv6 != nono ]; do
	ask 198.51.100.7 203.0.113.25 || ipv4=no
	ask 2001:db8:100::7 2001:db8:203::25 || ipv6=no
	sleep 0.1
done
check "each lapses to the second (wrong: ${wrong:-none})" [ -z "$wrong" ]
check "those that expire later, or never, have not" eval \
	'is_exempt 198.51.100.8 203.0.113.25 && is_exempt 198.51.100.9 203.0.113.25'

finish
