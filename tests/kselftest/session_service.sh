#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# p25-session's units, started by a real systemd: the socket, by which FreeRADIUS' user
# starts the service; what that may do; reload, restart, and the timer of "sync".

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/lib/lib.sh"
plan 14
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
. "$(dirname "$0")/lib/systemd.sh"

units=(p25-session.socket p25-session.service
       p25-session-sync.service p25-session-sync.timer)
conf=/etc/p25/session.conf

if ! has_systemd; then
	for i in {1..14}; do
		skip "p25-session's units" "there is no systemd"
	done
	finish
fi

# freerad: as who FreeRADIUS runs; the package would have made the user
make_user()
{
	getent group freerad > /dev/null || groupadd -r freerad
}

# as USER-ID GROUP-ID STATUS ID: as FreeRADIUS' module exec tells of a session
as()
{
	in_it setpriv --reuid "$1" --regid "$2" --clear-groups env -i \
		ACCT_STATUS_TYPE="$3" ACCT_SESSION_ID="$4" USER_NAME=alice.nofilter \
		FRAMED_IP_ADDRESS=198.51.100.7 /usr/sbin/p25-session radius 192.0.2.1
}

freerad() { as 65534 freerad "$@"; }

# has LINE...: the owner's entries are exactly these
has()
{
	local got

	got=$(router p25ctl -o session list | cut -d ' ' -f 1,2 | sort)
	[ "$got" = "$([ $# = 0 ] || printf '%s\n' "$@" | sort)" ]
}

# becomes LINE...: before long
becomes()
{
	wait_for has "$@" || { router p25ctl -o session list; journal 'p25-session*'; }
}

in_journal() { in_it journalctl -q -t p25-session | grep -F -- "$1"; }

add_policy() { router p25ctl pool add 198.51.100.0/24; }

socket_starts()
{
	in_it systemctl start p25-session.socket &&
		[ "$(in_it stat -c %A:%U:%G /run/p25-session.sock)" = srw-rw----:root:freerad ]
}

started_by_message()
{
	[ "$(state_of p25-session ActiveState)" = inactive ] && freerad Start a &&
		becomes "optout 198.51.100.7" &&
		[ "$(state_of p25-session ActiveState)" = active ] &&
		freerad Stop a && becomes
}

others_may_not()
{
	as 65534 65534 Start b && wait_for in_journal "Permission denied" && becomes
}

main_process() { state_of p25-session MainPID; }

has_one_right()
{
	local status

	status=/proc/$(main_process)/status
	in_it grep -qx 'CapEff:.0*1000' "$status" && in_it grep -qx 'CapBnd:.0*1000' "$status" &&
		in_it grep -qx 'NoNewPrivs:.1' "$status" && in_it grep -qx 'Seccomp:.2' "$status"
}

# Where it can write: in its own folders.
sees_read_only()
{
	local pid

	pid=$(main_process)
	# shellcheck disable=SC2016 # it is its shell that expands
	in_it nsenter -t "$pid" --mount bash -c '
		for folder in /etc /usr /root /home /var/lib; do
			! touch $folder/p25-test 2> /dev/null || exit
		done
		touch /var/lib/p25-session/test /run/p25-session/test &&
			rm /var/lib/p25-session/test /run/p25-session/test'
}

reloaded()
{
	mkdir -p /etc/p25 && echo "kinds block" > "$conf" &&
		in_it systemctl reload p25-session && freerad Start c &&
		wait_for in_journal 'sessions may not have "optout" here' && becomes &&
		rm "$conf" && in_it systemctl reload p25-session && freerad Start d &&
		becomes "optout 198.51.100.7"
}
on_exit rm -f "$conf"

# What the kernel has lost meanwhile comes back.
restarted()
{
	router p25ctl -o session flush && in_it systemctl restart p25-session &&
		becomes "optout 198.51.100.7" && freerad Stop d && becomes
}

is_another() { [ "$(main_process)" != "$1" ] && [ "$(main_process)" != 0 ]; }

killed()
{
	local before

	before=$(main_process)
	freerad Start e && becomes "optout 198.51.100.7" &&
		in_it kill -KILL "$before" && wait_for is_another "$before" &&
		freerad Stop e && becomes
}

is_stopped() { [ "$(state_of p25-session ActiveState)" = inactive ]; }

# Its socket stays, and starts it again.
stopped()
{
	in_it systemctl stop p25-session.service && wait_for is_stopped &&
		freerad Start f && becomes "optout 198.51.100.7" && freerad Stop f && becomes
}

without_module()
{
	modprobe -r p25 && freerad Start g &&
		wait_for in_journal "the kernel module p25 is not loaded" &&
		modprobe p25 && add_policy && in_it systemctl start p25-session-sync &&
		becomes "optout 198.51.100.7" && freerad Stop g && becomes
}

# Thirty seconds after boot, then every five minutes
synced_by_timer()
{
	router p25ctl -o session optout add 198.51.100.9 timeout 1h comment "of nobody" &&
		in_it systemctl start p25-session-sync.timer && becomes
}

clean_journal()
{
	in_it journalctl -q -o cat -u p25-session -u p25-session-sync -p err | {
		! grep .
	}
}

topology
add_policy
make_user
check "the units are installed" install_units "${units[@]}"
on_exit remove_units "${units[@]}"
boot_systemd
check "systemd finds nothing wrong with them" in_it systemd-analyze verify --man=no \
	"${units[@]/#//etc/systemd/system/}"
check "the socket is there for FreeRADIUS' group" socket_starts
check "FreeRADIUS' user starts the service by a message" started_by_message
check "others may not write" others_may_not
check "it has CAP_NET_ADMIN alone, and gets no more" has_one_right
check "it can write to its own folders alone" sees_read_only
check "reload: other settings" reloaded
check "restart: what the kernel has lost comes back" restarted
check "it is killed, and started again" killed
check "it is stopped, and started by the next message" stopped
check "without the module; sync when that is there" without_module
check "the timer of sync" synced_by_timer
check "no errors in the journal" clean_journal
finish
