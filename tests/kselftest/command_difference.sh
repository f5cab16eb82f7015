#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "apply" of a file that differs in little sends little, and makes the policy
# what loading the file as a whole makes it.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 26
. "$(dirname "$0")/lib/command.sh"

# The longest comments there are, so that few entries make many messages.
many=4000
long='as long as comments can be: it fills messages, that is all'

# At each message to the kernel or from it, the test can have its say.
library=$(command -v intercept_preload.so) ||
	{ echo "Bail out! there is no intercept_preload.so"; exit 1; }

# The policy without counters, and without what depends on the second.
stable_policy()
{
	p25 save | sed '/^#/d; s/ packets .*//'
}

make_file()
{
	awk -v n="$many" -v long="$long" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "static 2001:db8:1::%x comment \"%d: %s\"\n",
			       i, i, long
	}'
	echo 'pool 198.51.100.0/24'
	echo "optout 2001:db8::1 expires $(date -u -d '+30 days' +%FT%TZ)"
}

# sent ARGUMENT...: how many messages p25ctl sends; its own output is dropped
sent()
{
	: > "$scratch/sent"
	LD_PRELOAD=$library ON_SEND="echo >> $scratch/sent" \
		p25ctl -n "$box" "$@" > /dev/null || return
	wc -l < "$scratch/sent"
}

# few FILE, many FILE: apply sends what differs, or the file as a whole
few()
{
	local n

	n=$(sent apply "$1") || return
	echo "$n messages"
	[ "$n" -ge 1 ] && [ "$n" -le 16 ]
}

many()
{
	local n

	n=$(sent apply "$1") || return
	echo "$n messages"
	[ "$n" -ge 18 ]
}

# same_as_loaded FILE: the policy is what a load of FILE makes of nothing
same_as_loaded()
{
	stable_policy > "$scratch/got" && p25 flush --all && p25 apply - < "$1" &&
		stable_policy > "$scratch/want" || return
	diff "$scratch/want" "$scratch/got"
}

make_file > "$scratch/a"
sed -e '500s/".*"/"changed"/' -e '3000d' -e '$d' "$scratch/a" > "$scratch/b"
echo 'block 203.0.113.0/24' >> "$scratch/b"

wrong()
{
	echo "$*"
	return 1
}

check "the first load needs many messages" many "$scratch/a"
check "the same file again needs few" few "$scratch/a"
check "four lines that differ need few" few "$scratch/b"
check "and the policy is the file" same_as_loaded "$scratch/b"
check "entries that stay keep their place in both directions" eval \
	'few "$scratch/a" && same_as_loaded "$scratch/a"'

p25 -o radius optout add 2001:db8:1::1 timeout 1h
check "another owner's entries are left alone" eval \
	'few "$scratch/b" && p25 -o radius list | grep 2001:db8:1::1'
check "with --all they go" eval \
	'p25 apply --all "$scratch/b" && prints "" p25 -o radius list'

echo 'action monitor' >> "$scratch/b"
check "a setting alone is a difference" eval \
	'few "$scratch/b" && p25 show | grep "action *monitor"'

cat "$scratch/b" > "$scratch/c"
echo 'static 2001:db8:1::5 comment "the last one counts"' >> "$scratch/c"
check "of two lines for an entry, the last one counts" eval \
	'few "$scratch/c" && p25 static list 2001:db8:1::5 | grep "last one"'

echo 'optout 192.0.2.9 timeout 1h' >> "$scratch/c"
p25 apply "$scratch/c"
p25 optout add 192.0.2.9 timeout 60
renewed()
{
	few "$scratch/c" && p25 -j optout list 192.0.2.9 |
		jq -e '.[0].timeout > 60'
}
check "a timeout is renewed" renewed

sed -i '2500s/.*/static 192.300.0.2/' "$scratch/c"
check "an error names the line, and nothing is changed" stays \
	refuses 2 "$scratch/c:2500: *" p25 apply "$scratch/c"

# Timeouts differ in any case: many of them are not read to the end to find that out.
timeouts()
{
	awk 'BEGIN { for (i = 0; i < 6000; i++)
		printf "static 2001:db8:2::%x timeout 1h\n", i }'
}
{ timeouts; echo 'static 192.300.0.2'; } > "$scratch/t"
check "a wrong line behind many timeouts is reported once" stays \
	refuses 2 "$scratch/t:6001: *" p25 apply "$scratch/t"
{ echo 'static 192.300.0.2'; timeouts; } > "$scratch/t"
check "so is one before them" stays \
	refuses 2 "$scratch/t:1: *" p25 apply "$scratch/t"

full()
{
	local entries

	entries=$(p25 -j show | jq '[.entries[]] | add')
	p25 set limit "$entries"
	echo 'static 192.0.2.77' >> "$scratch/a"
	echo 'static 192.0.2.78' >> "$scratch/a"
	cp "$scratch/a" "$scratch/d"
	p25 apply "$scratch/d" 2> "$scratch/err"
	[ $? = 6 ] && cat "$scratch/err" &&
		grep -q ":$((entries + 1)): .*full" "$scratch/err"
}
p25 flush --all
p25 apply "$scratch/a"
check "one entry too many is named by its line" full
check "and the others are as they were" prints "" p25 list 192.0.2.64/27

# ---- a limit counts wherever in the file it stands ----

# limited OLD LIMIT FILTER: there are OLD entries, and no room for more. A file of
# ten, and the line LIMIT, which FILTER leaves at the end or brings to the top, is
# applied in every way there is
limited()
{
	local old=$1 limit=$2 filter=$3 how

	{ numbered 10 static; echo "$limit"; } | $filter > "$scratch/limited"
	for how in "file" "pipe" "--all" "redirection" "owner"; do
		{ printf '%s\n' "flush --all" "set limit $old"
		  numbered "$old" "static add"; } | p25 -b - || return
		apply_by "$how" 2> "$scratch/err" ||
			wrong "$how: $(< "$scratch/err")" || return
		policy > "$scratch/got" || return
		[ "$(grep -c ^static "$scratch/got")" = 10 ] &&
			grep -qx "$limit" "$scratch/got" ||
			wrong "$how: $(< "$scratch/got")" || return
	done
}

# numbered N WORDS: so many lines, each with WORDS and an address
numbered()
{
	seq -f "$2 192.0.2.%.0f" "$1"
}

apply_by()
{
	case $1 in
	file) p25 apply "$scratch/limited" ;;
	pipe) p25 apply <(cat "$scratch/limited") ;;
	--all) p25 apply --all - < <(cat "$scratch/limited") ;;
	redirection) p25 apply - < "$scratch/limited" ;;
	owner) p25 flush --all && p25 -o radius apply "$scratch/limited" ;;
	esac
}

check "a lower limit on the first line" limited 20 "limit 10" tac
check "a lower limit on the last line" limited 20 "limit 10" cat
check "a higher limit on the first line" limited 5 "limit 10" tac
check "a higher limit on the last line" limited 5 "limit 10" cat

{ echo "# ten"; echo "limit 9"; numbered 10 static; } > "$scratch/limited"
check "a limit that is too low is named by its line" refuses 6 \
	"$scratch/limited:2: limit 9: there are more entries than that: delete some first" \
	p25 apply "$scratch/limited"
empty
check "in a first load, too" refuses 6 \
	'-:2: limit 9: there are more entries than that: delete some first' \
	eval 'p25 apply - < <(cat "$scratch/limited")'

# ---- what can come in between ----

# Another command changes two entries before each message that p25ctl receives; a
# change of one interrupts no listing.
printf 'optout add 192.0.2.%d timeout 1h\n' 9 10 > "$scratch/changes"
change="p25ctl -n $box -o radius -b $scratch/changes"

interrupted()
{
	ON_RECEIVE=$change "$@"
}

p25 flush --all
p25 set limit 4194304
p25 apply "$scratch/a"
sed '0~10s/".*"/"another one"/' "$scratch/a" > "$scratch/e"
check "every tenth entry is still a small difference" few "$scratch/e"
p25 apply "$scratch/a"
check "if the listing is interrupted, the file is loaded as a whole" \
	interrupted many "$scratch/e"
p25 -o radius flush
check "and the policy is the file" same_as_loaded "$scratch/e"

# told K: the K-th message from the kernel can't be received. p25ctl says so; or it
# finds another way, and the policy is the file; or there were not so many.
told()
{
	local count=$scratch/received

	p25 apply "$scratch/f" && echo 1 > "$count" || return
	if LD_PRELOAD=$library ON_RECEIVE="
		read n < $count && echo \$((n + 1)) > $count && [ \$n != $1 ]" \
		p25ctl -n "$box" apply "$scratch/g" 2> "$scratch/err"; then
		p25 apply --dry-run "$scratch/g" |
			grep '^0 .* 0 .* 0 ' > "$scratch/err" || return
		[ "$(< "$count")" -le "$1" ] && echo none || echo managed
	else
		grep -q '^p25ctl: ' "$scratch/err" && echo said
	fi
}

always_told()
{
	local outcome='' outcomes='' k

	for ((k = 1; ; k++)); do
		outcome=$(told "$k") ||
			wrong "message $k: $(< "$scratch/err")" || return
		[ "$outcome" != none ] || break
		outcomes+=" $outcome"
	done
	echo "$outcomes"
	[[ $outcomes == *said* && $outcomes == *managed* ]]
}

empty
printf '%s\n' 'pool 192.0.2.0/24' 'pool 198.51.100.0/24' > "$scratch/f"
printf '%s\n' 'static 192.0.2.7' 'pool 198.51.100.0/24' > "$scratch/g"
check "no failure is kept quiet" always_told

# A script takes the status for it; a human sees what there is, and the note.
incomplete()
{
	local status

	LD_PRELOAD=$library interrupted \
		p25ctl -n "$box" -j list > "$scratch/got" 2> "$scratch/err"
	status=$?
	echo "status $status: $(< "$scratch/err")"
	[ "$status" = 1 ] && grep -q 'entries may be missing' "$scratch/err" &&
		jq -e 'length >= 500' "$scratch/got"
}

head -n 500 "$scratch/a" | p25 apply -
check "a list that is interrupted each time fails" incomplete

finish
