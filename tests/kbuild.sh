# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts share that build a kernel of the laboratory's own; to be sourced.

# shellcheck source=debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

# kbuild_progress FILES: follows make's output, which is about FILES compiler runs;
# a counter on a terminal, else a line now and then
kbuild_progress() {
	local word files=0 what

	while read -r word _; do
		[ "$word" = CC ] || continue
		files=$((files + 1))
		what="compiling: $files of about $1 files"
		if [ -t 2 ]; then
			printf '\r%s: %s, %d:%02d' "$debian_me" "$what" \
				$((SECONDS / 60)) $((SECONDS % 60)) >&2
		elif ((files % 250 == 0)); then
			debian_say "$what"
		fi
	done
	[ ! -t 2 ] || echo >&2
}

# kbuild_check WANTED CONFIG: every option that WANTED asks for is in CONFIG
kbuild_check() {
	local line

	while read -r line; do
		grep -qx "$line" "$2" || {
			debian_say "$line can't be had: something that it needs is off"
			return 1
		}
	done < <(grep '^CONFIG_' "$1")
}
