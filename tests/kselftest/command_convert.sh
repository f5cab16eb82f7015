#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# convert: sets of ipset and nft become policies that cover the same addresses, each of
# them and no other; what p25 has saved stays as it is.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 21
. "$(dirname "$0")/lib/command.sh"

sets=$(dirname "$0")/lib/address_sets.py

# ---- without the kernel, and without a right ----

echo "192.0.2.0/24 ; SBL000001" > "$scratch/drop"
chmod 755 "$scratch"
check "it takes neither the module nor a right" prints \
	'block 192.0.2.0/24 comment "SBL000001"' eval \
	'setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		"$(command -v p25ctl)" convert block "$scratch/drop" 2> /dev/null'
check "and asks for no socket" eval '
	strace -f -qq -e trace=socket -o "$scratch/trace" \
		p25ctl convert block "$scratch/drop" > /dev/null 2>&1 &&
	[ ! -s "$scratch/trace" ]'

# ---- what p25 saves ----

p25 pool add 198.51.100.0/25 198.51.100.128/25 2001:db8:100::/40 comment 'DSL, "dynamic"'
p25 -o radius optout add 198.51.100.7 timeout 8h comment "call 0815"
p25 block add 198.51.100.9 action reject
p25 save > "$scratch/saved"
check "what save has written stays as it is, byte by byte" eval '
	p25ctl convert relay "$scratch/saved" 2> /dev/null | cmp - "$scratch/saved"'
check "and can be applied again" stays eval '
	p25ctl convert relay "$scratch/saved" 2> /dev/null | p25 apply --all -'
empty

# ---- ipset ----

# same_as FILE: do the entries of owner "feed" cover the same addresses?
same_as()
{
	p25 -o feed save > "$scratch/policy" && "$sets" same "$1" "$scratch/policy"
}

# convert_and_apply FILE [OPTION...]: into owner "feed"
convert_and_apply()
{
	local file=$1

	shift
	if ! p25ctl convert block "$file" "$@" > "$scratch/block" \
		2> "$scratch/report"; then
		cat "$scratch/report"
		return 1
	fi
	p25 -o feed apply --force "$scratch/block"
}

# ipset_agrees FILE: each address of the file gets by p25 what ipset says of it
ipset_agrees()
{
	local address set status n=0

	while read -r address; do
		set=four
		[[ $address != *:* ]] || set=six
		inside box ipset -q test "$set" "$address"
		status=$?
		p25 -q check "$address"
		[ $((status == 0)) = $(($? == 10)) ] ||
			{ echo "$address: ipset $status, p25 otherwise"; return 1; }
		n=$((n + 1))
	done < "$1"
	[ "$n" -gt 20 ]
}

have_ipset()
{
	command -v ipset > /dev/null && inside box ipset list -n > /dev/null 2>&1
}

ipset_tests()
{
	"$sets" make 25 50000 > "$scratch/random"
	{
		echo "create four hash:net family inet maxelem 1000000 comment"
		echo "create six hash:net family inet6 maxelem 1000000"
		awk '/:/ { print "add six", $1; next }
		     { print "add four", $1, "comment \"line " NR "\"" }' \
			"$scratch/random"
	} | inside box ipset -exist restore
	inside box ipset save > "$scratch/ipset"
	check "two sets: which one is meant has to be said" \
		refuses 2 "*: there are several sets in the file: \"four six\"; *" \
		p25ctl convert block "$scratch/ipset"
	check "ipset save of 10^5 random prefixes, and what is said of it" eval '
		convert_and_apply "$scratch/ipset" --set four --set six &&
		grep -Eq ": ipset save: [0-9]+ kept, 0 masked, [0-9]+ merged, 0 bad; [0-9]+ entries written$" \
			"$scratch/report"'
	check "it covers each of these addresses, and no other" \
		same_as "$scratch/ipset"
	"$sets" pick 26 60 "$scratch/ipset" > "$scratch/picked"
	check "the kernel's verdict is what ipset says" \
		ipset_agrees "$scratch/picked"

	inside box ipset destroy
	inside box ipset restore <<-END
		create four hash:net family inet timeout 3600
		create six hash:ip family inet6 timeout 0
		add four 198.51.100.0/24 timeout 0
		add four 198.51.100.64/26 nomatch timeout 0
		add four 198.51.100.72/31 timeout 0
		add four 203.0.113.0/24
	END
	inside box ipset save > "$scratch/ipset"
	check "a set with exceptions in it" \
		convert_and_apply "$scratch/ipset" --set four
	printf '198.51.100.%s\n' 0 1 {60..80} {120..130} 255 > "$scratch/picked"
	check "they are no part of the policy" ipset_agrees "$scratch/picked"
	check "what has a timeout keeps what is left of it" json_holds \
		'[.[] | select(.timeout)] | length == 1 and .[0].prefix == "203.0.113.0/24" and
		 .[0].timeout > 3000 and .[0].timeout <= 3600' \
		p25 -j -o feed list
}

if have_ipset; then
	ipset_tests
else
	for number in {1..7}; do
		skip "ipset $number" "no ipset here"
	done
fi
p25 -o feed flush

# ---- nft ----

"$sets" make 27 5000 > "$scratch/random"
{
	echo 'table inet t {'
	for family in 4 6; do
		echo "set s$family { type ipv${family}_addr; flags interval; auto-merge;"
		echo 'elements = {'
		awk -v family=$family '/:/ == (family == 6)' "$scratch/random" |
			paste -sd,
		echo '} }'
	done
	echo '}'
} > "$scratch/ruleset"
inside box nft -f "$scratch/ruleset"
for family in 4 6; do
	inside box nft list set inet t s$family > "$scratch/nft"
	check "nft list set, IPv$family" convert_and_apply "$scratch/nft"
	check "it covers each of these addresses, and no other" same_as "$scratch/nft"
done
inside box nft -j list set inet t s4 > "$scratch/json"
check "nft -j prints the same" eval '
	p25ctl convert block "$scratch/json" 2> /dev/null > "$scratch/from_json" &&
	inside box nft list set inet t s4 |
		p25ctl convert block 2> /dev/null | cmp - "$scratch/from_json"'
p25 -o feed flush

# ---- a long list ----

# measure: seconds and KiB of what is run; the time is only told
measure()
{
	python3 - "$@" <<-'END'
		import resource, subprocess, sys, time
		began = time.monotonic()
		status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,
		                        stderr=subprocess.DEVNULL).returncode
		used = resource.getrusage(resource.RUSAGE_CHILDREN)
		print(status, round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss)
	END
}

awk 'BEGIN {
	srand(1)
	print "create s hash:net family inet timeout 0 counters comment"
	for (i = 0; i < 1000000; i++)
		printf "add s 10.%d.%d.%d timeout %d packets 0 bytes 0 comment \"acct %d\"\n",
		       rand() * 256, rand() * 256, rand() * 256, i % 7 * 100, i
}' > "$scratch/million"
read -r ended seconds memory < <(measure p25ctl convert block "$scratch/million")
note "10^6 lines: $seconds s of CPU time, $memory KiB"
check "10^6 lines take less than 300 MiB" eval \
	"[ $ended = 0 ] && [ $memory -lt $((300 * 1024)) ]"

# ---- apply says what is missing ----

inside box sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n "$box" link add eth0 type dummy
echo "pool 198.51.100.0/24" > "$scratch/pools"
check "pools of one family only are warned of" prints \
	"p25ctl: $scratch/pools: warning: there are pools of IPv4 only, and this router forwards IPv6: mail that subscribers send over it is not blocked" \
	p25 apply "$scratch/pools"
p25 -o other pool add 2001:db8::/32
check "not if another owner has the others" prints "" p25 apply "$scratch/pools"
p25 -o other flush
inside box sysctl -qw net.ipv6.conf.all.forwarding=0
check "nor where IPv6 is not forwarded" prints "" p25 apply "$scratch/pools"
check "a range: the message names convert" refuses 2 \
	'-:1: invalid prefix "198.51.100.1-198.51.100.9": a range; "p25ctl convert" makes prefixes of it' \
	eval 'echo "pool 198.51.100.1-198.51.100.9" | p25 apply -'

finish
