#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The clock is set while entries expire: those with "expires" follow it, those
# with "timeout" don't, and no clock makes a policy file unusable.
#
# LONG=1 and TEST_LIMIT=3600 in the environment let this wait until the kernel has
# forgotten an entry that has expired: half an hour.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
long=${LONG-0}
plan $((long ? 37 : 35))
. "$(dirname "$0")/lib/command.sh"

hour=3600
day=$((24 * hour))

uptime()	# in seconds, by a clock that can't be set
{
	local seconds

	IFS='. ' read -r seconds _ < /proc/uptime
	echo "$seconds"
}

began=$(uptime)
today=$EPOCHSECONDS

set_clock()	# SECONDS: since 1970
{
	date -u -s "@$1" > /dev/null
}

right()		# the clock as it would be, had it not been set
{
	set_clock $((today + $(uptime) - began))
}

on_exit right

stamp()		# SECONDS: as a timestamp
{
	date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ
}

is()		# SRC REASON
{
	local words

	read -ra words < <(p25 check "$1" 203.0.113.25)
	[ "${words[1]-}" = "$2" ]	# "drop: pool 198.51.100.0/24"
}

moment=$((today + 3 * hour))
until=$(stamp "$moment")
y1970=$(date -u -d 1970-02-01 +%s)	# the machine can't have been up for longer
y2023=$(date -u -d 2023-07-01 +%s)
y2037=$(date -u -d 2037-01-01 +%s)	# in 2038, 32-bit programs of Debian 12 end

cat > "$scratch/policy" <<-EOT
	pool 198.51.100.0/24
	optout 198.51.100.7 expires $until
	optout 198.51.100.8 timeout 1h
EOT

apply()		# the file
{
	p25 apply "$scratch/policy"
}

# Whatever the clock has been set to, an hour has neither begun anew nor gone by.
hour_runs()
{
	json_holds '.[0].timeout > 1800 and .[0].timeout <= 3600' \
		p25 -j optout list 198.51.100.8 &&
		is 198.51.100.8 optout
}

lapses()	# SRC
{
	wait_for is "$1" pool
}

# The clock is set to an hour before the moment, and to a second after.
follows()	# NAME
{
	set_clock $((moment - hour))
	check "$1: an hour before its moment it counts" is 198.51.100.7 optout
	set_clock $((moment + 1))
	check "$1: it ends at its moment" lapses 198.51.100.7
	right
}

moment_of()	# SRC
{
	p25 save | sed -n "s/^optout $1 expires //p"
}

# ---- a clock that is behind ----

set_clock "$y2023"
check "2023: the file is applied" apply
check "2023: the entry counts" is 198.51.100.7 optout
check "2023: save has its moment" prints "$until" moment_of 198.51.100.7
follows 2023
check "a timeout is a span all the while" hour_runs

p25 flush --all
set_clock "$y1970"
check "1970: the file is applied" apply
check "1970: the entry counts" is 198.51.100.7 optout
check "1970: what is left is listed, as far as a timeout goes" json_holds \
	'.[0].timeout == 632448000' p25 -j optout list 198.51.100.7
check "1970: a command takes a timestamp, too" \
	p25 optout add 198.51.100.9 expires "$until"
follows 1970
p25 optout del 198.51.100.9

# ---- moments that are out of range ----

cat > "$scratch/far" <<-EOT
	pool 198.51.100.0/24
	optout 198.51.100.7 expires 2200-01-01T00:00:00Z
	optout 198.51.100.9 expires 1969-12-31T23:59:59Z
EOT

far_counts()	# CLOCK: it does, and applying the file again changes nothing
{
	set_clock "$1"
	p25 apply "$scratch/far" && is 198.51.100.7 optout &&
		is 198.51.100.9 pool &&
		prints "0 added, 0 changed, 0 deleted, 2 unchanged" eval \
			'p25 apply "$scratch/far" --dry-run 2> /dev/null'
}

check "far away, in 1970: it counts" far_counts "$y1970"
check "far away, by the right clock: it counts" far_counts "$today"
check "the latest moment that there is" prints 2088-01-19T03:14:06Z \
	moment_of 198.51.100.7

# ---- a clock that is ahead ----

p25 flush --all
set_clock "$y2037"
check "2037: the file is applied, and says what has expired" prints \
	"p25ctl: $scratch/policy: 1 entry has expired: left out" \
	eval 'p25 -v apply "$scratch/policy" 2>&1'
check "2037: it doesn't count, isn't listed, nor counted" eval \
	'is 198.51.100.7 pool && json_holds "length == 2" p25 -j list &&
	 json_holds ".entries.optout == 1" p25 -j show'
check "2037: there would be no more and no less" eval \
	'p25 apply --dry-run "$scratch/policy" 2> /dev/null |
	 grep -q "^0 added, . changed, 0 deleted"'
check "2037: a command says what the clock has" refuses 2 \
	"*\"$until\": in the past; by the clock it is 2037-01-01*" \
	p25 optout add 198.51.100.7 expires "$until"
follows 2037
check "and counts, is listed and counted again" eval \
	'is 198.51.100.7 optout && json_holds "length == 3" p25 -j list &&
	 json_holds ".entries.optout == 2" p25 -j show'

# Of another owner, when there are entries already: only the difference is sent.
set_clock "$y2037"
echo "optout 198.51.100.9 expires $until" > "$scratch/other"
p25 -o hooks apply "$scratch/other"
right
check "2037: what another owner adds counts, too" is 198.51.100.9 optout

set_clock "$y2037"
echo > "$scratch/other"
p25 -o hooks apply --empty "$scratch/other"
check "2037: what there isn't can't be deleted" refuses 3 "*no such entry*" \
	p25 optout del 198.51.100.7
check "2037: unless that is no error" p25 -e optout del 198.51.100.7
right
check "what the file hasn't any more doesn't come back" is 198.51.100.9 pool
check "nor what was deleted" is 198.51.100.7 pool

# ---- files that were saved ----

apply
set_clock $((today + day))
p25 save > "$scratch/saved"
check "another day: what was saved changes nothing" prints \
	"0 added, 0 changed, 0 deleted, 2 unchanged" \
	p25 apply --all "$scratch/saved" --dry-run
p25 apply --all "$scratch/saved"
right
check "a timeout that was saved and applied is a span" hour_runs

# ---- what a file deletes ----

printf "optout 192.0.2.%d expires $until\n" {1..12} > "$scratch/lapsing"
printf 'static 203.0.113.%d\n' {1..9} > "$scratch/lasting"
cat "$scratch/lapsing" "$scratch/lasting" > "$scratch/both"
p25 apply --empty --force "$scratch/both"
set_clock "$y2037"
check "2037: a file of which all has expired is an empty one" \
	stays refuses 1 "*no entry that has not expired*" \
	p25 apply "$scratch/lapsing"
check "2037: one that leaves out what has expired deletes nothing" \
	p25 apply --max-delete 0 "$scratch/lasting"
right

# ---- room ----

# So much more than there is room for.
{
	cat "$scratch/policy"
	printf 'optout 192.0.2.%d expires 2021-01-01T00:00:00Z\n' {1..50}
} > "$scratch/long"
empty
p25 set limit 3
check "expired entries take no room from others" \
	p25 apply "$scratch/long"
check "these are all there" eval 'is 198.51.100.7 optout && hour_runs'

set_clock "$y2037"
check "2037: what has expired makes room" p25 static add 198.51.100.16/28
p25 static del 198.51.100.16/28
right
apply
set_clock "$y2037"
check "2037: the limit can be as low as what there is" p25 set limit 2
right

# ---- time ----

# It is kept for ten minutes after it was seen to have expired, twenty at most.
if [ "$long" != 0 ]; then
	empty
	apply
	set_clock "$y2037"
	sleep 580
	right
	check "it is kept for ten minutes" is 198.51.100.7 optout
	p25 show > /dev/null
	set_clock "$y2037"
	p25 show > /dev/null
	sleep 1210
	right
	check "after twenty it is forgotten" is 198.51.100.7 pool
fi

finish
