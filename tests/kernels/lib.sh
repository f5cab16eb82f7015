# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts for other kernels than this machine's share.
#
# A kernel is called by its series here, 6.12 for example, and belongs to the
# Debian release that has it. The module is built for it in a root, a folder
# with that release's compiler and kernel headers for chroot:
#
#   CACHE/kernels/6.12/root      the root
#   CACHE/kernels/6.12/release   "uname -r" of the kernel; written last
#
# CACHE is ${XDG_CACHE_HOME:-~/.cache}/p25. The kernel that this machine has
# headers for needs no root.

kernels_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
kernels_cache=${XDG_CACHE_HOME:-$HOME/.cache}/p25/kernels

# The kernels that p25 is for.
# shellcheck disable=SC2034 # others use it
declare -A kernels_suite=(
	[5.10]=bullseye
	[6.1]=bookworm
	[6.12]=trixie
	[7.2]=forky
)

# shellcheck source=../root.sh
. "$kernels_tree/tests/root.sh"

kernels_die() {
	echo "kernels: $*" >&2
	exit 1
}

# kernels_root_of RELEASE: the root for the kernel whose "uname -r" that is;
# nothing if there is none
kernels_root_of() {
	local file

	for file in "$kernels_cache"/*/release; do
		if [ -e "$file" ] && [ "$(< "$file")" = "$1" ]; then
			echo "${file%/*}/root"
		fi
	done
}

# kernels_in_root ROOT COMMAND...: runs COMMAND in ROOT, with this tree in the same
# place as here.
kernels_in_root() {
	root_run -b "$kernels_tree:$kernels_tree" "$@"
}
