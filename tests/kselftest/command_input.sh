#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What may be no more than a part of a file is no policy: nothing at all, what is
# written to meanwhile, lines that are wrong.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 17
. "$(dirname "$0")/lib/command.sh"

file=$scratch/file

p25 pool add 198.51.100.0/24
p25 -o hooks optout add 198.51.100.7 timeout 8h comment "call 0815"
policy > "$scratch/before"

unchanged()
{
	policy | diff "$scratch/before" -
}

# ---- not a byte ----

: > "$scratch/empty"
for how in "" --all --dry-run; do
	check "apply $how: standard input of what runs in the background" \
		refuses 2 '-: the file is empty: *' \
		eval 'p25 apply $how - < /dev/null'
	check "a file" refuses 2 "*/empty: the file is empty: *" \
		p25 apply $how "$scratch/empty"
done
check "nothing has changed" unchanged
check "a batch without a byte changes nothing, which is no error" \
	eval 'p25 -b - < /dev/null && unchanged'

# ---- a file that is being written ----

# beside_writer ARGUMENT...: p25ctl is stopped when it has read $file for the first
# time, and a line is appended
beside_writer()
{
	local pid

	: > "$scratch/trace"
	strace -f -qq -o "$scratch/trace" -P "$file" \
		-e inject=read:signal=SIGSTOP:when=1 \
		p25ctl -n "$box" "$@" &
	wait_for grep -q 'stopped by SIGSTOP' "$scratch/trace" || return
	echo "$line" >> "$file"
	pid=$(sed 's/ .*//; q' "$scratch/trace")
	kill -CONT "$pid"
	wait $!
}

# refused_beside_writer LINE ARGUMENT...: it is, before LINE and behind it
refused_beside_writer()
{
	line=$1
	shift
	echo "$line" > "$file"
	refuses 1 "$file: the file was written to while it was read: *rename it*" \
		beside_writer "$@" && unchanged
}

for how in "" --all --dry-run; do
	check "apply $how: a file that is written to meanwhile" \
		refused_beside_writer "pool 192.0.2.0/24" apply $how "$file"
done
check "and a batch" refused_beside_writer "pool add 192.0.2.0/24" -b "$file"

# The new file is there before the old one has been read.
renamed()
{
	: > "$scratch/trace"
	printf '%s\n' "pool 198.51.100.0/24" "pool 192.0.2.0/24" > "$file"
	strace -f -qq -o "$scratch/trace" -P "$file" \
		-e inject=read:signal=SIGSTOP:when=1 \
		p25ctl -n "$box" apply "$file" &
	wait_for grep -q 'stopped by SIGSTOP' "$scratch/trace" || return
	echo "pool 203.0.113.0/24" > "$file.new"
	mv "$file.new" "$file"
	kill -CONT "$(sed 's/ .*//; q' "$scratch/trace")"
	wait $!
}
check "one that is renamed is read as a whole, the old one or the new one" \
	prints $'pool 192.0.2.0/24\npool 198.51.100.0/24' \
	eval 'renamed && p25 -o admin save | grep ^pool'

# ---- lines that are wrong ----

p25 -o admin save > "$scratch/admin"
policy > "$scratch/before"

# names WANT COMMAND...: it is not understood, and that is what it says
names()
{
	local want=$1 got

	shift
	got=$("$@" 2>&1)
	[ $? = 2 ] && [ "$got" = "$want" ] && return
	printf 'wanted:\n%s\ngot:\n%s\n' "$want" "$got"
	return 1
}

cat > "$file" <<-EOT
	pool 198.51.100.7/24
	pool 198.51.100.0/24
	poool 198.51.100.0/24
	static 203.0.113.7 comment "x
EOT
check "all of a policy file are named" names \
	"p25ctl: $file:1: invalid prefix \"198.51.100.7/24\": host bits set; did you mean 198.51.100.0/24?
p25ctl: $file:3: unknown kind or setting \"poool\"; did you mean \"pool\"?
p25ctl: $file:4: unterminated quote" p25 apply "$file"
cat > "$file" <<-EOT
	pool add 192.0.2.7/24
	pool del 198.51.100.0/24
	pool ad 192.0.2.0/24
	list
EOT
check "and of a batch" names \
	"p25ctl: $file:1: invalid prefix \"192.0.2.7/24\": host bits set; did you mean 192.0.2.0/24?
p25ctl: $file:4: command \"list\" cannot be used in a batch; add, del, flush and set can" \
	p25 -b "$file"
seq -f 'pool 198.51.100.%.0f/24' 1 50 > "$file"
some_are_named()
{
	local got

	got=$(p25 apply "$file" 2>&1)
	[ $? = 2 ] && [ "$(wc -l <<< "$got")" = 21 ] &&
		[ "${got##*$'\n'}" = "p25ctl: $file: 30 more lines are wrong" ]
}
check "20 of many, and the number of the others" some_are_named
check "nothing has changed" unchanged

finish
