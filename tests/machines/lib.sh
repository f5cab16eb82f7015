# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts for machines of other architectures share; to be sourced.
#
# A machine is called as Debian calls its architecture, and is one of the release
# that this machine has. What it needs is made once, by prepare and image:
#
#   CACHE/machines/bookworm-arm64/
#       build/            a root of this machine's architecture, with a cross
#                         compiler and QEMU's emulation of programs
#       build/machine/    the machine's own libraries, and headers for them
#       build/usr/src/    headers of its kernel
#       release           "uname -r" of that kernel
#       vmlinuz modules/  the kernel
#       system            an archive of the programs that it boots with
#
# CACHE is ${XDG_CACHE_HOME:-~/.cache}/p25. Its packages are unpacked: none of them is
# installed, and none of its programs is run to prepare it. What is built for it
# goes to build/machines/MACHINE.

machines_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # others use it
machines_here=$machines_tree/tests/machines
machines_cache=${XDG_CACHE_HOME:-$HOME/.cache}/p25/machines

# The compiler's name for it, and that of its folders of libraries.
declare -A machines_compiler=(
	[arm64]=aarch64-linux-gnu
	[armhf]=arm-linux-gnueabihf
	[s390x]=s390x-linux-gnu
	[i386]=i686-linux-gnu
)
declare -A machines_libraries=(
	[arm64]=aarch64-linux-gnu
	[armhf]=arm-linux-gnueabihf
	[s390x]=s390x-linux-gnu
	[i386]=i386-linux-gnu
)
# QEMU's name.
# shellcheck disable=SC2034 # others use it
declare -A machines_qemu=(
	[arm64]=aarch64
	[armhf]=arm
	[s390x]=s390x
	[i386]=i386
)
# Its kernel's; i386 is here for its 32 bits, which need no kernel of their own.
# shellcheck disable=SC2034
declare -A machines_flavour=(
	[arm64]=arm64
	[armhf]=armmp
	[s390x]=s390x
)

# shellcheck source=../root.sh
. "$machines_tree/tests/root.sh"

machines_die() {
	debian_say "$@"
	exit 1
}

# machines_known MACHINE...: or it ends
machines_known() {
	local machine

	for machine; do
		[ -n "${machines_compiler[$machine]-}" ] ||
			machines_die "there is no machine \"$machine\"; there are:" \
				"${!machines_compiler[*]}"
	done
}

# machines_folder MACHINE
machines_folder() {
	echo "$machines_cache/$(debian_release)-$1"
}

# machines_in MACHINE COMMAND...: runs COMMAND in its build root, in this tree, with
# what make needs to know to build for the machine and to run what it has built
machines_in() {
	local machine=$1 folder libraries

	shift
	folder=$(machines_folder "$machine")
	libraries=/machine/usr/lib/${machines_libraries[$machine]}
	mkdir -p "$machines_tree/build/machines/$machine"
	root_run -b "$machines_tree:$machines_tree" \
		-b "$machines_tree/build/machines/$machine:$machines_tree/build" \
		"$folder/build" env -C "$machines_tree" -u MAKEFLAGS -u MAKELEVEL \
		PKG_CONFIG_SYSROOT_DIR=/machine \
		PKG_CONFIG_LIBDIR="$libraries/pkgconfig:/machine/usr/share/pkgconfig" \
		CC="${machines_compiler[$machine]}-gcc --sysroot=/machine" \
		AR="${machines_compiler[$machine]}-ar" CFLAGS='-O2 -g -Werror' \
		RUN="qemu-${machines_qemu[$machine]} -L /machine" "$@"
}
