# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of the command share; to be sourced after lib.sh.
#
# A command is run in a namespace of the test's own, "box", that has nothing in
# it but a policy: "p25 pool list" there is "p25ctl pool list" here.

netns_add box || exit
box=$(netns box)
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"

p25()
{
	p25ctl -n "$box" "$@"
}

# prints WANT COMMAND...: COMMAND succeeds, and prints exactly WANT
prints()
{
	local want=$1 got

	shift
	got=$("$@" 2>&1) || { echo "failed: $got"; return 1; }
	[ "$got" = "$want" ] && return
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$got"
	return 1
}

# prints_json WANT COMMAND...: COMMAND prints one JSON document, equal to WANT
prints_json()
{
	json_holds ". == ($1)" "${@:2}"
}

# json_holds FILTER COMMAND...: FILTER is true of the JSON that COMMAND prints
json_holds()
{
	local filter=$1 got

	shift
	got=$("$@") || { echo "failed"; return 1; }
	jq -es "length == 1 and (.[0] | ($filter))" <<< "$got" > /dev/null &&
		return
	printf 'wanted: %s\ngot:\n%s\n' "$filter" "$got"
	return 1
}

# refuses STATUS PATTERN COMMAND...: COMMAND exits with STATUS, prints nothing
# but one line on standard error, "p25ctl: ...", that matches PATTERN (a glob)
refuses()
{
	local status=$1 pattern=$2 got error

	shift 2
	got=$("$@" 2> "$scratch/error")
	set -- "$status" "$?" "$@"
	error=$(< "$scratch/error")
	# shellcheck disable=SC2053 # a glob is wanted
	[ "$1" = "$2" ] && [ -z "$got" ] && [[ $error != *$'\n'* ]] &&
		[[ $error == 'p25ctl: '$pattern ]] && return
	printf 'wanted: %s, p25ctl: %s\ngot: %s, %s\n%s\n' "$1" "$pattern" \
		"$2" "$error" "$got"
	return 1
}

# policy: the policy without what no two moments have in common
policy()
{
	p25 save | grep -v '^#'
}

# stays COMMAND...: COMMAND succeeds, and the policy is the same afterwards
stays()
{
	policy > "$scratch/stays" || return
	"$@" || return
	policy | diff "$scratch/stays" -
}

# empty: the policy as a namespace begins with it
empty()
{
	p25 flush --all && p25 set action drop inbound on limit 4194304 \
		senders 65536 guard off
}
