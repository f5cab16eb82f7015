#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Leases of a real dnsmasq, which calls p25-session's hook.

# shellcheck disable=SC2317 # "check" calls functions

here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/kselftest/lib/lib.sh
. "$here/../kselftest/lib/lib.sh"
plan 9
# shellcheck source=tests/session/lib.sh
. "$here/lib.sh"

alice=00:00:5e:00:53:07
bob=00:00:5e:00:53:08

# As p25-session(8) has it, with one address for all.
configure_dnsmasq()
{
	mkdir -p /etc/p25/dnsmasq.d &&
		cp "$tree/build/tools/session-hook" /etc/p25/dnsmasq.d/p25 &&
		cp "$tree/build/tools/p25-session" /usr/local/sbin/p25-session || return
	cat > "$scratch/dnsmasq.conf" <<-END
		port=0
		interface=sub
		bind-interfaces
		no-ping
		dhcp-authoritative
		dhcp-leasefile=$scratch/leases
		dhcp-range=198.51.100.7,198.51.100.7,255.255.255.0,1h
		dhcp-script=/etc/p25/dnsmasq.d/p25
		script-on-renewal
		dhcp-host=$alice,set:p25-optout
	END
	router ip addr add 198.51.100.1/24 dev sub
}
on_exit rm -rf /etc/p25/dnsmasq.d /usr/local/sbin/p25-session

start_dnsmasq()
{
	rm -f "$scratch/pid"
	router dnsmasq -C "$scratch/dnsmasq.conf" -u root -x "$scratch/pid" &&
		wait_for test -s "$scratch/pid"
}

is_gone() { ! kill -0 "$1" 2> /dev/null; }

stop_dnsmasq()
{
	local pid

	pid=$(< "$scratch/pid")
	kill "$pid" && wait_for is_gone "$pid"
}

# client MAC lease|release [ADDRESS SERVER]
client() { subscriber "$here/dhcp_client.py" eth0 "$@"; }

opted_out_lease()
{
	lease=$(client "$alice" lease) && [ "${lease% *}" = 198.51.100.7 ] &&
		has "optout 198.51.100.7" && timeout_of 198.51.100.7 3000 3600
}

renewed_lease()
{
	router p25ctl -o session optout add 198.51.100.7 timeout 1m comment "$(comment)" &&
		client "$alice" lease 198.51.100.7 198.51.100.1 &&
		wait_for timeout_of 198.51.100.7 3000 3600
}

comment() { router p25ctl -j -o session list | jq -r '.[0].comment'; }

ended_lease() { client "$alice" release 198.51.100.7 198.51.100.1 && has; }

# dnsmasq has forgotten her lease, and says so to nobody.
next_holder()
{
	client "$alice" lease && has "optout 198.51.100.7" && stop_dnsmasq &&
		rm "$scratch/leases" && start_dnsmasq && client "$bob" lease && has &&
		client "$bob" release 198.51.100.7 198.51.100.1
}

# It calls the hook for each lease when it starts.
policy_lost()
{
	client "$alice" lease && has "optout 198.51.100.7" && stop_dnsmasq &&
		router p25ctl -o session flush && start_dnsmasq && has "optout 198.51.100.7"
}

synced()
{
	router p25ctl -o session flush && router p25-session sync && has "optout 198.51.100.7"
}

module_away()
{
	client "$alice" release 198.51.100.7 198.51.100.1 && has && rmmod p25 &&
		client "$alice" lease && logged "the kernel module p25 is not loaded" &&
		modprobe p25 && add_policy && router p25-session sync &&
		has "optout 198.51.100.7"
}

add_policy() { router p25ctl pool add 198.51.100.0/24; }

topology
start_log || exit
add_policy
check "it is configured as the manual says" configure_dnsmasq
check "it starts" start_dnsmasq
check "a lease of a host with the tag" opted_out_lease
check "it is renewed" renewed_lease
check "it is given back" ended_lease
check "the next holder of the address is blocked, whatever has become of the first" next_holder
check "the policy is lost, and dnsmasq restarted" policy_lost
check "or sync is called" synced
check "without the module there are leases, and the log says it; sync makes up for it" \
	module_away
finish
