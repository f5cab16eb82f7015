#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make install" and "make uninstall" by hand: modprobe, the dynamic linker and systemd find
# what was installed, and afterwards nothing of it.

# shellcheck disable=SC2317 # called by check

. "$(dirname "$0")/lib/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)

kernel=$(uname -r)
if [ ! -e "$top/build/module/$kernel/p25.ko" ]; then
	plan 1
	skip "install and uninstall" "this machine builds nothing itself"
	finish
fi
plan 11

other=/lib/modules/9.9.9-other
mine=/lib/modules/$kernel/updates/p25.ko
on_exit rm -rf "$other"
mkdir -p "$other/updates"
touch "$other"/modules.{order,builtin} "$other/updates/p25.ko"
scratch=$(mktemp -d)
# Other tests have the module loaded.
restore()
{
	cp "$scratch/p25.ko" "$mine"
	depmod
	rm -r "$scratch"
}
cp "$mine" "$scratch/" || exit
on_exit restore

# make_it TARGET: with what is built, as there may be no compiler
make_it()
{
	make -s -C "$top" -o all KVER="$kernel" "$@" > "$scratch/said" 2>&1
	local status=$?

	cat "$scratch/said"
	return "$status"
}

says_nothing()
{
	! grep -v ^make "$scratch/said"
}

module_is()
{
	[ "$(modinfo -F filename p25)" = "$1" ]
}

no_module()
{
	! modinfo -F filename p25
}

in_cache()
{
	ldconfig -p | grep -F "/usr/local/lib/libp25.so.1"
}

not_in_cache()
{
	! in_cache
}

enabled()
{
	systemctl enable p25-log.service &&
		[ -L /etc/systemd/system/multi-user.target.wants/p25-log.service ]
}

not_enabled()
{
	! [ -L /etc/systemd/system/multi-user.target.wants/p25-log.service ]
}

# left: of all that was installed
nothing_left()
{
	! find /usr/local /lib/modules -name '*p25*' ! -name p25ctl ! -name p25-session | grep .
}

refuses_other()
{
	! make -s -C "$top" -o all installable running=9.9.9-none > "$scratch/said" 2>&1 &&
		grep "no headers of the running kernel, 9.9.9-none" "$scratch/said"
}

check "install" make_it install
check "says nothing of what is harmless" says_nothing
check "the module is there" module_is "$mine"
check "the linker finds the library" in_cache
if command -v systemctl > /dev/null; then
	check "a unit can be enabled" enabled
else
	skip "a unit can be enabled" "there is no systemd"
fi
check "uninstall" make_it uninstall
check "modprobe finds no module" no_module
check "nor does the linker find the library" not_in_cache
check "the unit is not enabled" not_enabled
check "nothing is left, of no kernel" nothing_left
check "without headers of the running kernel it is refused" refuses_other
finish
