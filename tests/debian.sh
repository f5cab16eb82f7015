# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Packages of Debian releases, of this machine's and of others; to be sourced.
# Nothing here changes what is installed.
#
# A release is called by its code name (bookworm), a suite is a release or one of
# its additions (bookworm-backports). Where packages come from is what this
# machine's apt uses.
#
# A function that fails has said why on standard error, in one sentence.

export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

debian_me=${0##*/tests/}

debian_say() {
	echo "$debian_me: $*" >&2
}

# debian_release: this machine's
debian_release() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "${VERSION_CODENAME-}")
}

# debian_explain LOG WHAT [REMEDY]: says why WHAT couldn't be had, by what apt, dpkg
# or tar has left in LOG, and what to do about it: REMEDY, if the archive hasn't got
# it.
debian_explain() {
	local reason remedy=${3-see to /etc/apt/sources.list}

	if grep -qE 'No space left on device|enough free space' "$1"; then
		reason="the disk is full; make room and try again"
	elif grep -qE 'Could not (resolve|connect)|Unable to connect|Connection (timed|refused|failed)|Temporary failure|Network is unreachable' "$1"; then
		reason="the archive can't be reached; see to the network and /etc/apt/sources.list: $(
			grep -m 1 -E 'Could not|Unable to connect|Connection|Temporary|unreachable' "$1" |
				sed 's/^[EW]: *//')"
	elif grep -qE 'Unable to locate package|has no installation candidate|Unable to find|has no package' "$1"; then
		reason="the archive doesn't have it; $remedy: $(
			grep -m 1 -E 'Unable to|candidate|has no package' "$1" | sed 's/^E: *//')"
	else
		reason=$(grep -m 1 '^E: Failed to fetch' "$1" ||
			 grep '^E: ' "$1" | tail -n 1)
		reason=${reason#E: }
		[ -n "$reason" ] || reason=$(tail -n 1 "$1")
	fi
	debian_say "$2 can't be had: $reason"
}

# debian_apt UPDATE-OR-DOWNLOAD...: apt-get as the user that runs this: it would
# drop to the user _apt for downloads, who can't write here. A mirror that doesn't answer
# is tried again, not for ever.
debian_apt() {
	apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=2 \
		-o Acquire::http::Timeout=30 "$@"
}

# Where apt gets the packages of that label from ("Debian", "Debian-Security").
debian_known_archive() {
	# shellcheck disable=SC2016 # it's apt's own variable
	apt-get indextargets --format '$(REPO_URI)' "Label: $1" \
		'Created-By: Packages' | sort -u | head -n 1
}

# debian_archive LABEL: the same; a machine whose apt hasn't been used yet doesn't
# know before it has the lists. Prints nothing if this machine has no such source.
debian_archive() {
	local archive

	archive=$(debian_known_archive "$1")
	if [ -z "$archive" ] && [ "$(id -u)" = 0 ] &&
	   [ -z "$(debian_known_archive Debian)" ]; then
		debian_apt update > /dev/null 2>&1 || :
		archive=$(debian_known_archive "$1")
	fi
	echo "$archive"
}

# debian_sources SUITE [OPTION]: lines for a sources.list
debian_sources() {
	local option=${2:+[$2] } main security

	main=$(debian_archive Debian)
	if [ -z "$main" ]; then
		echo "E: this machine's apt knows no Debian archive;" \
		     "add one to /etc/apt/sources.list, then: apt-get update" >&2
		return 1
	fi
	echo "deb $option$main $1 main"
	security=$(debian_archive Debian-Security)
	case $1 in
	*-*) ;;
	*) [ -z "$security" ] ||
		echo "deb $option$security $1-security main" ;;
	esac
}

# In the current folder, with lists of its own, whose age doesn't matter.
debian_download_here() {
	local suite=$1 package names own

	shift
	own=(-o Dir::State::Lists="$PWD/lists"
	     -o Dir::Etc::SourceList="$PWD/sources.list"
	     -o Dir::Etc::SourceParts="$PWD/parts"
	     -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	     -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false)
	mkdir -p lists/partial parts
	debian_sources "$suite" \
		"signed-by=/usr/share/keyrings/debian-archive-keyring.gpg" \
		> sources.list || return
	debian_apt "${own[@]}" -o APT::Update::Error-Mode=any update || return
	# apt would take a name that it doesn't know for a regular expression.
	for package; do
		names=$(apt-cache "${own[@]}" pkgnames "$package")
		[[ $'\n'$names$'\n' == *$'\n'"$package"$'\n'* ]] || {
			echo "E: $suite has no package $package"
			return 1
		}
	done
	debian_apt "${own[@]}" download "$@"
}

# debian_download SUITE PACKAGE...: the newest of them that SUITE has, into the
# current folder; PACKAGE is an exact name
debian_download() {
	local dir

	dir=$(mktemp -d "$PWD/download.XXXXXX") || return
	if ! (cd "$dir" && debian_download_here "$@") > "$dir/log" 2>&1; then
		debian_explain "$dir/log" "${*:2} of Debian $1"
		rm -r "$dir"
		return 1
	fi
	mv "$dir"/*.deb . && rm -r "$dir"
}

# debian_kernel_source VERSION FOLDER [FILE]...: unpacks the source of Linux VERSION, or
# only these files of it, into FOLDER
debian_kernel_source() {
	local package=linux-source-$1 release dir log

	case $1 in
	6.1) release=bookworm ;;
	6.12) release=trixie ;;
	7.2) release=forky ;;
	*) debian_say "no release of Debian is known for Linux $1"; return 1 ;;
	esac
	shift
	dir=$(mktemp -d "${1%/*}/source.XXXXXX") || return
	log=$dir/log
	debian_say "downloading $package (130 to 165 MB)"
	(cd "$dir" && debian_download "$release" "$package") ||
		{ rm -r "$dir"; return 1; }
	mkdir "$dir/new"
	debian_say "unpacking it"
	if ! (
		set -o pipefail
		dpkg-deb --fsys-tarfile "$dir/$package"_*.deb |
			tar -xO "./usr/src/$package.tar.xz" |
			tar -xJ -C "$dir/new" --strip-components 1 \
				"${@:2}"
	) 2> "$log"; then
		debian_explain "$log" "$package"
		rm -r "$dir"
		return 1
	fi
	mv "$dir/new" "$1" && rm -r "$dir"
}
