#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What p25.service does: the policy's files at boot, mistakes in them, what others have added,
# and the table of nft that holds port 25 closed while the policy isn't in force.

# shellcheck disable=SC2317 # called by check

. "$(dirname "$0")/lib/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
plan 36

scratch=$(mktemp -d)
on_exit rm -r "$scratch"
on_exit p25ctl flush --all
on_exit nft delete table inet p25_guard
export P25_ETC=$scratch/etc P25_LIB=$scratch/lib P25_RUN=$scratch/run
export P25_DEFAULTS=$scratch/default
mkdir -p "$P25_ETC/policy.d"

# service COMMAND: as p25.service calls it
service()
{
	"$top/build/tools/service" "$1" 2>&1
}

fails()
{
	! "$@"
}

# says PATTERN COMMAND...: it prints that, whatever its status is
says()
{
	local pattern=$1

	shift
	"$@" > "$scratch/said" 2>&1
	grep -E "$pattern" "$scratch/said" || { cat "$scratch/said"; return 1; }
}

# held [ELEMENT...]: the table is there, with these elements
held()
{
	local element

	nft list table inet p25_guard > "$scratch/table" || return
	cat "$scratch/table"
	for element; do
		grep -qF "$element" "$scratch/table" || return
	done
}

not_held()
{
	fails held
}

# has KIND PREFIX [OWNER]
has()
{
	p25ctl ${3:+-o "$3"} "$1" list | grep -F "$2"
}

# As after a reboot: the module is loaded anew, and /run is empty.
reboot()
{
	modprobe -r p25 && rm -rf "$P25_RUN"
	nft delete table inet p25_guard 2> /dev/null
	true
}

# without_module COMMAND...: as with a kernel that has none
without_module()
{
	local status

	modprobe -r p25
	mkdir -p "$scratch/bin"
	printf '#!/bin/sh\nexit 1\n' > "$scratch/bin/modprobe"
	chmod +x "$scratch/bin/modprobe"
	mount --bind "$scratch/bin/modprobe" "$(readlink -f "$(command -v modprobe)")" || return
	"$@"
	status=$?
	umount "$(readlink -f "$(command -v modprobe)")"
	return "$status"
}

policy()
{
	printf '%s\n' "$@" > "$P25_ETC/policy"
}

check "without a file" service start
policy 'action drop' 'relay 192.0.2.25' 'pool 198.51.100.0/24 comment "dynamic"' \
	'pool 2001:db8:100::/40' 'pool 203.0.113.0/24 action monitor'
echo 'static 198.51.100.64/28' > "$P25_ETC/policy.d/accounts.conf"
reboot
check "start" service start
check "the file is in force" has pool 198.51.100.0/24
check "so is that of another owner" has static 198.51.100.64/28 accounts
check "nothing is held" not_held

p25ctl -o abuse block add 198.51.100.70 comment "spam, owner admin" || exit
p25ctl -o session optout add 198.51.100.7 timeout 1h || exit
check "save" service save
reboot
check "start after a reboot" service start
check "the abuse desk's entry is back" has block 198.51.100.70 abuse
check "with its comment" has block '"spam, owner admin"' abuse
check "and a session's" has optout 198.51.100.7 session

policy 'action drop' 'relay 192.0.2.25' 'pool 198.51.100.0/240' 'pool 198.51.100.0/24'
check "a mistake in the file" fails service reload
check "the reason is said" says 'policy:3: .*0 to 32' service reload
check "what was in force, is" has pool 2001:db8:100::/40
check "so nothing is held" not_held
reboot
check "a mistake at boot" fails service start
check "what was in force last time, is" has pool 2001:db8:100::/40
check "what others had added is back" has block 198.51.100.70 abuse
check "still nothing is held" not_held
rm -r "$P25_LIB/good"
reboot
check "a mistake that there is no older file for" fails service start
check "its pools are held" held 198.51.100.0/24 192.0.2.25
policy 'action drop' 'relay 192.0.2.25' 'pool 198.51.100.0/24' \
	'pool 203.0.113.0/24 action monitor' 'pool 2001:db8:100::/40'
check "without the mistake" service reload
check "it is in force" has pool 2001:db8:100::/40
check "and nothing held" not_held

check "without the module" fails without_module service start
check "pools are held, not what is monitored" held 198.51.100.0/24 2001:db8:100::/40
check "what is only monitored is not" fails held 203.0.113.0/24
nft flush ruleset
check "nft's own service has flushed it" service hold
check "so it is there again" held 198.51.100.0/24
echo "fallback open" > "$P25_DEFAULTS"
reboot
check "fallback open" fails without_module service start
check "nothing is held" not_held
rm "$P25_DEFAULTS"
reboot
check "with the module" service start
check "nothing is held any more" not_held
check "the abuse desk's entry is still there" has block 198.51.100.70 abuse

rm "$P25_ETC/policy.d/accounts.conf"
check "an owner's file is deleted" service reload
check "and so are its entries" fails has static 198.51.100.64/28 accounts
rm "$P25_ETC/policy"
check "that the policy's own file is missing, is a mistake" fails service reload
finish
