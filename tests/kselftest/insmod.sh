#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "insmod p25.ko" works with no other module loaded first; what only "reject" and
# "prohibit" need is loaded when such an action is given.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 9

# If this machine has a policy, it would be lost.
entries=$(p25ctl -j show | jq '[.entries[]] | add') || exit
if [ "$entries" != 0 ]; then
	for ((i = 0; i < 9; i++)); do
		skip "insmod" "the module is in use"
	done
	finish
fi
modprobe -r p25 || exit
on_exit modprobe p25

file=$(modinfo -n p25) || exit
# They stay if a firewall of this machine uses them.
for module in {ipt,ip6t}_REJECT nft_reject_{inet,ipv4,ipv6} nf_reject_{ipv4,ipv6}; do
	modprobe -qr "$module"
done

# The names of all modules but ours.
others()
{
	lsmod | awk '$1 != "p25" { print $1 }' | sort
}
before=$(others) || exit

no_module()
{
	local depends

	depends=$(modinfo -F depends "$file") && [ -z "$depends" ]
}
check "it depends on no module" no_module
check "insmod loads it" insmod "$file"

nothing_else()
{
	local after

	after=$(others) && diff - <(echo "$after") <<< "$before"
}
check "and nothing else" nothing_else

netns_add router

# As if the kernel had no such modules: how often is modprobe run for them?
scratch=$(mktemp -d)
on_exit rm -r "$scratch"
modprobe=$(< /proc/sys/kernel/modprobe)
restore_modprobe()
{
	echo "$modprobe" > /proc/sys/kernel/modprobe
}
on_exit restore_modprobe

asks_rarely()
{
	local i begin=$SECONDS asked

	printf '#!/bin/sh\necho "$*" >> %s/asked\nexit 1\n' "$scratch" \
		> "$scratch/modprobe"
	chmod +x "$scratch/modprobe"
	echo "$scratch/modprobe" > /proc/sys/kernel/modprobe
	for ((i = 0; i < 20; i++)); do
		router p25ctl set action reject 2>> "$scratch/error" && return 1
		router p25ctl pool add 198.51.100.0/24 action prohibit \
			2>> "$scratch/error" && return 1
	done
	cat "$scratch/asked" || return
	asked=$(grep -c nf_reject_ipv4 "$scratch/asked")
	# The two clocks may disagree on when a second has passed.
	[ "$(grep -c 'reject and prohibit need nf_reject' "$scratch/error")" = 40 ] &&
		((asked >= 1 && asked <= (SECONDS - begin + 2) / 5 + 1))
}
name="where it can't be had, modprobe is not run each time"
if [ -d /sys/module/nf_reject_ipv4 ]; then
	holders=$(ls /sys/module/nf_reject_ipv4/holders)
	skip "$name" "nf_reject_ipv4 is in use, by: ${holders//$'\n'/ }"
else
	check "$name" asks_rarely
	restore_modprobe
fi
check "other actions need nothing" router p25ctl pool add 198.51.100.0/24 \
	action monitor
check "reject can be set" wait_for router p25ctl set action reject
check "and has what it needs" test -d /sys/module/nf_reject_ipv4 \
	-a -d /sys/module/nf_reject_ipv6

rm "$scratch/error"

# A handle that was opened before is told so, not that something is missing.
unloaded_meanwhile()
{
	local commands=$scratch/commands

	mkfifo "$commands"
	p25ctl -n "$(netns router)" -b "$commands" 2> "$scratch/error" &
	exec 8> "$commands"
	echo "pool add 198.51.100.0/24" >&8
	wait_for has_read_all $! "$commands" &&	# its transaction is open
		modprobe -r p25 && modprobe p25 || return
	exec 8>&-
	! wait $! && grep 'module has been unloaded meanwhile' "$scratch/error"
}
check "a command that is under way when it goes gets an error" unloaded_meanwhile

# A listing that is never read does not hold a reference to the module.
unread()
{
	local word

	coproc { cd "$(dirname "$0")" && exec python3 -m lib.unread; } \
		2> "$scratch/error"
	read -r word <&"${COPROC[0]}" || { cat "$scratch/error"; return 1; }
	[ "$word" = ready ] && modprobe -r p25 && modprobe p25
}
check "a listing that is never read doesn't keep it" unread

finish
