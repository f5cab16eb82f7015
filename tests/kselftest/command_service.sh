#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25-log.service, started by a real systemd: what senders do gets into its journal,
# with fields, also after the module has been replaced, and though the service may have
# been started before there was a module.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 7
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
. "$(dirname "$0")/lib/systemd.sh"

# logged FILTER: FILTER is true of an event in the journal
logged()
{
	in_it journalctl -q -t p25 -o json | jq -es "any($1)" > /dev/null
}

attempt()
{
	subscriber nc -w 1 203.0.113.25 25 < /dev/null
	return 0
}

if ! has_systemd; then
	for i in {1..7}; do
		skip "p25-log.service" "there is no systemd"
	done
	finish
fi

check "the unit is installed" install_units p25-log.service
on_exit remove_units p25-log.service

topology
router p25ctl pool add 198.51.100.0/24
boot_systemd
check "systemd finds nothing wrong with it" in_it systemd-analyze verify \
	--man=no /etc/systemd/system/p25-log.service
check "it starts" in_it systemctl start p25-log
is_running()
{
	[ "$(state_of p25-log SubState)" = running ]
}
wait_for is_running

# Until it listens, events are lost: the kernel says each only once.
heard()
{
	router p25ctl set action monitor && router p25ctl set action drop &&
		logged '.P25_EVENT == "settings"'
}
wait_for heard
attempt
check "a sender's first attempt, with fields" eval '
	wait_for logged ".P25_EVENT == \"sender\" and .P25_SRC == \"198.51.100.2\" and
		.P25_DST == \"203.0.113.25\" and .P25_ATTEMPTS == \"1\" and
		.P25_REASON == \"pool\" and .SYSLOG_IDENTIFIER == \"p25\" and
		._SYSTEMD_UNIT == \"p25-log.service\" and
		(.MESSAGE | startswith(\"sender 198.51.100.2 \"))" || journal p25-log'
not_root()
{
	local process

	process=$(state_of p25-log MainPID) &&
		[ "$(in_it stat -c %u "/proc/$process")" != 0 ] &&
		in_it grep -qx 'CapEff:.0*1000' "/proc/$process/status"
}
check "it is not root, and has CAP_NET_ADMIN alone" not_root

if ! modprobe -r p25; then
	for i in 1 2; do
		skip "the module is replaced" "the module is in use"
	done
	finish
fi
on_exit modprobe p25
wait_for logged '.P25_EVENT == "unloaded"'
modprobe p25
wait_for logged '.P25_EVENT == "loaded"'
router p25ctl pool add 198.51.100.0/24
goes_on()
{
	router p25ctl set limit 1000 && router p25ctl set limit 2000 &&
		logged '.P25_EVENT == "settings" and .P25_LIMIT == "1000"'
}
check "the module is replaced, and it goes on" wait_for goes_on

in_it systemctl stop p25-log
modprobe -r p25
in_it systemctl start p25-log
restarts()
{
	[ "$(state_of p25-log NRestarts)" -ge 1 ]
}
wait_for restarts
modprobe p25
back()
{
	router p25ctl set limit 3000 && router p25ctl set limit 4000 &&
		logged '.P25_EVENT == "settings" and .P25_LIMIT == "3000"'
}
check "started without a module, it is restarted until there is one" eval '
	wait_for back || journal p25-log'

finish
