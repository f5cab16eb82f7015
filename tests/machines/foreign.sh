# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Packages of another architecture than this machine's; to be sourced after lib.sh.
#
# They are those of an apt that has nothing to do with this machine's: its lists, its
# record of what is installed (nothing) and what it has downloaded are in the
# current folder. Only where packages come from is this machine's apt asked.

# foreign PROGRAM ARGUMENT...: apt-get or apt-cache of that apt
foreign() {
	"$1" -q -c "$PWD/apt.conf" "${@:2}"
}

# attempt WHAT COMMAND...: its output goes to "log", and if it fails, into a reason
attempt() {
	local what=$1

	shift
	"$@" > log 2>&1 < /dev/null || {
		debian_explain "$PWD/log" "$what"
		return 1
	}
}

# foreign_begin SUITE ARCHITECTURE: gets the lists. Long-term support leaves some
# architectures out: what mirrors have of their security updates may be of no use, and
# isn't what is tested here.
foreign_begin() {
	foreign_configure "$@" || return
	attempt "security updates of $2" foreign apt-get update && return
	sed -i '/-security /d' sources.list
	attempt "the package lists of $2" foreign apt-get update
}

foreign_configure() {
	mkdir -p lists/partial cache/archives/partial empty
	: > status
	debian_sources "$1" "arch=$2 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg" \
		> sources.list || return
	cat > apt.conf <<-EOF
		#clear APT::Architectures;
		APT::Architecture "$2";
		APT::Architectures { "$2"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		APT::Update::Error-Mode "any";
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
		Acquire::Retries "2";
		Acquire::http::Timeout "30";
		Dir::State "$PWD";
		Dir::State::Lists "$PWD/lists";
		Dir::State::status "$PWD/status";
		Dir::Cache "$PWD/cache";
		Dir::Etc::SourceList "$PWD/sources.list";
		Dir::Etc::SourceParts "$PWD/empty";
		Dir::Etc::Preferences "$PWD/empty/none";
		Dir::Etc::PreferencesParts "$PWD/empty";
	EOF
}

# foreign_download PACKAGE...: these into the folder "packages"
foreign_download() {
	mkdir -p packages
	foreign apt-get download "$@" && mv ./*.deb packages/
}

# foreign_download_all PACKAGE...: with all that they depend on
foreign_download_all() {
	mkdir -p packages
	foreign apt-get -y --download-only install "$@" &&
		mv cache/archives/*.deb packages/
}

# foreign_unpack ROOT: what is in "packages". In ROOT, /bin and the like are links,
# which no package may turn into folders.
foreign_unpack() {
	local package

	mkdir -p "$1"/usr/{bin,sbin,lib}
	ln -s usr/{bin,sbin,lib} "$1"
	for package in packages/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -x -C "$1" --keep-directory-symlink || return
	done
	rm -r packages
}

# foreign_end: what has been unpacked stays
foreign_end() {
	rm -rf lists cache empty packages status sources.list apt.conf log
}
