# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A real systemd for tests of units; to be sourced after lib.sh, and after topology.
#
# systemd is process 1 of a PID namespace, as in a container, in the network namespace
# of the router; what it is to find of a container is in systemd's CONTAINER_INTERFACE.

systemd=/lib/systemd/systemd

# In namespaces of its own: process 1.
# shellcheck disable=SC2016 # bash -c expands it
systemd_container='
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

has_systemd() { [ -x $systemd ] && command -v journalctl > /dev/null; }

# install_units UNIT...: as "make install" does, with the programs that they start. What
# else is installed is in $scratch/root.
install_units()
{
	local unit program top

	top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../..")
	# shellcheck disable=SC2154 # the test has made it
	make -s -C "$top/tools" -o all install DESTDIR="$scratch/root" PREFIX=/usr || return
	for unit; do
		install -m 644 -t /etc/systemd/system \
			"$scratch/root/usr/lib/systemd/system/$unit" || return
	done
	for program in p25ctl p25-session; do
		install -m 755 -t /usr/sbin "$scratch/root/usr/sbin/$program" || return
	done
}

# remove_units UNIT...
remove_units()
{
	(cd /etc/systemd/system && rm -f "$@")
	rm -f /usr/sbin/p25ctl /usr/sbin/p25-session
}

# boot_systemd: what it is started with is process $systemd_outer; itself it is
# $systemd_pid, seen from here.
boot_systemd()
{
	# shellcheck disable=SC2154 # of lib.sh
	systemd_cgroup=/sys/fs/cgroup/$lib_prefix
	mkdir "$systemd_cgroup" || return
	on_exit rmdir "$systemd_cgroup"
	# shellcheck disable=SC2016 # bash -c expands it
	bash -c 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"' - "$systemd_cgroup" \
		nsenter --net="/run/netns/$(netns router)" \
		unshare --mount --uts --ipc --cgroup --pid --fork --kill-child \
			--mount-proc bash -c "$systemd_container" - "$systemd" \
		> "$scratch/console" 2>&1 &
	systemd_outer=$!
	on_exit systemd_kill
	wait_for systemd_is_there && wait_for in_it systemctl is-active basic.target && return
	cat "$scratch/console"
	echo "Bail out! systemd does not start"
	exit 1
}

systemd_is_there()
{
	systemd_pid=$(pgrep -P "$systemd_outer" -x systemd) && [ -n "$systemd_pid" ]
}

# With process 1, all of its namespace goes.
systemd_kill()
{
	kill -KILL "$systemd_pid" "$systemd_outer"
	wait "$systemd_outer"
	find "$systemd_cgroup" -mindepth 1 -depth -type d -exec rmdir {} +
}

# in_it COMMAND...: where systemd is
in_it()
{
	nsenter -t "$systemd_pid" --mount --pid --uts --ipc --cgroup "$@"
}

# state_of UNIT PROPERTY
state_of() { in_it systemctl show -p "$2" --value "$1"; }

# journal UNIT: what has been logged, for who reads why a test failed
journal()
{
	in_it journalctl -q --no-pager -u "$1" | tail -n 20
	return 1
}
