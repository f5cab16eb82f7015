#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25ctl monitor: what it prints, how it ends, who may call it, and what becomes of it
# when the module is replaced.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 21
. "$(dirname "$0")/lib/command.sh"

builds=$(dirname "$(command -v events)")

is_waiting()		# NAME
{
	grep -q 'waiting for events' "$scratch/$1.err"
}

# start NAME ARGUMENT...: a monitor, in the background; its output is in $scratch/NAME.
# Its process is $monitor.
start()
{
	local name=$1

	shift
	# Of what a script has in the background, bash has SIGINT ignored.
	env --default-signal=INT p25ctl -n "$box" -v "$@" \
		> "$scratch/$name" 2> "$scratch/$name.err" &
	monitor=$!
	on_exit kill -KILL $monitor
	wait_for is_waiting "$name"
}

has_lines()		# NAME NUMBER
{
	[ "$(wc -l < "$scratch/$1")" -ge "$2" ]
}

# lines NAME: without the time and what is left of timeouts
lines()
{
	sed -E 's/^[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z /TIME /
		s/timeout [0-9hms]+ expires [^ ]*/EXPIRY/' "$scratch/$1"
}

# has NAME LINE...: exactly these lines come
has()
{
	local name=$1

	shift
	wait_for has_lines "$name" $# &&
		diff <(printf '%s\n' "$@") <(lines "$name")
}

# wait_for_end: until the monitor has ended by itself; its status is in $ended then. For the
# shell that has started it, and so not for "check".
wait_for_end()
{
	wait "$monitor"
	ended=$?
}

start all monitor
start entries monitor entries
start others monitor settings guard senders
start json -j monitor
p25 pool add 198.51.100.0/24 comment dynamic
p25 -o hooks optout add 198.51.100.7 timeout 8h
p25 set action monitor
p25 -o hooks optout del 198.51.100.7
for i in {1..65}; do
	echo "pool add 2001:db8::$i"
done | p25 -b -

wait_for has_lines all 5
check "a line for each event" has all \
	'TIME added pool 198.51.100.0/24 comment "dynamic"' \
	'TIME added optout 198.51.100.7 owner hooks EXPIRY' \
	'TIME settings action monitor inbound on limit 4194304 senders 65536 guard off' \
	"$(lines all | sed -n 4p | grep '^TIME deleted optout 198.51.100.7 owner hooks expires .* packets 0 bytes 0$')" \
	'TIME many 65 entries'
check "only what is asked for" eval 'has entries \
	"$(lines all | sed -n 1p)" "$(lines all | sed -n 2p)" \
	"$(lines all | sed -n 4p)" "TIME many 65 entries" &&
	has others "TIME settings action monitor inbound on limit 4194304 senders 65536 guard off"'
check "as JSON, an object a line" eval '
	wait_for has_lines json 5 && [ "$(wc -l < "$scratch/json")" = 5 ] &&
	while read -r line; do jq -e .time <<< "$line" || break; done \
		< "$scratch/json" > /dev/null &&
	jq -es "
		(map(.event) == [\"added\", \"added\", \"settings\", \"deleted\", \"many\"]) and
		([.[1:], .[:-1]] | transpose | all(.[0].revision == .[1].revision + 1 or
			.[0] == null or .[1] == null)) and
		.[0].prefix == \"198.51.100.0/24\" and .[0].comment == \"dynamic\" and
		.[1].owner == \"hooks\" and .[1].timeout > 28000 and
		.[2].action == \"monitor\" and .[4].entries == 65" "$scratch/json"'

start signal monitor
kill -INT $monitor
wait_for_end
check "SIGINT ends it" [ $ended = 0 ]
start signal monitor
kill -TERM $monitor
wait_for_end
check "so does SIGTERM" [ $ended = 0 ]

# The reader goes, and nothing happens that would have to be written.
mkfifo "$scratch/pipe"
p25 -v monitor > "$scratch/pipe" 2> "$scratch/pipe.err" &
monitor=$!
on_exit kill -KILL $monitor
exec 8< "$scratch/pipe"
wait_for is_waiting pipe
exec 8<&-
wait_for_end
check "a closed output ends it at once" [ $ended = 0 ]
is_quiet()
{
	! grep -v 'waiting for events' "$scratch/pipe.err"
}
check "without a word" is_quiet
p25 -v monitor > /dev/full 2> "$scratch/full.err" &
monitor=$!
on_exit kill -KILL $monitor
wait_for is_waiting full
p25 pool add 192.0.2.0/24
wait_for_end
check "a full disk ends it as well, with an error" eval '[ $ended = 1 ] &&
	grep "standard output: No space left" "$scratch/full.err"'

# ---- too slow ----

LD_PRELOAD=$builds/small_buffer_preload.so start slow monitor entries
kill -STOP $monitor
for ((i = 0; i < 60; i++)); do
	p25 pool add 203.0.113.0/24
done
kill -CONT $monitor
has_overrun()
{
	grep -qE ' overrun( [0-9]+)?$' "$scratch/slow"
}
check "what it has lost is said" wait_for has_overrun
p25 relay add 192.0.2.25
check "and it goes on" wait_for grep -q ' added relay 192.0.2.25' "$scratch/slow"

# ---- the journal ----

# What takes the journal's place writes its datagrams to the file "journal".
journal='if True:
		import os, socket, sys
		sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		sock.bind("/run/systemd/journal/socket")
		with open(sys.argv[1], "ab", buffering=0) as file:
			file.write(b"ready\n")
			while True:
				file.write(sock.recv(65536) + b"--\n")
'
# Where there is none. No function, so that what is run in the background is the command.
without_journal=(unshare -m bash -c 'mkdir -p /run/systemd/journal &&
	mount -t tmpfs tmpfs /run/systemd/journal && exec "$@"' bash)
"${without_journal[@]}" python3 -c "$journal" "$scratch/journal" &
keeper=$!
on_exit kill -KILL $keeper
wait_for grep -q ready "$scratch/journal"
nsenter -m -t $keeper --net="/run/netns/$box" p25ctl -v monitor --journal \
	2> "$scratch/logged.err" &
monitor=$!
on_exit kill -KILL $monitor
wait_for is_waiting logged
p25 -o desk static add 198.51.100.64/28 timeout 1h comment 'acct "4711"'
is_logged()
{
	grep -qxF -- "$1" "$scratch/journal"
}
check "the journal gets a message" wait_for grep -q \
	'^MESSAGE=added static 198.51.100.64/28 owner desk timeout 1h expires .* comment "acct \\"4711\\""$' \
	"$scratch/journal"
fields()
{
	local field

	for field in PRIORITY=6 SYSLOG_IDENTIFIER=p25 P25_EVENT=added \
		     P25_KIND=static P25_PREFIX=198.51.100.64/28 \
		     P25_OWNER=desk 'P25_COMMENT=acct "4711"'; do
		is_logged "$field" || { echo "no $field"; return 1; }
	done
	grep -qE '^P25_REVISION=[0-9]+$' "$scratch/journal" &&
		grep -qE '^P25_TIME=[0-9-]{10}T[0-9:]{8}Z$' "$scratch/journal"
}
check "and fields" fields
kill $monitor
check "without a journal it says so" refuses 1 '*journal of systemd*' \
	"${without_journal[@]}" p25ctl -n "$box" monitor --journal

# ---- who may ----

chmod 755 "$scratch"
command=$scratch/p25ctl
cp "$(command -v p25ctl)" "$command"
in_box()
{
	nsenter --net="/run/netns/$box" "$@"
}
check "the user nobody may not listen" refuses 5 '*not permitted*CAP_NET_ADMIN*' \
	in_box setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$command" monitor
check "nor root without the right" refuses 5 '*not permitted*CAP_NET_ADMIN*' \
	in_box setpriv --bounding-set -net_admin --inh-caps -net_admin \
	--ambient-caps -net_admin "$command" monitor
check "nor root of a user namespace, here" refuses 5 \
	'*not permitted*CAP_NET_ADMIN*' in_box unshare -Ur "$command" monitor
nsenter --net="/run/netns/$box" unshare -Urn "$command" -v monitor \
	> "$scratch/user" 2> "$scratch/user.err" &
user=$!
on_exit kill -KILL $user
wait_for is_waiting user
start here monitor
p25 pool add 192.0.2.128/25
wait_for has_lines here 1
nsenter -U -n -t "$user" "$command" pool add 2001:db8:7::/48 2> /dev/null
check "in a network namespace of its own it sees what happens there, and nothing else" \
	has user 'TIME added pool 2001:db8:7::/48'

# ---- the module is replaced ----

if p25ctl -j show | jq -e '[.entries[]] | add > 0' > /dev/null; then
	for i in {1..4}; do
		skip "the module is replaced" "the module is in use"
	done
	finish
fi
start replaced -j monitor
check "the module can be removed while there is a listener" modprobe -r p25
on_exit modprobe p25
check "which is said" wait_for has_lines replaced 1
modprobe p25
check "it goes on with the next one" eval '
	wait_for has_lines replaced 2 && p25 pool add 198.51.100.0/24 &&
	wait_for has_lines replaced 3 && jq -es "
		map(.event) == [\"unloaded\", \"loaded\", \"added\"]" \
			"$scratch/replaced"'
kill -TERM $monitor
wait_for_end
check "it ends as before" [ $ended = 0 ]

finish
