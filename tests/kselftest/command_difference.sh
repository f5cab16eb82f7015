#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "apply" of a file that differs in little sends little, and makes the policy
# what loading the file as a whole makes it.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib.sh"
plan 13
. "$(dirname "$0")/command_lib.sh"

many=20000

# The policy without counters, and without what depends on the second.
stable_policy()
{
	p25 save | sed '/^#/d; s/ packets .*//'
}

make_file()
{
	awk -v n="$many" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "static 10.%d.%d.%d comment \"no. %d\"\n",
			       i / 65536, i / 256 % 256, i % 256, i
	}'
	echo 'pool 198.51.100.0/24'
	echo 'optout 2001:db8::1 expires 2038-01-19T03:14:07Z'
}

# sent COMMAND...: how many messages p25ctl sends; its own output is dropped
sent()
{
	strace -f -qq -e trace=sendmsg -o "$scratch/trace" \
		p25ctl -n "$box" "$@" > /dev/null || return
	grep -c sendmsg "$scratch/trace"
}

few()
{
	local n

	n=$(sent apply "$1") || return
	echo "$n messages"
	[ "$n" -le 12 ]
}

# same_as_loaded FILE: the policy is what a load of FILE makes of nothing
same_as_loaded()
{
	stable_policy > "$scratch/got"
	p25 flush && p25 apply - < "$1" && stable_policy > "$scratch/want" &&
		diff "$scratch/want" "$scratch/got" | head
	cmp -s "$scratch/want" "$scratch/got"
}

make_file > "$scratch/a"
sed -e '500s/no. .*"/changed"/' -e '7000d' -e '$d' "$scratch/a" > "$scratch/b"
echo 'block 203.0.113.0/24' >> "$scratch/b"

check "the first load needs many messages" eval \
	'[ "$(sent apply "$scratch/a")" -gt 20 ]'
check "the same file again needs few" few "$scratch/a"
check "four lines that differ need few" few "$scratch/b"
check "and the policy is the file" same_as_loaded "$scratch/b"
check "entries that stay keep their place in both directions" eval \
	'few "$scratch/a" && same_as_loaded "$scratch/a"'

p25 -o radius optout add 10.0.0.1 timeout 1h
check "another owner's entries are left alone" eval \
	'few "$scratch/b" && p25 -o radius list | grep -q 10.0.0.1'
check "with --all they go" eval \
	'p25 apply --all "$scratch/b" && ! p25 list | grep -q radius'

echo 'action monitor' >> "$scratch/b"
check "a setting alone is a difference" eval \
	'few "$scratch/b" && p25 show | grep -q "action *monitor"'

cat "$scratch/b" > "$scratch/c"
echo 'static 10.0.0.5 comment "the last one counts"' >> "$scratch/c"
check "of two lines for an entry, the last one counts" eval \
	'few "$scratch/c" && p25 static list 10.0.0.5 | grep -q "last one"'

echo 'optout 192.0.2.9 timeout 1h' >> "$scratch/c"
p25 apply "$scratch/c"
p25 optout add 192.0.2.9 timeout 60
renewed()
{
	few "$scratch/c" && p25 -j optout list 192.0.2.9 |
		jq -e '.[0].timeout > 3000'
}
check "a timeout is renewed" renewed

sed -i '9000s/.*/static 10.300.0.1/' "$scratch/c"
before=$(stable_policy | sha256sum)
misread()
{
	p25 apply "$scratch/c" 2> "$scratch/err"
	[ $? = 2 ] && grep -q ':9000: ' "$scratch/err" &&
		[ "$(stable_policy | sha256sum)" = "$before" ]
}
check "an error names the line, and nothing is changed" misread

full()
{
	local entries

	entries=$(p25 -j show | jq '[.entries[]] | add')
	p25 set limit "$entries"
	echo 'static 192.0.2.77' >> "$scratch/a"
	echo 'static 192.0.2.78' >> "$scratch/a"
	cp "$scratch/a" "$scratch/d"
	p25 apply "$scratch/d" 2> "$scratch/err"
	[ $? = 1 ] && cat "$scratch/err" &&
		grep -q ":$((entries + 1)): .*full" "$scratch/err"
}
p25 flush
p25 apply "$scratch/a"
check "one entry too many is named by its line" full
check "and the others are as they were" eval '! p25 list | grep -q 192.0.2.7'

finish
