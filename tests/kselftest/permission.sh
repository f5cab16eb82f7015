#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without CAP_NET_ADMIN in the user namespace that owns the network namespace
# nothing is allowed, not even to read.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 11
. "$(dirname "$0")/lib/command.sh"

# Users that aren't root can't look into every tree.
chmod 755 "$scratch"
command=$scratch/p25ctl
cp "$(command -v p25ctl)" "$command"

# Enter by nsenter, which is faster than ip.
in_box()
{
	nsenter --net="/run/netns/$box" "$@"
}

without_right()
{
	in_box setpriv --bounding-set -net_admin --inh-caps -net_admin \
		--ambient-caps -net_admin "$@"
}

as_nobody()
{
	in_box setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

commands='list
monitor
show
pool add 192.0.2.0/24'

more_commands='pool list
check 198.51.100.7 203.0.113.25
save
senders
senders flush
pool del 198.51.100.0/24
flush --all
-o radius static flush
set action monitor
apply -
apply --dry-run -
-b -'

# are_refused COMMANDS HOW...: each of the lines is, if it is run by HOW
are_refused()
{
	local lines=$1 words

	shift
	while read -ra words; do
		refuses 5 '*not permitted*CAP_NET_ADMIN*' \
			"$@" "$command" "${words[@]}" <<< "#" || return
	done <<< "$lines"
}

p25 pool add 198.51.100.0/24
policy > "$scratch/before"

check "root without CAP_NET_ADMIN" are_refused \
	"$commands"$'\n'"$more_commands" without_right
check "nobody" are_refused "$commands" as_nobody
check "root of a user namespace, in a network namespace that isn't its own" \
	are_refused "$commands" in_box unshare -Ur
check "nothing has changed" eval 'policy | diff "$scratch/before" -'
check "the right alone is enough" in_box setpriv --reuid 65534 \
	--regid 65534 --clear-groups --inh-caps +net_admin \
	--ambient-caps +net_admin "$command" pool add 192.0.2.0/24
check "it is done" json_holds '.entries.pool == 2' p25 -j show

check "root of a user namespace rules its own network namespace" prints \
	"pool 203.0.113.0/24" in_box unshare -Urn bash -c '
		"$0" pool add 203.0.113.0/24 2> /dev/null &&
		"$0" set action reject &&
		"$0" save | grep ^pool' "$command"
check "and no other" json_holds '.entries.pool == 2 and .action == "drop"' \
	p25 -j show
check "it can't enter another" refuses 5 "*\"$box\"*CAP_SYS_ADMIN*" \
	unshare -Urn "$command" -n "$box" list
check "a user who isn't root neither" refuses 5 "*\"$box\"*CAP_SYS_ADMIN*" \
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$command" -n "$box" list
check "help needs no right" eval 'as_nobody "$command" help &&
	as_nobody "$command" pool help && as_nobody "$command" --version'

finish
