#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "apply" of a file that differs in little sends little, and makes the policy
# what loading the file as a whole makes it.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib.sh"
plan 23
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

wrong()
{
	echo "$*"
	return 1
}

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

# ---- a limit counts wherever in the file it stands ----

# limited OLD LIMIT FILTER: there are OLD entries, and no room for more. A file of
# ten, and the line LIMIT, which FILTER leaves at the end or brings to the top, is
# applied in every way there is
limited()
{
	local old=$1 limit=$2 filter=$3 how

	{ numbered 10; echo "$limit"; } | $filter > "$scratch/limited"
	for how in "file" "pipe" "--all" "redirection" "owner"; do
		empty
		numbered "$old" | p25 apply - && p25 set limit "$old" || return
		apply_by "$how" 2> "$scratch/err" ||
			wrong "$how: $(< "$scratch/err")" || return
		[ "$(p25 list | wc -l) $(policy | grep limit)" = "10 $limit" ] ||
			wrong "$how: $(policy | head)" || return
	done
}

numbered()
{
	seq -f 'static 192.0.2.%.0f' "$1"
}

apply_by()
{
	case $1 in
	file) p25 apply "$scratch/limited" ;;
	pipe) p25 apply <(cat "$scratch/limited") ;;
	--all) p25 apply --all - < <(cat "$scratch/limited") ;;
	redirection) p25 apply - < "$scratch/limited" ;;
	owner) p25 flush && p25 -o radius apply "$scratch/limited" ;;
	esac
}

check "a lower limit on the first line" limited 20 "limit 10" tac
check "a lower limit on the last line" limited 20 "limit 10" cat
check "a higher limit on the first line" limited 5 "limit 10" tac
check "a higher limit on the last line" limited 5 "limit 10" cat

{ echo "# ten"; echo "limit 9"; numbered 10; } > "$scratch/limited"
check "a limit that is too low is named by its line" refuses 1 \
	"$scratch/limited:2: limit 9: there are more entries than that" \
	p25 apply "$scratch/limited"
empty
check "in a first load, too" refuses 1 \
	'-:2: limit 9: there are more entries than that' \
	eval 'p25 apply - < <(cat "$scratch/limited")'

# ---- what can come in between ----

# slowly DELAY ARGUMENT...: p25ctl, to which each message from the kernel takes
# DELAY ms, while somebody else changes the policy all the time
slowly()
{
	local delay=$1 changes status

	shift
	rm -f "$scratch/stop"
	printf 'optout add 192.0.2.%d timeout 1h\n' 9 10 > "$scratch/changes"
	until [ -e "$scratch/stop" ]; do
		p25 -o radius -b "$scratch/changes"
	done &
	changes=$!
	strace -f -qq -o "$scratch/trace" -e trace=recvmsg \
		-e inject=recvmsg:delay_exit="$delay"000 p25ctl -n "$box" "$@"
	status=$?
	: > "$scratch/stop"
	wait "$changes"
	p25 -o radius flush
	return "$status"
}

p25 flush
p25 set limit 4194304
p25 apply "$scratch/b"
sed 's/\.\(.\) comment.*/.\1 comment "another one"/' "$scratch/b" > "$scratch/e"
check "the listing is interrupted: the file is loaded as a whole" \
	slowly 20 apply "$scratch/e"
check "and the policy is the file" same_as_loaded "$scratch/e"

# told K: if the K-th message from the kernel can't be received, p25ctl says so; or
# it finds another way, and the policy is the file
told()
{
	p25 apply "$scratch/f" || return
	if strace -f -qq -o "$scratch/trace" -e trace=recvmsg \
		-e inject=recvmsg:error=ENOBUFS:when="$1" \
		p25ctl -n "$box" apply "$scratch/g" 2> "$scratch/err"; then
		p25 apply --dry-run "$scratch/g" | grep '^0 .* 0 .* 0 '
	else
		grep '^p25ctl: ' "$scratch/err"
	fi
}

always_told()
{
	local k

	for k in {1..16}; do
		told "$k" || wrong "message $k: $(< "$scratch/err")" || return
	done
}

empty
printf '%s\n' 'pool 192.0.2.0/24' 'pool 198.51.100.0/24' > "$scratch/f"
printf '%s\n' 'static 192.0.2.7' 'pool 198.51.100.0/24' > "$scratch/g"
check "no failure is kept quiet" always_told

# A script takes the status for it; a human sees what there is, and the note.
incomplete()
{
	local status

	slowly 300 -j list > "$scratch/got" 2> "$scratch/err"
	status=$?
	echo "status $status: $(< "$scratch/err")"
	[ "$status" = 1 ] && grep -q 'entries may be missing' "$scratch/err" &&
		jq -e 'length >= 1000' "$scratch/got"
}

head -n 1000 "$scratch/a" | p25 apply -
check "a list that is interrupted each time fails" incomplete

finish
