# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Roots: folders with a minimal Debian of some release, to run commands in; to be
# sourced.

# shellcheck source=debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

# root_make ROOT SUITE [PACKAGE]...: a minimal system of that release, with
# these packages, in the folder ROOT, for root_run. As nothing is kept of a
# root that isn't finished, nothing needs to be synced; and an archive that isn't
# updated any more will do.
root_make() {
	local root=$1 suite=$2 packages log sources

	shift 2
	packages=$(IFS=,; echo "$*")
	if ! unshare --mount true 2> /dev/null; then
		debian_say "a root of Debian $suite can't be used: that needs" \
			"root's rights, with mount namespaces"
		return 1
	fi
	log=$(mktemp)
	if ! { sources=$(debian_sources "$suite") &&
	       mmdebstrap --mode=root --variant=minbase \
			${packages:+--include="$packages"} \
			--aptopt='Acquire::Check-Valid-Until "false"' \
			--aptopt='Acquire::Retries "2"' \
			--dpkgopt=force-unsafe-io --skip=cleanup/apt/lists \
			"$suite" "$root" <<< "$sources"; } > "$log" 2>&1; then
		debian_explain "$log" "a root of Debian $suite"
		rm -rf --one-file-system "$log" "$root"
		return 1
	fi
	rm "$log"
}

# root_run [-b SOURCE:TARGET]... ROOT COMMAND...: runs COMMAND in ROOT, with
# devices, /proc (objtool can't do without), this machine's way to the network, and
# what is here in the folder SOURCE at TARGET. The mounts are gone with COMMAND.
# PATH is a root's: of old releases, /bin is not a part of /usr.
# ROOT is made a mount of its own: COMMAND can make roots in turn, and a mount
# namespace begins with a change of what is mounted at "/".
root_run() {
	# shellcheck disable=SC2016 # it is for the inner shell
	unshare --mount --propagation private bash -euc '
		binds=()
		while [ "$1" = -b ]; do
			binds+=("$2")
			shift 2
		done
		root=$1
		shift
		mount --bind "$root" "$root"
		cp -L /etc/resolv.conf "$root/etc/resolv.conf"
		mount -t proc proc "$root/proc"
		mount --rbind /sys "$root/sys"
		mount --rbind /dev "$root/dev"
		for bind in "${binds[@]}"; do
			mkdir -p "$root${bind#*:}"
			mount --bind "${bind%%:*}" "$root${bind#*:}"
		done
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
		exec chroot "$root" "$@"' root_run "$@"
}
