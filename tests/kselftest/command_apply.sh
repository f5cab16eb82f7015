#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Policy files and batches: save, apply, -b. All of it or nothing.

# shellcheck disable=SC2016,SC2034,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 36

. "$(dirname "$0")/lib/command.sh"

# fails_with MESSAGE COMMAND...: whatever else it prints, it fails with this
fails_with()
{
	local message=$1 status=0

	shift
	"$@" > /dev/null 2> "$scratch/error" || status=$?
	[ "$status" = 1 ] && [ "$(< "$scratch/error")" = "p25ctl: $message" ]
}

many=20000

# numbered N WORDS: N lines, each with WORDS, a prefix of its own and a comment
numbered()
{
	awk -v n="$1" -v words="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "%s 2001:db8:%x:%x::/64 comment \"no. %d\"\n",
			       words, i / 50000 + 1, i % 50000 + 1, i
	}'
}

# ---- save | apply --all - changes nothing ----

p25 set action monitor inbound off limit 100000
p25 pool add 198.51.100.0/24 2001:db8:100::/48
p25 --wide pool add 0.0.0.0/0 comment 'a "quoted" word, a back\slash and a # sign'
p25 --wide relay add ::/0 comment 'Überlänge: €, 漢字'
p25 optout add 198.51.100.7 timeout 8h comment "call 0815"
p25 -o radius optout add 198.51.100.7 timeout 90m
later=$(date -u -d '+30 days' +%FT%TZ)
p25 -o a.b_c-9 static add 198.51.100.64/28 expires "$later"
p25 -o radius block add 198.51.100.70
policy > "$scratch/before"

unchanged()
{
	policy | diff "$scratch/before" -
}

round_trip()
{
	p25 save | p25 apply --all -
}

check "save has it all" prints 13 eval 'wc -l < "$scratch/before"'
check "save | apply --all - succeeds" round_trip
check "and changes nothing" unchanged
check "not even the second time" eval 'round_trip && unchanged'
check "save | apply --all - --dry-run sees no change" prints \
	"0 added, 0 changed, 0 deleted, 8 unchanged" \
	eval 'p25 save | p25 apply --all - --dry-run'
check "an owner's save is that owner's file" \
	eval 'p25 -o radius save | p25 -o radius apply - && unchanged'
check "save in JSON" json_holds '.settings == {action: "monitor",
	inbound: "off", limit: 100000, senders: 65536, guard: []} and (.entries | length == 8) and
	([.entries[] | select(.owner == "a.b_c-9")] == [{kind: "static",
	prefix: "198.51.100.64/28", owner: "a.b_c-9",
	expires: "'"$later"'"}])' p25 -j save

# ---- apply for one owner ----

cat > "$scratch/policy" <<-EOT
	# what radius wants now

	action	drop
	pool	198.51.100.0/24		# and nothing else
	  optout 198.51.100.7 timeout 1h comment "new"
EOT
check "--dry-run tells what would change" prints \
	'set action monitor -> drop
+ pool 198.51.100.0/24 owner radius
~ optout 198.51.100.7 owner radius timeout LEFT comment "new"
- block 198.51.100.70 owner radius
1 added, 1 changed, 1 deleted, 0 unchanged' eval \
	'p25 -o radius apply "$scratch/policy" --dry-run |
	sed "s/timeout [0-9hms]*/timeout LEFT/; s/ (was.*//"'
check "--dry-run in JSON" json_holds '.settings == {action:
	{from: "monitor", to: "drop"}} and (.added | length) == 1 and
	(.changed | length) == 1 and (.deleted | length) == 1 and
	.unchanged == 0' p25 -j -o radius apply "$scratch/policy" --dry-run
check "and changes nothing" unchanged
check "apply" p25 -o radius apply "$scratch/policy"
check "makes the owner's entries those of the file" prints \
	'pool 198.51.100.0/24 owner radius
optout 198.51.100.7 owner radius comment "new"' eval \
	'p25 -o radius save | sed "/^#/d; s/ expires [^ ]*//"'
check "and leaves the others alone" eval \
	'diff <(grep -vE "owner radius|^action" "$scratch/before") \
		<(policy | grep -vE "owner radius|^action")'
check "settings change if the file gives them" json_holds \
	'.action == "drop" and .inbound == "off"' p25 -j show

# ---- an error anywhere: nothing happens ----

policy > "$scratch/before"
{ numbered $((many - 1)) pool; echo "pool 198.51.100.1/24"; } \
	> "$scratch/bad"
check "an error in line $many is named" refuses 2 \
	"$scratch/bad:$many: invalid prefix \"198.51.100.1/24\": host bits set*198.51.100.0/24*" \
	p25 apply "$scratch/bad"
check "and nothing has changed" unchanged
{ numbered $((many - 1)) "pool add"; echo "static del 192.0.2.1"; } \
	> "$scratch/batch"
for how in "" --dry-run; do
	check "an endless pipe is refused, not kept until memory is full" \
		refuses 1 "-: more than 256 MiB from a pipe: *" \
		eval 'yes "# no end" | p25 apply $how -'
	check "so is one without a byte, whose writer has failed" \
		refuses 2 "-: the file is empty: *" \
		eval 'true | p25 apply $how -'
done
: > "$scratch/empty"
check "or such a file" refuses 2 "$scratch/empty: the file is empty: *" \
	p25 apply "$scratch/empty"
check "and nothing has changed" unchanged
check "what the kernel misses in line $many of a batch is named" refuses 3 \
	"$scratch/batch:$many: \"192.0.2.1\": owner \"admin\" has no such entry" \
	p25 -b "$scratch/batch"
check "and nothing has changed" unchanged
p25 set limit 1000
policy > "$scratch/before"
numbered 1001 static > "$scratch/large"
check "a file that exceeds the limit names its first line too many" refuses 6 \
	"$scratch/large:1001: *the policy is full*" p25 apply --all \
	"$scratch/large"
check "and nothing has changed" unchanged
check "--dry-run finds that as well" fails_with \
	"$scratch/large: there would be 1001 entries; the limit is 1000" \
	p25 apply --all --dry-run "$scratch/large"
p25 flush --all
p25 -o radius optout add 203.0.113.0/24
numbered 1000 static > "$scratch/full"
check "counting others' entries" fails_with \
	"$scratch/full: there would be 1001 entries; the limit is 1000" \
	p25 apply --dry-run "$scratch/full"
check "but not with --all" p25 apply --all --dry-run "$scratch/full"
p25 -o radius flush

# ---- large files, batches ----

empty
numbered $many pool > "$scratch/large"
check "apply of $many lines" p25 apply "$scratch/large"
check "all are there" json_holds ".entries.pool == $many" p25 -j show
check "save gives them all" prints 0 eval \
	'p25 save | grep ^pool | sort | cmp - <(sort "$scratch/large"); echo $?'
check "a batch replaces them at once" p25 -b - <<-EOT
	# by other words
	flush --all
	pool add 198.51.100.0/24 2001:db8:100::/48 timeout 1h

	set action reject
	static add 198.51.100.64/28 comment "acct 4711"
EOT
check "by what it says" prints \
	'action reject
inbound on
limit 4194304
senders 65536
guard off
pool 198.51.100.0/24
pool 2001:db8:100::/48
static 198.51.100.64/28 comment "acct 4711"' \
	eval 'policy | sed "s/ expires [^ ]*//"'
policy > "$scratch/before"
check "a batch from a pipe names its line as well" refuses 2 \
	'-:2: unknown object "fulsh"*"flush"*' p25 -b - <<-EOT
	pool add 192.0.2.0/24
	fulsh
EOT
check "and nothing has changed" unchanged

finish
