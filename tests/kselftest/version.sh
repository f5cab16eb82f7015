#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Module, command, library and manual pages say one version: the one in
# include/version.h.

. "$(dirname "$0")/lib/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)

pages=("$top"/Documentation/*.?)
plan $((4 + ${#pages[@]}))

version=$(sed -n 's/^#define P25_VERSION "\(.*\)"/\1/p' "$top/include/version.h")
installed=$(mktemp -d)
on_exit rm -r "$installed"
# As it was built: there may be no compiler.
make -s -C "$top/tools" -o all install PREFIX="$installed" &&
	make -s -C "$top" install-manuals PREFIX="$installed" || exit

# is_version COMMAND...: COMMAND prints the version, and nothing else
# shellcheck disable=SC2317 # called by check
is_version()
{
	local output

	output=$("$@") && echo "\"$output\", not \"$version\"" &&
		[ "$output" = "$version" ]
}

# foot PAGE: what stands in its last line, between the dates
# shellcheck disable=SC2317
foot()
{
	mandoc -T ascii "$1" | sed -n '$s/^p25 \([^ ]*\) .* p25 \1$/\1/p'
}

check "include/version.h has one" test -n "$version"
check "the module's" is_version cat /sys/module/p25/version
check "the command's" is_version sed 's/^p25ctl //' <(p25ctl -V)
check "the library's" is_version sed -n 's/^Version: //p' \
	"$installed/lib/pkgconfig/libp25.pc"
for page in "${pages[@]}"; do
	page=${page##*/}
	check "$page's" is_version foot "$installed/share/man/man${page##*.}/$page"
done
finish
