# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What programs send to the log, for tests that read it; to be sourced after lib.sh. It is
# in $scratch/log, which is a folder that the test has made.

# shellcheck disable=SC2154 # $scratch

# What programs send to the log, a line each
start_log()
{
	rm -f /dev/log
	python3 -u -c 'if True:
		import socket
		log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		log.bind("/dev/log")
		while True:
			print(log.recv(65536).decode(errors="replace"))
	' > "$scratch/log" 2>&1 &
	on_exit kill $!
	on_exit rm -f /dev/log
	wait_for test -S /dev/log && chmod 666 /dev/log
}

# logged TEXT: is this in the log by now?
logged()
{
	wait_for grep -qF -- "$1" "$scratch/log" && return
	echo "not in the log: $1"
	tail -n 5 "$scratch/log"
	return 1
}
