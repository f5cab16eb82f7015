#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prefixes that cover everything, nothing that is forwarded, or the provider's own
# servers.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 27
. "$(dirname "$0")/lib/command.sh"

# ---- everything, and nothing ----

every='"0.0.0.0/0" covers every address; if that is intended, use "p25ctl --wide'
check "a list that blocks every source" refuses 2 "-:1: $every apply*" \
	eval 'echo "block 0.0.0.0/0" | p25 -o feed apply -'
check "so does a dry run of it" refuses 2 "-:1: $every apply*" \
	eval 'echo "block 0.0.0.0/0" | p25 -o feed apply --dry-run -'
check "a batch" refuses 2 "-:1: $every -b*" \
	eval 'echo "block add 0.0.0.0/0" | p25 -b -'
check "a command" refuses 2 "$every block add*" p25 block add 0.0.0.0/0
for prefix in 0.0.0.0 127.0.0.1 224.0.0.5 fe80::1 ff02::1; do
	check "$prefix is no source" refuses 2 \
		"\"$prefix\" is *: no mail is forwarded from it" \
		p25 --wide pool add $prefix
done
check "nothing has been added" prints "" p25 list

check "--wide: it is meant" eval '
	p25 --wide pool add 0.0.0.0/0 &&
	echo "pool add 2000::/3" | p25 --wide -b - &&
	echo "block 64.0.0.0/2" | p25 -o feed apply --wide -'
policy > "$scratch/before"
check "what is in force may be saved and applied again" eval \
	'p25 save | p25 apply --all - && p25 save | p25 apply --all --dry-run - &&
	policy | diff "$scratch/before" -'
check "and renewed" p25 pool add 0.0.0.0/0
check "not by another owner" refuses 2 "$every*" \
	p25 -o feed pool add 0.0.0.0/0
check "nor as another kind" refuses 2 "$every*" p25 block add 0.0.0.0/0
check "and deleted" p25 pool del 0.0.0.0/0
empty

# ---- relays, and the router ----

# warns PATTERN COMMAND...: it succeeds, and says one line that matches; or
# nothing, if that is ""
warns()
{
	local pattern=${1:+p25ctl: *$1} got

	shift
	got=$("$@" 2>&1) || { echo "failed: $got"; return 1; }
	# shellcheck disable=SC2053 # a glob is wanted
	[[ $got == $pattern && $got != *$'\n'* ]] && return
	printf 'wanted: %s\ngot:\n%s\n' "$pattern" "$got"
	return 1
}

ip -n "$box" -batch - <<-EOF
	link add sub type veth peer name srv
	addr add 198.51.100.1/24 dev sub
EOF

p25 relay add 192.0.2.25 2001:db8:25::/64
check "a pool comes to cover a relay" warns \
	"warning: pool 192.0.2.0/24 covers the relay 192.0.2.25: *\"static\"" \
	p25 pool add 192.0.2.0/24
check "the relay is exempt" warns "" \
	eval 'p25 static add 192.0.2.25 && p25 pool add 192.0.2.0/24'
check "a block of the relay itself" warns \
	"warning: block 192.0.2.25 covers the relay 192.0.2.25: *" \
	p25 -o abuse block add 192.0.2.25
check "of a network of relays, one is exempt" warns "" eval '
	p25 static add 2001:db8:25::25 && p25 pool add 2001:db8::/32'
check "a block of a neighbour" warns "" p25 block add 192.0.2.26
p25 flush --all

printf '%s\n' "pool 192.0.2.0/24" "relay 192.0.2.25" > "$scratch/policy"
check "a file with both" warns \
	"$scratch/policy: warning: pool 192.0.2.0/24 covers the relay *" \
	p25 apply "$scratch/policy"
check "it is told once" warns "" eval \
	'echo "static 203.0.113.7" >> "$scratch/policy"; p25 apply "$scratch/policy"'
check "a batch, and the router's own address" warns \
	"-: warning: block 198.51.100.0/24 covers 198.51.100.1, an address of this router: *" \
	eval 'echo "block add 198.51.100.0/24" | p25 -b -'
check "that a pool has one is no news, but with -v" eval '
	p25 flush --all && warns "" p25 pool add 198.51.100.0/24 &&
	p25 flush --all && warns "pool 198.51.100.0/24 covers 198.51.100.1, *" \
		p25 -v pool add 198.51.100.0/24'
check "a block of one that a pool has already" warns \
	"warning: block 198.51.100.0/24 covers 198.51.100.1, an address of *" \
	p25 -o abuse block add 198.51.100.0/24
check "it is told once, too" warns "" p25 block add 198.51.100.0/24

finish
