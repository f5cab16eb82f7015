# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# How a virtual machine is run and what came of it, whatever machine that is: to be
# sourced. It is described by these variables:
#
#   tree            this tree
#   run             a folder for this run, with the file "status"
#   log             the console's output: the kernel's messages
#   qemu            an array, the command that starts QEMU
#   limit           seconds that it may take, 0 for any time
#   mode            batch; or pipe or terminal, if COMMAND has our standard input
#
# Nothing that happens in the guest reaches the host but COMMAND's output and status.

# shellcheck disable=SC2154 # these

vm_me=${0##*/tests/}

# Exit statuses that aren't COMMAND's; 124 and 125 as timeout(1) has them.
readonly kernel_complained=123 timed_out=124 lab_failed=125

# How the kernel's messages begin, after the time stamp, when it isn't well. An
# out-of-memory kill isn't among them: a test may want one, in its own cgroup.
readonly complaints='
-+\[ cut here
WARNING:
BUG:
BUG 
Oops
Kernel panic
kernel BUG at
INFO: (possible|suspicious|trying|task|lockdep)
INFO: rcu
general protection
divide error
list_(add|del) corruption
refcount_t:
unregister_netdevice: waiting
UBSAN:
kmemleak: [0-9]+ new suspected
'

say() {
	echo "$vm_me: $*" >&2
}

die() {
	say "$@"
	exit "$lab_failed"
}

# port NAME CHARDEV: options for a virtio-serial port backed by CHARDEV
port() {
	qemu+=(-chardev "$2,id=$1" -device "virtserialport,chardev=$1,name=$1")
}

# Nothing of a run outlives it: QEMU dies even if this script is killed, by its
# parent-death signal.
start_qemu() {
	local stdin=/dev/null stdout=/dev/null

	[ "$mode" = batch ] || stdin=/dev/fd/0
	[ "$mode" != terminal ] || stdout=/dev/fd/1
	: > "$log"
	setpriv --pdeathsig KILL timeout --foreground -k 5 "$limit" \
		setpriv --pdeathsig KILL "${qemu[@]}" \
		< $stdin > $stdout 2> "$run/qemu.log" &
	qemu_pid=$!
}

# Two FIFOs from QEMU to our output: unlike a file that QEMU would open by
# itself, they work whatever standard output and standard error are. If no one
# reads those any more, COMMAND goes on.
start_relays() {
	mkfifo "$run/out" "$run/err"
	{ cat || cat > /dev/null; } < "$run/out" 2> /dev/null &
	relays=($!)
	{ cat >&2 || cat > /dev/null; } < "$run/err" &
	relays+=($!)
}

# A trapped signal ends "wait", but not what it waits for.
wait_for_qemu() {
	local status

	while :; do
		wait "$qemu_pid" && status=0 || status=$?
		kill -0 "$qemu_pid" 2> /dev/null || break
	done
	qemu_pid=''
	[ -z "${relays-}" ] || wait "${relays[@]}" || :
	return "$status"
}

# The kernel's complaints, if it had any. A log that can't be read isn't without.
find_complaints() {
	local beginnings

	beginnings=$(sed '/^$/d' <<< "$complaints" | paste -sd '|')
	grep -aE "^\[ *[0-9.]+\] (watchdog: |rcu: |[a-z_]+: )?($beginnings)" "$log"
	[ $? != 1 ]
}

# The taint flags that stand for a complaint: bad page, oops, warning, lockup.
is_tainted() {
	(($1 & (1 << 5 | 1 << 7 | 1 << 9 | 1 << 14)))
}

# Keeps the kernel's messages of a run that went wrong, and prints where.
keep_log() {
	local kept

	kept=$(mktemp "$tree/build/vm/console-XXXXXX.log")
	cat "$log" > "$kept"
	echo "${kept#"$tree"/}"
}

# Says what went wrong, if anything did, and leaves with COMMAND's status.
report() {
	local qemu_status=$1 status='' taint=0 key value

	while read -r key value; do
		case $key in
		exit) status=$value ;;
		taint) taint=$value ;;
		esac
	done < "$run/status"
	if find_complaints > "$run/complaints" || is_tainted "$taint"; then
		say "the kernel complained, see $(keep_log):"
		head -n 3 "$run/complaints" >&2
		exit $kernel_complained
	fi
	if [ "$qemu_status" = 124 ]; then
		say "the time limit of $limit s is up, see $(keep_log)"
		exit $timed_out
	fi
	if [ -z "$status" ]; then
		cat "$run"/{qemu,virtiofsd}.log >&2 2> /dev/null || :
		tail -n 5 "$log" >&2
		die "the machine went down without a word, see $(keep_log)"
	fi
	mv "$log" "$tree/build/vm/console.log"	# the last one, if it's wanted
	exit "$status"
}

