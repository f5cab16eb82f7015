# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs what documents show: commands, and what they print; to be sourced. Each example
# has a network namespace of its own, a folder of its own, and an /etc, a /var/lib and a
# /run/p25-session whose changes only it sees. In the example's file, which is written by
# who has read the document, each line begins with a tag; the first line is the title.
#
#	run COMMAND
#	more TEXT	goes on with the command
#	prints TEXT	is what the command prints
#	end		of a block: the command is run at the latest here
#	file NAME	the text that follows becomes this file
#	text TEXT
#	mail SRC DST	a subscriber tries to send mail: a SYN
#	until COMMAND	wait until COMMAND succeeds
#
# Counters, ports, times and what is left of timeouts may differ; whatever day the document
# has, it is one to come. A command fails if the document says that it prints
# "p25ctl: ...", and succeeds otherwise.
#
# What is sent by mail(1) is in the file "outbox" in the example's folder.
#
# A test is to run in a mount namespace of its own.

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

# run_examples FILE...: a result for each
run_examples()
{
	local example

	for example; do
		if [ -n "${NO_COMPILER-}" ] && grep -q '^run cc ' "$example"; then
			skip "$(head -n 1 "$example")" "$NO_COMPILER"
			continue
		fi
		new_router "$example"
		check "$(head -n 1 "$example")" run_example "$example"
	done
}

on_exit clean_up
private_folders || { echo "Bail out! no private folders"; exit 1; }
fake_mail
