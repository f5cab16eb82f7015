#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A file that would delete much is refused, in each way that apply has: what differs
# in little, what is loaded as a whole, a dry run.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 26
. "$(dirname "$0")/lib/command.sh"

# How a file is applied: as it is, when digests tell what differs; and loaded as a
# whole, which a timeout in each of many lines makes it.
ways=(plain whole)
plain() { cat; }
whole() { sed 's/$/ timeout 1h/'; }

# Entries are counted by this: more than a quarter of the digests' 4096 groups must
# differ for a load.
declare -A each=([plain]=1 [whole]=16)

# numbered WAY FIRST LAST: entries of these numbers
numbered()
{
	awk -v k="${each[$1]}" -v first="$2" -v last="$3" 'BEGIN {
		for (i = (first - 1) * k + 1; i <= last * k; i++)
			printf "static 2001:db8::%x\n", i
	}' | "$1"
}

# has WAY N: the owner "feed" has so many
has()
{
	p25 -o feed flush && numbered "$1" 1 "$2" > "$scratch/file" &&
		p25 -o feed apply --force "$scratch/file"
}

# there_are N: still, or by now
there_are()
{
	json_holds "length == $1" p25 -j -o feed list
}

# apply_numbers WAY FIRST LAST OPTION...
apply_numbers()
{
	local way=$1 first=$2 last=$3

	shift 3
	numbered "$way" "$first" "$last" > "$scratch/file"
	echo "# no more" >> "$scratch/file"
	p25 -o feed apply "$@" "$scratch/file"
}

expired()	# WAY: all that there is has expired
{
	numbered plain 1 $((150 * each[$1])) |
		sed 's/$/ expires 2021-01-01T00:00:00Z/' > "$scratch/file"
	p25 -o feed apply "$scratch/file"
}

# Another owner's entries only count with --all.
p25 pool add 198.51.0.0/16

for way in "${ways[@]}"; do
	k=${each[$way]}
	check "$way: a first file is free, and one that deletes half" eval \
		'has $way 100 && apply_numbers $way 51 150 && there_are $((100 * k))'
	check "not one that deletes more" refuses 1 \
		"$scratch/file: owner \"feed\" has $((100 * k)) entries, the file has $((49 * k)): $((51 * k)) would be deleted, but at most half of them may be *--force*--max-delete*" \
		apply_numbers "$way" 51 99
	check "nor one that has others" refuses 1 \
		"*the file has $((100 * k)): $((100 * k)) would be deleted*" \
		apply_numbers "$way" 151 250
	check "nor one that has none" refuses 1 \
		"$scratch/file: the file has no entry, and owner \"feed\" has $((100 * k)): *--empty*" \
		apply_numbers "$way" 1 0
	check "nor one with entries that have all expired" refuses 1 \
		"$scratch/file: the file has no entry that has not expired, and owner \"feed\" has $((100 * k)): *" \
		expired "$way"
	check "nor one that --max-delete forbids" refuses 1 \
		"*$((11 * k)) would be deleted, but at most 10% of them may be*" \
		apply_numbers "$way" 51 139 --max-delete 10%
	check "nothing has changed" there_are $((100 * k))
	check "what --max-delete allows" eval \
		'apply_numbers $way 51 59 --max-delete=$((91 * k)) &&
		there_are $((9 * k))'
done

check "of a few entries all but the last may go" eval \
	'has plain 9 && apply_numbers plain 1 1 && there_are 1'
check "--empty lets all go" eval \
	'apply_numbers plain 1 0 --empty && there_are 0'
check "--force does, too" eval 'has plain 100 &&
	apply_numbers plain 1 1 --force && apply_numbers plain 1 0 --force &&
	there_are 0'

has plain 100
dry()
{
	apply_numbers plain 1 49 --dry-run "$@" 2> "$scratch/error"
	[ $? = 1 ] && grep -q '51 would be deleted, but at most half' "$scratch/error"
}
check "--dry-run says so, and fails" dry
check "-s: it gives the sum alone" prints \
	"0 added, 0 changed, 51 deleted, 49 unchanged" \
	apply_numbers plain 1 49 --dry-run -s --force
check "in JSON, too" prints_json '{settings: {}, added: 0, changed: 0,
	deleted: 51, unchanged: 49}' eval \
	'p25 -j -o feed apply --dry-run --summary --force "$scratch/file"'

# ---- all owners ----

check "--all: the entries of all owners count" refuses 1 \
	'-: the policy has 101 entries, the file has 2: 99 would be deleted*' \
	eval 'numbered plain 1 2 | sed "s/\$/ owner feed/" | p25 apply --all -'
check "a pipe without an entry" refuses 1 \
	'-: the file has no entry, and the policy has 101: *' \
	eval 'echo "# x" | p25 apply --all -'
check "what is saved deletes nothing" eval 'p25 save | p25 apply --all -'
check "all of that has changed nothing" there_are 100

finish
