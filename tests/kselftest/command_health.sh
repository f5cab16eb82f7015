#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "p25ctl health": what it finds wrong, and what it doesn't; "p25ctl metrics": what is there,
# with the module and without it.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 34
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
topology

# says STATUS PATTERN [WORD...]: "health" has this exit status, and prints one line
says()
{
	local status=$1 pattern=$2 got

	shift 2
	got=$(router p25ctl health "$@" 2>&1)
	set -- "$status" $?
	# shellcheck disable=SC2053 # a glob is wanted
	[ "$1" = "$2" ] && [[ $got == $pattern ]] && [[ $got != *$'\n'* ]] && return
	printf 'wanted: %s, %s\ngot: %s, %s\n' "$1" "$pattern" "$2" "$got"
	return 1
}

# finds CHECK [WORD...]: this alone is wrong
finds()
{
	local check=$1 got

	shift
	got=$(router p25ctl -j health "$@")
	[ $? = 1 ] && jq -e --arg check "$check" '.healthy == false and
		[.problems[].check] == [$check]' <<< "$got" > /dev/null && return
	echo "wanted: $check; got: $got"
	return 1
}

is_well()
{
	says 0 "ok: *" "$@"
}

# metric LINE: is there, as it is
metric()
{
	router p25ctl metrics > "$scratch/metrics" && grep -qxF -e "$1" "$scratch/metrics" &&
		return
	grep -F -e "${1%%[ \{]*}" "$scratch/metrics"
	return 1
}

attempt()
{
	subscriber nc -w 1 203.0.113.25 25 < /dev/null
	return 0
}

# ---- the policy, the hook, counters ----

check "no policy" says 1 'not ok: there is no pool*'
check "no policy: JSON" finds policy
check "no hook without a policy" metric 'p25_hook_registered 0'
router p25ctl pool add 198.51.100.0/24
router p25ctl -o desk optout add 198.51.100.9 comment x
check "a pool" says 0 'ok: mail of 1 pool is judged; none has come yet'
check "the hook is there" metric 'p25_hook_registered 1'
attempt
counted()
{
	router p25ctl -j show | jq -e .counted
}
wait_for counted
check "mail has come" says 0 'ok: mail of 1 pool is judged; some came *s ago'
check "and is counted" eval 'router p25ctl metrics |
	grep "^p25_mail_packets_total{verdict=\"drop\",reason=\"pool\"} [1-9]"'
check "not for long" is_well idle 1h
check "for too long" wait_for finds counters idle 1
check "entries by kind" metric 'p25_entries{kind="optout"} 1'
check "entries by owner" metric 'p25_owner_entries{owner="desk"} 1'
check "who sends" metric 'p25_active_senders{reason="pool"} 1'
router p25ctl set action monitor
check "monitor" says 0 'ok: mail of 1 pool is judged, and passes (action monitor); *'
router p25ctl set action drop

# ---- guard ----

router p25ctl set guard 2/1h
subscriber ip addr add 198.51.100.9/24 dev eth0
guarded()
{
	subscriber nc -s 198.51.100.9 -w 1 203.0.113.25 25 < /dev/null
	metric 'p25_guard_blocks_total 1'
}
check "blocks of the guard" wait_for guarded
router p25ctl set guard off

# ---- bridges ----

router ip -batch - <<-END
	link add br25 type bridge
	link add one25 type dummy
	link add two25 type dummy
	link set one25 master br25
	link set br25 up
END
check "a bridge with one port" is_well
router ip link set two25 master br25
check "a bridge with two" finds bridge
check "the operator knows" is_well ignore bridge
router ip addr add 192.0.2.129/25 dev br25
check "one to subscribers that are routed" is_well
router ip route add default via 192.0.2.130 dev br25 onlink
check "the way out" finds bridge
if modprobe br_netfilter; then
	for name in call-iptables call-ip6tables filter-vlan-tagged; do
		router sysctl -qw net.bridge.bridge-nf-$name=1
	done
	check "not all of br_netfilter is set" says 1 '*bridge-nf-filter-pppoe-tagged*'
	router sysctl -qw net.bridge.bridge-nf-filter-pppoe-tagged=1
	check "all of it is" is_well
else
	skip "not all of br_netfilter is set" "there is no br_netfilter"
	skip "all of it is" "there is no br_netfilter"
fi
router ip link del br25

# ---- p25_guard ----

router nft add table inet p25_guard
check "port 25 is held closed" finds held
check "and is measured" metric 'p25_problem{check="held"} 1'
router nft delete table inet p25_guard

# ---- flowtables ----

# offloads RULE...: a chain with these rules
offloads()
{
	router nft flush ruleset
	router nft -f - <<-END
		table inet f {
			set others { type inet_service; elements = { 80, 443 }; }
			flowtable f { hook ingress priority 0; devices = { sub, srv }; }
			chain forward {
				type filter hook forward priority 0; policy accept;
				$(printf '%s\n' "$@")
			}
		}
	END
}

flow='meta l4proto tcp flow add @f'
if offloads "$flow" 2> /dev/null; then
	check "a flowtable takes mail" finds flowtable
	check "the operator knows that, too" is_well ignore flowtable
	offloads 'tcp dport 25 return' "$flow"
	check "only one way is kept out" finds flowtable
	offloads 'tcp dport 25 return' 'tcp sport 25 counter return' "$flow"
	check "both ways are kept out" is_well
	offloads 'ip saddr 192.0.2.1 tcp dport 25 return' 'tcp sport 25 return' "$flow"
	check "not for all" finds flowtable
	offloads 'tcp dport { 80, 443 } flow add @f' 'meta l4proto udp flow add @f'
	check "it takes others" is_well
	offloads 'tcp dport != 25 tcp sport != 25 flow add @f'
	check "a rule that nft makes one comparison of" finds flowtable
	router nft flush ruleset
else
	for name in {1..7}; do
		skip "flowtable $name" "the kernel has none"
	done
fi

# ---- the last apply ----

printf 'pool 198.51.100.0/24\n' > "$scratch/policy"
router p25ctl -o desk-file apply "$scratch/policy"
check "a file has been applied" metric 'p25_last_apply_success{owner="desk-file"} 1'
on_exit rm -f /run/p25/apply.desk-file
echo nonsense >> "$scratch/policy"
router p25ctl -o desk-file apply "$scratch/policy" 2> /dev/null
check "and later was not" metric 'p25_last_apply_success{owner="desk-file"} 0'

# ---- without the module ----

without_module()
{
	says 1 'not ok: the p25 kernel module is not loaded*' && metric 'p25_up 0' &&
		metric 'p25_problem{check="module"} 1' && ! grep p25_entries "$scratch/metrics"
}
if modprobe -r p25; then
	check "the module is not loaded" without_module
	modprobe p25
else
	skip "the module is not loaded" "the module is in use"
fi
check "malformed" eval 'router p25ctl health ignore hook; [ $? = 2 ] &&
	{ router p25ctl health idle; [ $? = 2 ]; } &&
	{ router p25ctl metrics --file; [ $? = 2 ]; } &&
	{ router p25ctl metrics now; [ $? = 2 ]; }'
finish
