#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad input: the exit status, a message with the offending word, and nothing has
# changed. The table below is "STATUS | PATTERN | ARGUMENTS": a glob for what
# follows "p25ctl: ", and words for the shell.

[ "${1-}" = private ] || exec unshare -m bash "$0" private

# shellcheck source=tests/kselftest/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

cases=$(grep -v '^#' <<'EOT'
# What is not understood: nothing is sent
2 | *"pol"*"pool"* | pol add 198.51.100.0/24
2 | *write "flush" out* | flu
2 | *"pool list"* | list pool
2 | *"set action"* | action monitor
2 | *"pool add 192.0.2.0/24"* | pool 192.0.2.0/24
2 | *every address is 0.0.0.0/0 or ::/0 | relay add any
2 | *"timeout 8h"* | relay add 192.0.2.25 8h
2 | *mean 198.51.100.0/24? | pool add 198.51.100.0/255.255.255.0
2 | *"-o": options go before* | pool add 192.0.2.0/24 -o radius
2 | *"-o" cannot*"set"* | -o radius set action monitor
2 | *"-e" cannot*"add"* | -e pool add 192.0.2.0/24
2 | *duplicate*"-o"* | -o radius -o abuse pool add 192.0.2.0/24
2 | *"adx"*"add"* | pool adx 198.51.100.0/24
2 | *"pool" requires*add, del, list or flush* | pool
2 | *missing prefix* | pool add
2 | *missing prefix* | pool add timeout 8h
2 | *"198.51.100.7/24"*host bits*198.51.100.0/24* | pool add 198.51.100.7/24
2 | *"2001:db8::1/32"*host bits*2001:db8::/32* | pool add 2001:db8::1/32
2 | *"0.0.0.1/0"*0.0.0.0/0* | pool add 0.0.0.1/0
2 | *"::ffff:198.51.100.7"*write 198.51.100.7 | pool add ::ffff:198.51.100.7
2 | *"::ffff:198.51.100.0/120"*write 198.51.100.0/24 | pool add ::ffff:198.51.100.0/120
2 | *"198.51.100.0/33"*32* | pool add 198.51.100.0/33
2 | *"2001:db8::/129"*128* | pool add 2001:db8::/129
2 | *"198.51.100.0/"* | pool add 198.51.100.0/
2 | *"198.51.100.0/+24"* | pool add 198.51.100.0/+24
2 | *"198.51.100.0/024"* | pool add 198.51.100.0/024
2 | *"198.51.100.256"* | pool add 198.51.100.256
2 | *"198.51.100"* | pool add 198.51.100
2 | *"0xc6336407"* | pool add 0xc6336407
2 | *"198.51.100.0/24,192.0.2.0/24"* | pool add 198.51.100.0/24,192.0.2.0/24
2 | *"2001:db8:::"* | pool add 2001:db8:::
2 | *""* | pool add ""
2 | *"mx.example.net"*relay* | pool add mx.example.net
2 | *"192.0.2.300"* | pool add 198.51.100.0/24 192.0.2.300
2 | *"timeout" requires* | pool add 198.51.100.0/24 timeout
2 | *duration*"8x"* | pool add 198.51.100.0/24 timeout 8x
2 | *duration*"1h1d"* | pool add 198.51.100.0/24 timeout 1h1d
2 | *duration*"-1"* | pool add 198.51.100.0/24 timeout -1
2 | *"0"* | pool add 198.51.100.0/24 timeout 0
2 | *"7321d"*7320d* | pool add 198.51.100.0/24 timeout 7321d
2 | *"99999999999999999999"* | pool add 198.51.100.0/24 timeout 99999999999999999999
2 | *"tomorrow"*2030-01-31T12:00:00Z* | pool add 198.51.100.0/24 expires tomorrow
2 | *"2030-02-30T12:00:00Z"* | pool add 198.51.100.0/24 expires 2030-02-30T12:00:00Z
2 | *"2030-01-31 12:00:00"* | pool add 198.51.100.0/24 expires "2030-01-31 12:00:00"
2 | *"2001-01-01T00:00:00Z"*past* | pool add 198.51.100.0/24 expires 2001-01-01T00:00:00Z
2 | *T??:??:??Z"*too far* | pool add 198.51.100.0/24 expires 2088-02-01T00:00:00Z
2 | *"timeout"*"expires"*together* | pool add 198.51.100.0/24 timeout 8h expires $in_a_day
2 | *duplicate*"timeout"* | pool add 198.51.100.0/24 timeout 8h timeout 9h
2 | *"comment" requires* | pool add 198.51.100.0/24 comment
2 | *comment*64*65* | pool add 198.51.100.0/24 comment 65-bytes-65-bytes-65-bytes-65-bytes-65-bytes-65-bytes-65-bytes-65
2 | *comment*UTF-8* | pool add 198.51.100.0/24 comment $'a\nb'
2 | *comment*UTF-8* | pool add 198.51.100.0/24 comment $'\xc3'
2 | *comment*UTF-8* | pool add 198.51.100.0/24 comment $'\e[2J'
2 | *"coment"*"comment"* | pool add 198.51.100.0/24 coment x
2 | *-o* | pool add 198.51.100.0/24 owner radius
2 | *"timeout"*prefixes, and the comment* | pool del 203.0.113.0/24 timeout 8h
2 | *"comment" requires* | pool del 203.0.113.0/24 comment
2 | *owner*"Radius"* | -o Radius pool add 198.51.100.0/24
2 | *owner*""* | -o "" list
2 | *owner*"a234567890123456"* | -o a234567890123456 list
2 | *"198.51.100.7/24"* | list 198.51.100.7/24
2 | *unexpected argument "192.0.2.0/24"* | list 198.51.100.0/24 192.0.2.0/24
2 | *"pool flush"* | flush pool
2 | *"x"* | pool flush x
2 | *"set" requires*action, inbound, limit, senders or guard* | set
2 | *"actoin"*"action"* | set actoin drop
2 | *"allow"*drop, reject, prohibit, monitor* | set action allow
2 | *"action" requires* | set action
2 | *"maybe"*on, off* | set inbound maybe
2 | *"-5"* | set limit -5
2 | *"1e3"* | set limit 1e3
2 | *"4294967296"* | set limit 4294967296
2 | *duplicate*"action"* | set action drop action reject
2 | *"x"* | show x
2 | *"check" requires*address* | check
2 | *address*"198.51.100.0/24"* | check 198.51.100.0/24 192.0.2.1
2 | *"198.51.100.7"*"2001:db8::1"* | check 198.51.100.7 2001:db8::1
2 | *"x"* | check 198.51.100.7 192.0.2.1 x
2 | *file* | apply
2 | *"--al"* | apply --al -
2 | *-o*--all* | -o radius apply --all -
2 | *"-j"*options* | list -j
2 | *"offend"* | offenders offend
2 | *"xempt"*"exempt"* | senders xempt
2 | *"20/hour"*20/1h\? | set guard 20/hour
2 | *1s to 30d* | set guard 20/31d
2 | *"1048577"*1048576* | set senders 1048577
2 | *only static and optout* | pool add 192.0.2.0/24 guard off
2 | *-b* | -b - list
2 | -:1: *"list"*batch* | -b - <<< "list"
2 | -:2: *"axd"*"add"* | -b - <<< $'pool add 192.0.2.0/24\npool axd 192.0.2.0/24'
2 | -:1: *quote* | -b - <<< 'pool add 192.0.2.0/24 comment "x'
2 | -:2: *"poll"*"pool"* | apply - <<< $'\npoll 192.0.2.0/24'
2 | -:1: *"set"*"action drop"* | apply - <<< 'set action monitor'
2 | -:1: *"add"*"pool PREFIX"* | apply - <<< 'pool add 192.0.2.0/24'
2 | -:1: *byte order mark* | apply - <<< $'\xef\xbb\xbfpool 192.0.2.0/24'
2 | -:1: *JSON* | apply - < <(p25 -j save)
2 | -:1: *"radius"*--all* | apply - <<< 'pool 192.0.2.0/24 owner radius'
2 | -:1: *NUL* | apply - < /dev/zero
2 | -:1: *CR LF* | apply - <<< $'pool 192.0.2.0/24\r'
2 | -:1: *UTF-8* | apply - <<< $'pool 192.0.2.0/24 comment \xff'
2 | -:3: *duplicate*"action"* | apply - <<< $'action drop\n\naction reject'
2 | -:1: *"192.0.2.0/25"* | apply - <<< 'pool 192.0.2.0/24 192.0.2.0/25'
2 | -:2: *"192.0.2.1/24"*192.0.2.0/24* | apply --dry-run - <<< $'pool 192.0.2.0/24\npool 192.0.2.1/24'
# What fails
3 | "198.51.100.0/24": owner "admin" has no such entry | pool del 198.51.100.0/24
3 | *"203.0.113.0/25"*no such entry* | pool del 203.0.113.0/24 203.0.113.0/25
3 | "203.0.113.0/24": owner "radius" has no such entry; it is kept by: admin (use -o) | -o radius pool del 203.0.113.0/24
3 | "203.0.113.0/25": owner "radius" has no such entry | -o radius pool del 203.0.113.0/25
3 | "203.0.113.0/24": owner "admin" has no such entry | static del 203.0.113.0/24
6 | limit 1: there are more entries than that: delete some first | set limit 1
1 | */nonexistent*No such file* | apply /nonexistent
1 | */nonexistent*No such file* | -b /nonexistent
1 | *directory* | apply /
1 | *"mx.example.invalid"* | relay add mx.example.invalid
3 | -:2: "192.0.2.0/24": owner "admin" has no such entry | -b - <<< $'pool add 192.0.2.0/24\nstatic del 192.0.2.0/24'
3 | -:1: "203.0.113.0/24": owner "radius" has no such entry; it is kept by: admin (use -o) | -o radius -b - <<< 'pool del 203.0.113.0/24'
3 | -:1: "203.0.113.0/25": owner "admin" has no such entry | -b - <<< 'p d 203.0.113.0/24 203.0.113.0/25 2001:db8:203::/48'
3 | -:2: an earlier line has already deleted this entry | -b - <<< $'pool del 203.0.113.0/24\npool del 203.0.113.0/24'
EOT
)

plan $(($(wc -l <<< "$cases") + 7))
. "$(dirname "$0")/lib/command.sh"

# No name server is asked; only this process and its children see that.
echo "hosts: files" > "$scratch/nsswitch"
mount --bind "$scratch/nsswitch" /etc/nsswitch.conf || exit

# shellcheck disable=SC2034 # words of the table
in_a_day=$(date -u -d '+1 day' +%FT%TZ)
p25 pool add 203.0.113.0/24 2001:db8:203::/48
policy > "$scratch/before"

while IFS='|' read -r status pattern arguments; do
	# What the pattern has around it are the table's blanks.
	pattern=${pattern# } pattern=${pattern% }
	check "exit status ${status% }:$arguments" eval \
		"refuses $status ${pattern@Q} p25 $arguments"
done <<< "$cases"
check "none of this has changed anything" \
	eval "policy | diff ${scratch@Q}/before -"

check "no such namespace" refuses 1 '*"nonexistent"*No such file*' \
	p25ctl -n nonexistent list
check "standard input is closed" refuses 1 '-: Bad file descriptor' \
	eval 'p25 apply - <&-'
check "standard output is closed" refuses 1 'standard output: Bad file*' \
	eval 'p25 list <&- >&-'
# shellcheck disable=SC2016 # "eval" expands
check "with -j an error is an object" eval '
	got=$(p25 -j pool del 203.0.113.0/25 2>&1)
	[ $? = 3 ] && jq -e ". == {word: \"203.0.113.0/25\", errno: 2, message:
		\"\\\"203.0.113.0/25\\\": owner \\\"admin\\\" has no such entry\"}" \
		<<< "$got"'
check "a full disk is no success" refuses 1 '*No space left*' \
	eval 'p25 list > /dev/full'

# shellcheck disable=SC2317 # "check" calls it
shows_usage()
{
	local arguments got status

	for arguments in "" -x -o --bad; do
		# shellcheck disable=SC2086 # none, or one
		got=$(p25ctl $arguments 2>&1)
		status=$?
		echo "p25ctl $arguments: status $status"$'\n'"$got"
		[ "$status" = 2 ] && [[ $got == *Usage:* ]] || return
	done
}
check "neither arguments nor known options: usage, and status 2" shows_usage

finish
