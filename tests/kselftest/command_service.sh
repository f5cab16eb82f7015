#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25-log.service, started by a real systemd: what senders do gets into its journal,
# with fields, also after the module has been replaced, and though the service may have
# been started before there was a module.
#
# systemd is process 1 of a PID namespace, as in a container, in the network namespace
# of a router; what it is to find of a container is in systemd's CONTAINER_INTERFACE.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 7

tree=$(cd "$(dirname "$0")/../.." && pwd)
init=/lib/systemd/systemd
cgroup=/sys/fs/cgroup/$lib_prefix
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"

# In namespaces of its own: process 1.
inner='
	set -e
	umount -R /sys/fs/cgroup	# of all, for the own part of it
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -o remount,bind,ro /sys
	mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
	for folder in /run /tmp /var/log /var/lib/systemd; do
		mount -t tmpfs tmpfs $folder
	done
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=p25 \
		"$1" --system --unit=basic.target --show-status=no \
		--log-target=journal
'

# What it is started with is process $outer; itself it is $manager, seen from here.
boot()
{
	mkdir "$cgroup" || return
	on_exit rmdir "$cgroup"
	bash -c 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"' - "$cgroup" \
		nsenter --net="/run/netns/$(netns router)" \
		unshare --mount --uts --ipc --cgroup --pid --fork --kill-child \
			--mount-proc bash -c "$inner" - "$init" \
		> "$scratch/console" 2>&1 &
	outer=$!
	on_exit kill_all
	wait_for has_child || return
	wait_for in_it systemctl is-active basic.target
}

has_child()
{
	manager=$(pgrep -P "$outer" -x systemd) && [ -n "$manager" ]
}

# With process 1, all of its namespace goes.
kill_all()
{
	kill -KILL "$manager" "$outer"
	wait "$outer"
	find "$cgroup" -mindepth 1 -depth -type d -exec rmdir {} +
}

# in_it COMMAND...: where systemd is
in_it()
{
	nsenter -t "$manager" --mount --pid --uts --ipc --cgroup "$@"
}

# logged FILTER: FILTER is true of an event in the journal
logged()
{
	in_it journalctl -q -t p25 -o json | jq -es "any($1)" > /dev/null
}

# What has been logged, for who reads why a test failed
journal()
{
	in_it journalctl -q --no-pager -u p25-log | tail -n 20
	return 1
}

attempt()
{
	subscriber nc -w 1 203.0.113.25 25 < /dev/null
	return 0
}

if [ ! -x $init ] || ! command -v journalctl > /dev/null; then
	for i in {1..7}; do
		skip "p25-log.service" "there is no systemd"
	done
	finish
fi

make -s -C "$tree/tools" install DESTDIR="$scratch/root" PREFIX=/usr > "$scratch/log" 2>&1
check "the unit is installed" \
	install -m 644 -t /etc/systemd/system \
	"$scratch/root/usr/lib/systemd/system/p25-log.service"
on_exit rm -f /etc/systemd/system/p25-log.service
install -m 755 -t /usr/sbin "$scratch/root/usr/sbin/p25ctl"
on_exit rm -f /usr/sbin/p25ctl

topology
router p25ctl pool add 198.51.100.0/24
boot || { cat "$scratch/console";
	echo "Bail out! systemd does not start"; exit 1; }
check "systemd finds nothing wrong with it" in_it systemd-analyze verify \
	--man=no /etc/systemd/system/p25-log.service
check "it starts" in_it systemctl start p25-log
is_running()
{
	[ "$(in_it systemctl show -p SubState --value p25-log)" = running ]
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
		(.MESSAGE | startswith(\"sender 198.51.100.2 \"))" || journal'
not_root()
{
	local process

	process=$(in_it systemctl show -p MainPID --value p25-log) &&
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
	[ "$(in_it systemctl show -p NRestarts --value p25-log)" -ge 1 ]
}
wait_for restarts
modprobe p25
back()
{
	router p25ctl set limit 3000 && router p25ctl set limit 4000 &&
		logged '.P25_EVENT == "settings" and .P25_LIMIT == "3000"'
}
check "started without a module, it is restarted until there is one" eval '
	wait_for back || journal'

finish
