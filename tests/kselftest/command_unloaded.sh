#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without the module p25ctl says so, and how to load it.

. "$(dirname "$0")/lib/lib.sh"
plan 5
. "$(dirname "$0")/lib/command.sh"

# If this machine has a policy, it would be lost.
entries=$(p25ctl -j show | jq '[.entries[]] | add') || exit
if [ "$entries" != 0 ]; then
	for ((i = 0; i < 5; i++)); do
		skip "without the module" "the module is in use"
	done
	finish
fi
modprobe -r p25 || exit
on_exit modprobe p25

not_loaded='the p25 kernel module is not loaded; load it with "modprobe p25"*'
check "reading" refuses 4 "$not_loaded" p25 list
check "changing" refuses 4 "$not_loaded" p25 pool add 198.51.100.0/24
check "apply" refuses 4 "$not_loaded" p25 apply - <<< "pool 198.51.100.0/24"
echo "pool 198.51.100.0/24" > "$scratch/policy"
check "apply of a file" refuses 4 "$not_loaded" p25 apply "$scratch/policy"
check "what is not understood comes first" refuses 2 '-:2: *"poll"*' \
	p25 apply - <<< $'pool 198.51.100.0/24\npoll 192.0.2.0/24'

finish
