#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What doesn't fit is refused with a message, and the policy stays as it was:
# entries, owners, comments, and the memory of a control group. The other limits
# are in limits_*; a value out of its range is for netlink_requests.py.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 25
. "$(dirname "$0")/lib/command.sh"

# entries N: a policy file of so many
entries()
{
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "pool 2001:db8:%x:%x::/64\n", i / 65536, i % 65536
	}'
}

# ---- entries ----

p25 pool add 198.51.100.0/24 comment "stays"
p25 set limit 1000
entries 1001 > "$scratch/1001"
check "one entry more than the limit: the file's last line is named" \
	stays refuses 6 "$scratch/1001:1001: *full: raise its limit*" \
	p25 apply "$scratch/1001"
sed 's/pool/pool add/' "$scratch/1001" > "$scratch/batch"
check "so it is in a batch" stays refuses 6 \
	"$scratch/batch:1000: *full: raise its limit*" \
	p25 -b "$scratch/batch"
check "another owner's entries count as well" stays refuses 6 \
	"$scratch/1001:1000: *full: raise its limit*" \
	p25 -o radius apply "$scratch/1001"
check "as many as the limit" eval 'entries 1000 | p25 apply -'
check "not one more" stays refuses 6 '*full: raise its limit*' \
	p25 static add 192.0.2.1
check "the limit doesn't fall below them" stays refuses 6 \
	'*more entries than that*' p25 set limit 999
check "not to nothing" stays refuses 2 '*1 to 33554432*' p25 set limit 0
check "nor does it rise beyond 2^25" stays refuses 2 '*1 to 33554432*' \
	p25 set limit 33554433
check "a limit counts entries, not expired ones" eval '
	p25 pool del 2001:db8::/64 && p25 pool add 192.0.2.0/24 timeout 1s &&
	wait_for p25 pool add 203.0.113.0/24'
empty

# ---- a user namespace ----

# Root of it may set the limit of its own network namespaces, up to a point.
in_user_namespace()
{
	unshare --user --map-root-user --net "$@"
}

check "in a user namespace the limit is 65,536" json_holds '.limit == 65536' \
	in_user_namespace p25ctl -j show
check "not one more" refuses 6 '*user namespace is 65536 at most*' \
	in_user_namespace p25ctl set limit 65537
check "it may be less" in_user_namespace p25ctl set limit 65535

# ---- owners ----

owners()	# N
{
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++)
			print "pool 198.51.100." i - 1 " owner o" i
	}'
}

check "255 owners" eval 'owners 255 | p25 apply --all -'
check "not one more" refuses 6 '*too many owners*' \
	p25 -o one-more pool add 198.51.100.255
check "unless one of them goes" eval \
	'p25 -o o77 flush && p25 -o one-more pool add 198.51.100.255'
check "all are there" json_holds '[.[].owner] | unique | length == 255 and
	contains(["one-more"]) and (index("o77") | not)' p25 -j list
check "show has each of them" json_holds '.owners | length == 255 and .o1 == 1 and
	.["one-more"] == 1' p25 -j show
empty

# ---- comments ----

comment=$(printf 'é%.0s' {1..32})
check "a comment of 64 bytes" p25 pool add 198.51.100.0/24 comment "$comment"
check "not one of 65" stays refuses 2 '*64 bytes*' \
	p25 pool add 198.51.100.0/24 comment "$comment."
check "nor in a file" stays refuses 2 "$scratch/file:1: *64 bytes*" eval '
	echo "pool 192.0.2.0/24 comment \"$comment.\"" > "$scratch/file"
	p25 apply "$scratch/file"'

# ---- memory of a control group ----

cgroup=/sys/fs/cgroup/p25-$$

make_cgroups()
{
	echo +memory > /sys/fs/cgroup/cgroup.subtree_control &&
		mkdir "$cgroup" && on_exit rmdir "$cgroup" &&
		mkdir "$cgroup-first" && on_exit rmdir "$cgroup-first" &&
		echo 8M > "$cgroup/memory.max"
}

# confine: this process, to the control group
confine()
{
	echo "$BASHPID" > "$cgroup/cgroup.procs"
}

# confined COMMAND...: in the control group
confined()
{
	( confine && exec "$@" )
}

none_was_killed()
{
	grep -x 'oom_kill 0' "$cgroup/memory.events"
}

# A namespace's first entry, with room for little more than the process itself: not
# for the list of senders, of 11 MB. All of it on one CPU: what is charged to a
# control group and not used yet is kept per CPU, up to 256 KB, and one CPU may call
# the group out of memory while another one still has to give that back. Writing to
# memory.high does it at once on the writer's own CPU.
first_entry()
{
	local cgroup=$cgroup-first commands=$scratch/commands

	taskset -cp 0 "$BASHPID" || return
	mkfifo "$commands"
	{ confine && exec unshare --net p25ctl -b "$commands"; } \
		2> "$scratch/error" &
	exec 8> "$commands"
	echo "set inbound on" >&8	# once that is done, all of it is there
	wait_for has_read_all $! "$commands" || return
	echo 0 > "$cgroup/memory.high"
	echo max > "$cgroup/memory.high"
	echo $(($(< "$cgroup/memory.current") + 200000)) > "$cgroup/memory.max"
	echo "pool add 198.51.100.0/24" >&8
	exec 8>&-
	wait $!
	cat "$scratch/error" "$cgroup/memory.events"
	grep memory "$scratch/error" && none_was_killed
}

entries 100000 > "$scratch/large"
if grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
	make_cgroups || { echo "Bail out! no control groups"; exit 1; }
	check "a file that its control group has no memory for" stays \
		refuses 6 "$scratch/large:*: no memory for*" \
		confined p25ctl -n "$box" apply "$scratch/large"
	note "$(grep -o ':[0-9]*: .*' "$scratch/error")"
	check "no process was killed for it" none_was_killed
	check "nor for a namespace's first entry" first_entry
	check "one that fits" confined p25ctl -n "$box" apply "$scratch/1001"
	check "and without a control group, the large one" \
		p25 apply "$scratch/large"
else
	for _ in {1..5}; do
		skip "memory of a control group" "this kernel has none"
	done
fi

finish
