# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs from Debian's packages that are not installed: they are only downloaded and
# unpacked, into a folder that is laid out like a root file system, for "tests/vm/run -o".
# To be sourced.

# shellcheck source=debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

# Every package that apt would install for "programs", as NAME=VERSION.
unpack_missing()
{
	local names

	for names in "${programs[@]}"; do
		# shellcheck disable=SC2086 # one word for each package
		debian_apt -s --no-install-recommends install $names ||
			return
	done | sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*/\1=\3/p' |
		sort -u
}

unpack_download()
{
	local packages

	packages=$(unpack_missing) || return
	mapfile -t packages <<< "$packages"
	[ -n "${packages[0]}" ] || return 0
	debian_say "unpacking into $PWD (nothing is installed):" \
		"${packages[@]%%=*}" 2>&3
	debian_apt download "${packages[@]}"
}

# unpack_into FOLDER: /lib and /sbin are links on Debian 12, and must stay so.
unpack_into()
{
	local deb

	mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/sbin"
	ln -s usr/bin usr/lib usr/sbin "$1"
	for deb in *.deb; do
		[ -e "$deb" ] || continue
		dpkg-deb --fsys-tarfile "$deb" |
			tar -xC "$1" --keep-directory-symlink
	done
}

# unpack_programs NAME WHAT PACKAGES...: prints the folder in the cache, NAME, that holds
# PACKAGES and whatever they need that this machine lacks. Each word PACKAGES is one
# question to apt, as packages may conflict; WHAT they are, for messages.
unpack_programs()
{
	local name=$1 what=$2 cache stamp root programs=("${@:3}")

	cache=${XDG_CACHE_HOME:-$HOME/.cache}/p25/$name
	# What is missing depends on what is installed and on the list.
	stamp=$(echo "${programs[*]}" | cat /var/lib/dpkg/status - |
		sha256sum | cut -c1-16)
	root=$cache/$stamp
	if [ ! -d "$root" ]; then
		rm -rf "$cache"
		mkdir -p "$cache/new"
		cd "$cache" || return
		# Package lists that are missing or too old are renewed once.
		{ unpack_download || { debian_apt update && unpack_download; }; } \
			3>&2 > log 2>&1 || {
			debian_explain log "$what"
			return 1
		}
		rm log
		unpack_into new
		rm -f ./*.deb
		mv new "$root"
	fi
	echo "$root"
}
