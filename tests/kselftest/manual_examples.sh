#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the examples of the manual pages and compares what they print with what
# the pages say. In a page's EXAMPLES, each .Ss (or the whole section, if it has
# none) is one example, which lib/examples.sh runs. Of each display block (.Bd to .Ed)
#
#	# COMMAND		is run
#	$ COMMAND		is run, too
#	> MORE			goes on with the command
#	anything else		is what the command prints; "\&" before it if it
#				looks like one of the above
#
# roff comments in the block say what else there is to do:
#
#	.\" file NAME		the block is no session, but the file NAME
#	.\" mail SRC DST	a subscriber tries to send mail: a SYN
#	.\" until COMMAND	wait until COMMAND succeeds
#
# NO_COMPILER=REASON in the environment: why there is none here, so that examples
# which compile a program are skipped.

# shellcheck disable=SC2317 # what "check" is given is called
[ "${1-}" = private ] || exec unshare -m bash "$0" private

# shellcheck source=tests/kselftest/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=tests/kselftest/lib/examples.sh
. "$(dirname "$0")/lib/examples.sh"

top=$(realpath "$(dirname "$0")/../..")
manual=$top/Documentation/p25ctl.8

# What "make install" gives to who links the library; as it was built
install_library()
{
	make -s -C "$top/tools" -o all install PREFIX="$work/usr"
}

# split_pages PAGE...: a file for each example: its title, then what to do
split_pages()
{
	awk -v dir="$work/examples" -v day="$(date -u -d '+30 days' +%F)" '
		function begin(name)
		{
			heading = page (name == "" ? "" : ": " name)
			file = sprintf("%s/%02d", dir, ++n)
		}
		function unroff(text)
		{
			gsub(/\\-/, "-", text)
			gsub(/20[0-9][0-9]-[01][0-9]-[0-3][0-9]/, day, text)
			gsub(/\\\(aq/, "\047", text)
			gsub(/\\\(dq/, "\"", text)
			gsub(/\\e/, "\\", text)
			sub(/^\\&/, "", text)
			return text
		}
		function say(tag, text) { print tag " " unroff(text) > file }
		FNR == 1 { page = FILENAME; sub(/.*\//, "", page) }
		/^\.Sh / { inside = $2 == "EXAMPLES"; if (inside) begin() }
		!inside { next }
		/^\.Ss / { begin(substr($0, 5)) }
		/^\.Ed/ { block = ""; say("end") }
		/^\.Bd / { block = "session"; if (!titled[file]++) print heading > file }
		/^\.Bd / || block == "" { next }
		/^\.\\" file/ { block = "text" }
		/^\.\\" / { say($2, substr($0, length($1 $2) + 3)); next }
		block == "text" { say("text", $0); next }
		/^[#$] / { say("run", substr($0, 3)); next }
		/^> / { say("more", substr($0, 3)); next }
		{ say("prints", $0) }
	' "$@"
}

# ---- the rest of p25ctl(8) ----

# mentions WORD...: each of them is in p25ctl(8)
mentions()
{
	local text word

	[ $# -gt 0 ] || wrong "no words" || return
	text=$(mandoc -T ascii "$manual" | sed $'s/.\b//g')
	for word; do
		[[ $text =~ (^|[^a-z0-9_-])$word($|[^a-z0-9_-]) ]] ||
			wrong "p25ctl(8) does not mention \"$word\"" || return
	done
}

# Every document, of a policy in which no key is left out
documents()
{
	router p25ctl -j show &&
		router p25ctl -j list &&
		router p25ctl -j save &&
		router p25ctl -j check 198.51.100.9 203.0.113.80 &&
		router p25ctl -j check 198.51.100.1 &&
		router p25ctl -j senders &&
		router p25ctl -j apply --dry-run - <<-END
			action drop
			guard off
			pool 198.51.100.0/24
		END
}

has_sender()		# ADDRESS
{
	[ "$(router p25ctl -j senders "$1")" != "[]" ]
}

mentions_keys()
{
	local keys

	router p25ctl set action monitor guard 20/60s for 1h &&
		router p25ctl pool add 198.51.100.0/24 timeout 1h comment x &&
		router p25ctl static add 198.51.100.1 guard 20/60s &&
		try_mail 198.51.100.9 203.0.113.80 &&
		wait_for has_sender 198.51.100.9 &&
		keys=$(documents | jq -r '.. | objects | keys[]') || return
	# shellcheck disable=SC2086 # words
	mentions $keys verdict would last from time event revision events rate block
}

mentions_options()
{
	# shellcheck disable=SC2046 # words
	mentions $(p25ctl help | grep -oE -- '(^| |\[)--?[A-Za-z0-9-]+' | tr -d ' [')
}

# Every message in DIAGNOSTICS is one that the tool or the module has.
has_messages()
{
	local sources pieces piece

	sources=$(cat "$top"/{tools/*,kmod}/*.c | sed 's/\\"/"/g')
	mapfile -t pieces < <(sed -n '
		/^\.Sh DIAGNOSTICS/,/^\.Sh SEE/ {
			s/\\(dq/"/g
			s/\.\.\./\n/g
			s/^\.It \(N entries have \)\?//p
		}' "$manual")
	[ ${#pieces[@]} -gt 0 ] || wrong "no messages" || return
	for piece in "${pieces[@]}"; do
		[[ $sources = *"$piece"* ]] ||
			wrong "not in the sources: \"$piece\"" || return
	done
}

split_pages "$top"/Documentation/*.[1-9]
examples=("$work"/examples/*)
plan $((${#examples[@]} + 4))

modprobe p25 || exit
check "the library can be installed" install_library
export PKG_CONFIG_PATH=$work/usr/lib/pkgconfig
export LD_LIBRARY_PATH=$work/usr/lib
run_examples "${examples[@]}"
new_router <(echo "mail from mentions_keys")
check "p25ctl(8) has every key of every document" mentions_keys
check "p25ctl(8) has every option" mentions_options
check "p25ctl(8) has no message that isn't in the sources" has_messages
finish
