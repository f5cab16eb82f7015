# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Attempts to send mail, from the subscriber of the topology; to be sourced after lib.sh.

# Each is a SYN: who closes a socket that has no answer yet repeats nothing.
lib_attempts='if True:
	import socket, sys
	src, dsts = sys.argv[1], sys.argv[2:]
	for dst in dsts:
		sock = socket.socket(socket.AF_INET6 if ":" in src else socket.AF_INET)
		sock.bind((src, 0))
		sock.setblocking(False)
		sock.connect_ex((dst, 25))
		sock.close()
'

# attempt SRC DST...: one to each
attempt()
{
	local bits=32 nodad=

	[[ $1 != *:* ]] || bits=128 nodad=nodad
	# shellcheck disable=SC2086 # a word or none
	subscriber ip addr replace "$1/$bits" dev eth0 $nodad &&
		subscriber python3 -c "$lib_attempts" "$@"
}

# sees FILTER [ARGUMENT...]: FILTER becomes true of what "senders ARGUMENT..." prints
sees()
{
	lib_filter=$1
	shift
	wait_for lib_sees "$@" && return
	router p25ctl -j senders "$@"
	return 1
}

# shellcheck disable=SC2317 # wait_for calls it
lib_sees()
{
	router p25ctl -j senders "$@" | jq -e "$lib_filter"
}
