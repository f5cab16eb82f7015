#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each network namespace has a policy of its own, and takes it along when it
# goes.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 12
. "$(dirname "$0")/lib/command.sh"
netns_add other
other=$(netns other)

host_policy()
{
	p25ctl save | grep -v '^#'
}

host_policy > "$scratch/host"
p25 pool add 198.51.100.0/24 2001:db8:100::/48
p25 set action reject inbound off limit 1000
check "entries of one aren't there in another" prints "" \
	p25ctl -n "$other" list
check "nor are its settings" json_holds '.action == "drop" and
	.inbound == "on" and .limit == 4194304' p25ctl -n "$other" -j show
check "nor do they judge there" json_holds '.reason == "none"' \
	p25ctl -n "$other" -j check 198.51.100.7 203.0.113.25
p25ctl -n "$other" static add 198.51.100.0/24
p25ctl -n "$other" flush --all
check "flush is about one of them" json_holds '.entries.pool == 2' p25 -j show
check "this machine's own policy is what it was" \
	eval 'host_policy | diff "$scratch/host" -'

# A transaction that is open while its namespace goes.
mkfifo "$scratch/batch"
p25ctl -n "$other" -b "$scratch/batch" &
batch=$!
exec 9> "$scratch/batch"
echo "pool add 198.51.100.0/24" >&9
check "a namespace with an open transaction can be deleted" eval '
	wait_for has_read_all $batch "$scratch/batch" && ip netns del "$other"'
echo "pool add 203.0.113.0/24" >&9
exec 9>&-
wait $batch
status=$?
check "its socket can still commit" [ $status = 0 ]
ip netns add "$other" || exit
check "a new one of that name knows nothing of it" prints "" \
	p25ctl -n "$other" list

churn()
{
	local i

	for ((i = 0; i < 4; i++)); do
		ip netns add "$lib_prefix-churn" &&
			p25ctl -n "$lib_prefix-churn" -b - <<-EOT &&
				pool add 198.51.100.0/24 2001:db8:100::/48
				relay add 192.0.2.25 timeout 1
				set action monitor
			EOT
			ip netns del "$lib_prefix-churn" || return
	done
}
on_exit ip netns del "$lib_prefix-churn"
check "namespaces come and go with their policies" churn
check "the others don't notice" json_holds '.entries.pool == 2 and
	.action == "reject"' p25 -j show

is_elsewhere()		# PID
{
	local its own

	its=$(readlink "/proc/$1/ns/net") && own=$(readlink /proc/self/ns/net) &&
		[ "$its" != "$own" ]
}

by_path()
{
	local path=/proc/$1/ns/net

	wait_for is_elsewhere "$1" &&
		p25ctl -n "$path" pool add 192.0.2.0/24 &&
		prints "pool 192.0.2.0/24 packets 0 bytes 0" \
			p25ctl -n "$path" list
}

unshare -n sleep infinity > /dev/null &
on_exit kill $!
check "by path, a namespace without a name" by_path $!
check "this machine's own policy is still what it was" \
	eval 'host_policy | diff "$scratch/host" -'

finish
