#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is done, and may be a mistake all the same: warnings, and notes that only a
# terminal gets, or -v.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 13
. "$(dirname "$0")/lib/command.sh"

# ---- a namespace in which nothing is forwarded ----

lonely='warning: this network namespace has no interface but lo*'

# alone COMMAND...: in a namespace of its own
alone()
{
	unshare -n bash -c '"$@"; echo "status $?"' bash "$@" 2>&1
}

# says PATTERN COMMAND...: all that it prints, in order
says()
{
	local pattern=$1 got

	shift
	got=$("$@" 2>&1)
	# shellcheck disable=SC2053 # a glob is wanted
	[[ $got == $pattern ]] && return
	printf 'wanted: %s\ngot:\n%s\n' "$pattern" "$got"
	return 1
}

echo "pool 198.51.100.0/24" > "$scratch/policy"
echo "pool add 198.51.100.0/24" > "$scratch/batch"
check "apply where there is no interface" says \
	"p25ctl: $lonely"$'\nstatus 0' alone p25ctl apply "$scratch/policy"
check "add where there is none" says "p25ctl: $lonely"$'\nstatus 0' \
	alone p25ctl pool add 198.51.100.0/24
check "a batch where there is none" says "p25ctl: $lonely"$'\nstatus 0' \
	alone p25ctl -b "$scratch/batch"
check "with -n it is meant" says "" p25 apply "$scratch/policy"
netns_add router
ip -n "$(netns router)" link add sub type veth peer name srv
check "where there are interfaces, nothing is said" says "" \
	router p25ctl apply "$scratch/policy"

# ---- a timeout is taken away ----

p25 optout add 198.51.100.7 timeout 8h
check "a timeout is taken away: -v says so" says \
	'p25ctl: optout 198.51.100.7 had a timeout of *h*, and has none now' \
	p25 -v optout add 198.51.100.7
check "there was none" says "" p25 -v optout add 198.51.100.7
p25 optout add 198.51.100.7 timeout 8h
check "programs hear nothing" says "" p25 optout add 198.51.100.7
p25 optout add 198.51.100.7 timeout 8h
check "a terminal does" says \
	'*optout 198.51.100.7 had a timeout of *' \
	script -qec "p25ctl -n $box optout add 198.51.100.7" /dev/null

# ---- the policy file's owner ----

# with_policy_file COMMAND...: with an /etc/p25/policy that only COMMAND sees
with_policy_file()
{
	unshare -m bash -c 'mount -t tmpfs tmpfs /etc && mkdir /etc/p25 &&
		: > /etc/p25/policy && exec "$@"' bash "$@"
}
check "by hand, for the policy file's owner: -v says so" says \
	'p25ctl: entries that are not in /etc/p25/policy are deleted when *' \
	with_policy_file ip netns exec "$(netns router)" \
	p25ctl -v static add 198.51.100.8
check "for another owner nothing is said" says "" \
	with_policy_file ip netns exec "$(netns router)" \
	p25ctl -v -o desk static add 198.51.100.8
check "a setting by hand: -v says so" says \
	'p25ctl: settings that /etc/p25/policy gives are set again when *' \
	with_policy_file ip netns exec "$(netns router)" \
	p25ctl -v set inbound on
check "with -n, nothing is said: the file is not for that" says "" \
	with_policy_file p25ctl -n "$box" -v set inbound on

finish
