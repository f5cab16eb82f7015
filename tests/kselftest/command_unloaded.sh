#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without the module p25ctl says so, and why: how to load it, or that this kernel has none.

. "$(dirname "$0")/lib/lib.sh"
plan 7
. "$(dirname "$0")/lib/command.sh"

# If this machine has a policy, it would be lost.
entries=$(p25ctl -j show | jq '[.entries[]] | add') || exit
if [ "$entries" != 0 ]; then
	for ((i = 0; i < 7; i++)); do
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


# Of all kernels, none has it; then another one has.
index=/lib/modules/$(uname -r)/modules.dep
other=/lib/modules/9.9.9-other
grep -v '/p25\.ko' "$index" > "$scratch/modules.dep"
mount --bind "$scratch/modules.dep" "$index" || exit
on_exit umount "$index"
mkdir -p "$other"
on_exit rm -r "$other"
touch "$other/modules.dep"
check "no such module" refuses 4 '*: there is no such module for any kernel here;*' p25 list
echo "updates/dkms/p25.ko.xz: kernel/net/netfilter/nf_conntrack.ko.xz" > "$other/modules.dep"
check "built for another kernel" \
	refuses 4 "*: it was built for another kernel, 9.9.9-other, not for*" p25 list
finish
