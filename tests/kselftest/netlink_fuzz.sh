#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Some thousand messages of all shapes to the netlink family, always the same
# ones. What the kernel thinks of them shows in its log, which is looked at when
# all tests are over. "make fuzz" sends more, to a kernel that watches itself.

. "$(dirname "$0")/lib/lib.sh"

tree=$(cd "$(dirname "$0")/../.." && pwd)
messages=${FUZZ_MESSAGES:-4000}
expedited=/sys/kernel/rcu_expedited
scratch=$(mktemp -d)
on_exit rm -r "$scratch"

# shellcheck disable=SC2317 # called at the end
restore()
{
	echo "$was" > "$expedited"
}

# A change of several entries waits for a grace period: let it be a short one.
was=$(< "$expedited")
on_exit restore
echo 1 > "$expedited"

# An input that breaks it can be given to the program as an argument.
# shellcheck disable=SC2317 # called by check
fuzz()
{
	local input

	mkdir "$scratch/new" "$scratch/broke"
	FUZZ_MESSAGES=$messages inside fuzz "$tree/build/fuzz/netlink" -seed=25 \
		-len_control=0 -max_len=64 -timeout="$patience" -verbosity=0 \
		-artifact_prefix="$scratch/broke/" "$scratch/new" \
		"$tree/tests/fuzz/corpus/netlink" 2>&1 |
		tee "$scratch/log" &&
		grep "^[0-9]* messages sent" "$scratch/log" && return
	for input in "$scratch/broke"/*; do
		echo "$input"
		base64 "$input"
	done
	return 1
}

cat > "$scratch/policy" <<-EOF
	action reject
	inbound off
	limit 1000
	senders 1000
	guard 20/1m for 1h
	relay 192.0.2.25 comment "mx pool"
	relay 2001:db8:25::/64
	pool 198.51.100.0/24
	static 198.51.100.64/28 comment "acct 4711"
	optout 2001:db8:100::7 owner hooks expires $(date -u -d '+30 days' +%FT%TZ)
EOF

# shellcheck disable=SC2317 # called by check
listed_exactly()
{
	inside fuzz p25ctl save | grep -v '^#' | diff - "$scratch/policy"
}

# memory_at_most BYTES
# shellcheck disable=SC2317 # called by check
memory_at_most()
{
	local memory

	memory=$(inside fuzz p25ctl -j show | jq .memory)
	echo "$memory bytes"
	[ "$memory" -le "$1" ]
}

plan 5
netns_add fuzz
check "$messages messages of all shapes are answered" fuzz
check "then a policy can be applied" \
	inside fuzz p25ctl apply --all --force "$scratch/policy"
check "and is listed as it was applied" listed_exactly
check "everything can be deleted" inside fuzz p25ctl flush --all
check "and takes no more memory than little" memory_at_most 1048576
finish
