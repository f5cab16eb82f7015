#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "insmod p25.ko" works with no other module loaded first; what only "reject"
# needs is loaded when "reject" is set.

. "$(dirname "$0")/lib.sh"
plan 7

# Whoever has a policy here would lose it.
if ! p25ctl -j show | jq -e '[.entries[]] | add == 0' > /dev/null ||
   ! modprobe -r p25; then
	for ((i = 0; i < 7; i++)); do
		skip "insmod" "the module is in use"
	done
	finish
fi
on_exit modprobe p25

file=$(modinfo -n p25)
# They stay if somebody else uses them.
modprobe -qr nf_reject_ipv4 nf_reject_ipv6
loaded=$(lsmod | awk '{ print $1 }' | sort)

check "it depends on no module" test -z "$(modinfo -F depends "$file")"
check "insmod loads it" insmod "$file"
check "and nothing else" test "$loaded" = \
	"$(lsmod | awk '$1 != "p25" { print $1 }' | sort)"

netns_add router

# As if the kernel had no such modules: how often is modprobe run for them?
scratch=$(mktemp -d)
on_exit rm -r "$scratch"
modprobe=$(< /proc/sys/kernel/modprobe)
# shellcheck disable=SC2317 # "check" calls it
asks_rarely()
{
	local i begin=$SECONDS

	printf '#!/bin/sh\necho "$*" >> %s/asked\nexit 1\n' "$scratch" \
		> "$scratch/modprobe"
	chmod +x "$scratch/modprobe"
	echo "$scratch/modprobe" > /proc/sys/kernel/modprobe
	for ((i = 0; i < 40; i++)); do
		router p25ctl set action reject 2>> "$scratch/error" && return 1
	done
	echo "$modprobe" > /proc/sys/kernel/modprobe
	cat "$scratch/asked"
	[ "$(grep -c 'reject needs nf_reject_ipv4' "$scratch/error")" = 40 ] &&
		(($(grep -c nf_reject_ipv4 "$scratch/asked") <=
			(SECONDS - begin) / 5 + 1))
}
check "where it can't be had, modprobe is not run each time" asks_rarely
sleep 5
check "reject can be set" router p25ctl set action reject
check "and has what it needs" test -d /sys/module/nf_reject_ipv4 \
	-a -d /sys/module/nf_reject_ipv6

rm "$scratch/error"

# A handle that was opened before is told so, not that something is missing.
# shellcheck disable=SC2317 # "check" calls it
unloaded_meanwhile()
{
	mkfifo "$scratch/commands"
	router p25ctl -b "$scratch/commands" 2> "$scratch/error" &
	exec 8> "$scratch/commands"
	echo "pool add 198.51.100.0/24" >&8
	sleep 1				# its transaction is open
	modprobe -r p25 && modprobe p25
	exec 8>&-
	! wait $! && grep 'module has been unloaded meanwhile' "$scratch/error"
}
check "who is at it when it goes, is told so" unloaded_meanwhile

finish
