#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The command and the library are built so that a slip in them is hard to make
# use of. This is about the files: the kernel that runs is of no matter.

. "$(dirname "$0")/lib/lib.sh"

tools=$(command -v p25ctl) || exit
tools=${tools%/*}

# says FILE PATTERN OPTION...: readelf OPTION... says PATTERN of FILE
# shellcheck disable=SC2317 # called by check
says()
{
	local file=$1 pattern=$2 output

	shift 2
	output=$(readelf -W "$@" "$file") && grep -E "$pattern" <<< "$output"
}

# says_not FILE PATTERN OPTION...: it says something, but not that
# shellcheck disable=SC2317 # called by check
says_not()
{
	local file=$1 pattern=$2 output

	shift 2
	output=$(readelf -W "$@" "$file") && [ -n "$output" ] &&
		! grep -E "$pattern" <<< "$output"
}

check_file()
{
	local name=$1 file=$2

	check "$name: stack not executable" \
		says "$file" 'GNU_STACK .* RW +0x' -l
	check "$name: relocations read-only (RELRO)" says "$file" GNU_RELRO -l
	check "$name: all of them, bound at start (BIND_NOW)" \
		says "$file" 'BIND_NOW|FLAGS_1.*NOW' -d
	check "$name: no code is relocated" says_not "$file" TEXTREL -d
	check "$name: no RPATH or RUNPATH" says_not "$file" 'R(UN)?PATH' -d
	check "$name: stack protector" says "$file" __stack_chk_fail --dyn-syms
	check "$name: fortified" says "$file" '__[a-z]+_chk\>' --dyn-syms
}

# Debian 12's C library is not built for it, so that the mark shows on our own
# objects alone, not on what is linked with that.
check_branches()
{
	local name="libp25.a: jumps only to where jumps may go (IBT)"

	if [ "$(uname -m)" = x86_64 ]; then
		check "$name" says "$tools/libp25.a" 'x86 feature: IBT' -n
	else
		skip "$name" "x86-64 only"
	fi
}

plan 26
check_file p25ctl "$tools/p25ctl"
check "p25ctl: at a random address (PIE)" says "$tools/p25ctl" 'Flags:.*PIE' -d
check "p25ctl: neither set-user-ID nor set-group-ID" \
	test -f "$tools/p25ctl" -a ! -u "$tools/p25ctl" -a ! -g "$tools/p25ctl"
check_file p25-session "$tools/p25-session"
check "p25-session: at a random address (PIE)" \
	says "$tools/p25-session" 'Flags:.*PIE' -d
check_file libp25.so "$tools/libp25.so.1"
check_branches
# A program that links it has names of its own.
check "libp25.a: every global symbol begins with p25_" says_not \
	"$tools/libp25.a" \
	'(GLOBAL|WEAK) +[A-Z]+ +([0-9]+|COM) ([^p]|p[^2]|p2[^5]|p25[^_])' -s
finish
