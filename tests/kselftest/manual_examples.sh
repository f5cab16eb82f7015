#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the examples of the manual pages and compares what they print with what
# the pages say. In a page's EXAMPLES, each .Ss (or the whole section, if it has
# none) is one example: a network namespace of its own, a folder of its own, and
# an /etc, a /var/lib and a /run/p25-session whose changes only it sees. Of each
# display block (.Bd to .Ed)
#
#	# COMMAND		is run
#	$ COMMAND		is run, too
#	> MORE			goes on with the command
#	anything else		is what the command prints; "\&" before it if it
#				looks like one of the above
#
# Counters, ports, times and what is left of timeouts may differ; whatever day the page
# has, it is one to come. A command fails if the page says that it prints
# "p25ctl: ...", and succeeds otherwise. roff comments in the block say what else
# there is to do:
#
#	.\" file NAME		the block is no session, but the file NAME
#	.\" mail SRC DST	a subscriber tries to send mail: a SYN
#	.\" until COMMAND	wait until COMMAND succeeds
#
# What is sent by mail(1) is in the file "outbox" in the example's folder.
#
# NO_COMPILER=REASON in the environment: why there is none here, so that examples
# which compile a program are skipped.

# shellcheck disable=SC2317 # what "check" is given is called
[ "${1-}" = private ] || exec unshare -m bash "$0" private

# shellcheck source=tests/kselftest/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

top=$(realpath "$(dirname "$0")/../..")
manual=$top/Documentation/p25ctl.8
work=$(mktemp -d)

clean_up()
{
	cd /
	umount -l /etc /run/p25-session /var/lib "$work"
	rmdir "$work"
}

# Only this process and its children see these.
private_folders()
{
	mount -t tmpfs -o mode=700 tmpfs "$work" &&
		mkdir "$work/examples" "$work/usr" "$work/bin" &&
		cp -a /etc "$work/etc" &&
		mount --bind "$work/etc" /etc &&
		mount -t tmpfs tmpfs /var/lib &&
		mkdir -p /run/p25-session &&
		mount -t tmpfs -o mode=700 tmpfs /run/p25-session || return
	cat >> /etc/hosts <<-END
		192.0.2.25 mx.example.net
		2001:db8:25::25 mx.example.net
	END
}

# mail -s SUBJECT ADDRESS
fake_mail()
{
	cat > "$work/bin/mail" <<-'END'
		#!/bin/sh
		{ echo "to $3: $2"; cat; } >> outbox
	END
	chmod +x "$work/bin/mail"
	PATH=$work/bin:$PATH
}

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

wrong()
{
	echo "$*"
	return 1
}

# Starts less than "ip netns exec" does, which matters on an emulated machine.
in_namespace()
{
	nsenter --net="/run/netns/$(netns router)" "$@"
}

# alike A B: but for what may differ from run to run
alike()
{
	local line lines=() n

	[ "$1" != "$2" ] || return 0
	mapfile -t lines < <(printf '%s\n===\n%s\n' "$1" "$2" | sed -E '
		s/\b(packets|bytes|attempts|destinations|sport) [0-9]+/\1 N/g
		s/[0-9]+ destinations?\b/N destinations/g
		s/\btimeout [0-9dhms]+/timeout LEFT/g
		s/\([0-9dhms]+ ago\)/(AGE ago)/g
		s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g')
	n=$((${#lines[@]} / 2))
	[ "${lines[n]}" = === ] &&
		[ "${lines[*]:0:n}" = "${lines[*]:n + 1}" ]
}

# run_command: run $command, which should print $printed
run_command()
{
	local output status should_fail=0

	[ -n "$command" ] || return 0
	output=$(in_namespace bash -c "$command" 2>&1)
	status=$?
	[[ $'\n'$printed != *$'\n'"p25ctl: "* ]] || should_fail=1
	[ $((status != 0)) = "$should_fail" ] ||
		wrong "status $status: $command"$'\n'"$output" || return
	alike "$output" "${printed%$'\n'}" ||
		wrong "$command"$'\n'"should print:"$'\n'"$printed" \
		      $'\n'"prints:"$'\n'"$output" || return
	command='' printed=''
}

# How many packets has the router counted?
counted()
{
	router p25ctl -j show | jq '[.counters[]] | add'
}

counted_more()		# than NUMBER
{
	[ "$(counted)" -gt "$1" ]
}

# try_mail SRC DST: a SYN to port 25, as any mail begins. Waits for no answer.
try_mail()
{
	local before

	before=$(counted) || return
	subscriber ip addr replace "$1/32" dev eth0 &&
		subscriber python3 -c 'if True:
			import socket, sys
			sock = socket.socket()
			sock.bind((sys.argv[1], 0))
			sock.setblocking(False)
			sock.connect_ex((sys.argv[2], 25))
		' "$@" || return
	wait_for counted_more "$before" ||
		wrong "mail from $1 to $2 was not counted"
}

create()
{
	mkdir -p "$(dirname "$1")" && : > "$1"
}

# step TAG TEXT: see split_pages
step()
{
	case $1 in
	run)
		run_command || return
		command=$2
		;;
	more) command+=$'\n'$2 ;;
	prints)
		[ -n "$command" ] || wrong "belongs to no command: $2" || return
		printed+=$2$'\n'
		;;
	mail)
		run_command || return
		# shellcheck disable=SC2086 # two words
		try_mail $2
		;;
	until)
		run_command || return
		wait_for in_namespace bash -c "$2" ||
			wrong "never succeeds: $2"
		;;
	file)
		file=$2
		create "$file"
		;;
	text) printf '%s\n' "$2" >> "$file" ;;
	end) run_command ;;
	*) wrong "what is \"$1\"?" ;;
	esac
}

# run_example FILE: stops at the first command that does not do as the page says
run_example()
{
	local line command='' printed='' file=''

	grep -q '^run ' "$1" || wrong "there is nothing to run" || return
	mkdir "$1.d" && cd "$1.d" || return
	while IFS= read -r line; do
		step "${line%% *}" "${line#* }" || return
	done < <(tail -n +2 "$1")
}

# new_router EXAMPLE: with a subscriber if the example wants one
new_router()
{
	local name

	for name in router subscriber server; do
		netns_del $name 2> /dev/null
	done
	if grep -q '^mail ' "$1"; then
		topology
	else
		# With an interface: a policy without any is warned of.
		netns_add router &&
			ip -n "$(netns router)" link add sub type veth \
				peer name srv
	fi
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

on_exit clean_up
private_folders || { echo "Bail out! no private folders"; exit 1; }
fake_mail
split_pages "$top"/Documentation/*.[1-9]
examples=("$work"/examples/*)
plan $((${#examples[@]} + 4))

modprobe p25 || exit
check "the library can be installed" install_library
export PKG_CONFIG_PATH=$work/usr/lib/pkgconfig
export LD_LIBRARY_PATH=$work/usr/lib
for example in "${examples[@]}"; do
	if [ -n "${NO_COMPILER-}" ] && grep -q '^run cc ' "$example"; then
		skip "$(head -n 1 "$example")" "$NO_COMPILER"
		continue
	fi
	new_router "$example"
	check "$(head -n 1 "$example")" run_example "$example"
done
new_router <(echo "mail from mentions_keys")
check "p25ctl(8) has every key of every document" mentions_keys
check "p25ctl(8) has every option" mentions_options
check "p25ctl(8) has no message that isn't in the sources" has_messages
finish
