#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An entry's own action: in commands, lists, files and what is compared with them.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 31
. "$(dirname "$0")/lib/command.sh"

# ---- commands ----

check "pool add, with each action" eval 'for action in drop reject prohibit monitor; do
	p25 pool add 198.51.100.0/24 action $action &&
	p25 pool list | grep "^pool 198.51.100.0/24 action $action packets" || return
done'
check "block add, beside other options, in any order" eval \
	'p25 block add 198.51.100.7 2001:db8::7 comment "x y" action prohibit timeout 1h &&
	p25 block list | grep -c "timeout .* action prohibit comment \"x y\""'
check "it is listed in JSON" json_holds 'map(.action) ==
	["monitor", "prohibit", "prohibit"]' p25 -j list
check "check says it" prints \
	'accept (monitor; would drop): pool 198.51.100.0/24 action monitor' \
	p25 check 198.51.100.9
check "and in JSON" json_holds '.verdict == "accept" and .would == "drop" and
	.action == "monitor" and .reason == "pool"' p25 -j check 198.51.100.9
p25 set action reject
check "would: what is set" json_holds '.would == "reject"' \
	p25 -j check 198.51.100.9
p25 set action prohibit
check "the same of prohibit" prints \
	'accept (monitor; would prohibit): pool 198.51.100.0/24 action monitor' \
	p25 check 198.51.100.9
p25 set action monitor
check "of monitor: drop" json_holds '.would == "drop"' p25 -j check 198.51.100.9
p25 set action drop
quiet()
{
	p25 -q check "$1"
	echo $?
}
check "check -q: status 12 is prohibit" prints 12 quiet 198.51.100.7
p25 set action prohibit
p25 pool add 198.51.100.0/24
check "so it is where it is set" prints 12 quiet 198.51.100.9
check "show says it" json_holds '.action == "prohibit"' p25 -j show
check "add without an action has taken it away" prints \
	'pool 198.51.100.0/24 packets 0 bytes 0' p25 pool list
p25 set action drop

# ---- refusals ----

for kind in relay static optout; do
	check "$kind can have none" refuses 2 \
		'unexpected option "action": only pool and block can have one' \
		p25 "$kind" add 192.0.2.1 action drop
done
check "nor can it be another word" refuses 2 \
	'unknown action "accept"; expected one of: *' \
	p25 pool add 192.0.2.0/24 action accept
check "it is not what tells entries apart" refuses 2 \
	'unexpected argument "action": "del" takes only prefixes*' \
	p25 block del 198.51.100.7 action prohibit

# ---- files ----

empty
cat > "$scratch/file" <<-EOF
	action drop
	pool 198.51.100.0/24 action monitor comment "new"
	pool 203.0.113.0/24
	block 198.51.100.7 action prohibit
	block 2001:db8::7 expires 2080-01-01T00:00:00Z action reject
EOF
check "apply" p25 apply "$scratch/file"
check "save" prints 'action drop
inbound on
limit 4194304
senders 65536
guard off
pool 198.51.100.0/24 action monitor comment "new"
pool 203.0.113.0/24
block 198.51.100.7 action prohibit
block 2001:db8::7 expires 2080-01-01T00:00:00Z action reject' policy
check "save in JSON" json_holds '.entries | map(.action) ==
	["monitor", null, "prohibit", "reject"]' p25 -j save
check "what is saved changes nothing" stays eval 'p25 save | p25 apply --all -'
check "nor does the file" prints '0 added, 0 changed, 0 deleted, 4 unchanged' \
	p25 apply --dry-run "$scratch/file"
check "what is listed is a file, too" stays eval 'p25 list | p25 apply -'

# The digests must tell: only what differs is sent.
sed -i 's/action monitor comment/comment/; s/^pool 203.*/& action drop/;
	s/prohibit/reject/' "$scratch/file"
check "--dry-run says what would change" prints \
	'~ pool 198.51.100.0/24 comment "new" (was: action monitor comment "new")
~ pool 203.0.113.0/24 action drop (was: no timeout, no action, no comment)
~ block 198.51.100.7 action reject (was: action prohibit)
0 added, 3 changed, 0 deleted, 1 unchanged' p25 apply --dry-run "$scratch/file"
check "and in JSON" json_holds '.changed | map([.action, .was.action]) ==
	[[null, "monitor"], ["drop", null], ["reject", "prohibit"]]' \
	p25 -j apply --dry-run "$scratch/file"
check "apply changes it" eval 'p25 apply "$scratch/file" &&
	p25 list | grep -c "pool 203.*action drop\|pool 198.*\"new\"\|block.*action reject" |
	grep 4'
check "of two lines for an entry, the last one counts" eval \
	'echo "pool 203.0.113.0/24" >> "$scratch/file" &&
	p25 apply "$scratch/file" && p25 pool list 203.0.113.0/24 |
	grep "0/24 packets"'
check "a file that is loaded as a whole" eval 'p25 flush --all &&
	{ cat "$scratch/file"; seq -f "static 2001:db8:2::%g timeout 1h" 2000; } |
	p25 apply - && p25 list 198.51.100.7 | grep "action reject"'

# ---- batches ----

check "a batch is made all or none" eval \
	'! printf "pool add 203.0.113.0/24 action reject\nblock del 192.0.2.77\n" |
	p25 -b - && p25 pool list 203.0.113.0/24 | grep "0/24 packets"'
check "in its order" eval '{ echo "pool add 203.0.113.0/24 action reject"
	echo "pool add 203.0.113.0/24 action monitor"; } | p25 -b - &&
	p25 pool list 203.0.113.0/24 | grep "action monitor packets"'
check "what is flushed has none when it comes again" eval \
	'p25 flush --all && p25 pool add 203.0.113.0/24 &&
	prints "drop: pool 203.0.113.0/24" p25 check 203.0.113.1'

finish
