#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the commands of the documents for operators, and compares what they print with what
# the documents say. In a document, each section is one example, which lib/examples.sh
# runs. Of each literal block
#
#	# COMMAND		is run
#	> MORE			goes on with the command
#	anything else		is what the command prints
#
# A comment before the block says what else there is to do:
#
#	.. file: NAME		the block is no session, but the file NAME
#	.. not run: REASON	the block isn't tried
#	.. mail: SRC DST	a subscriber tries to send mail: a SYN
#	.. until: COMMAND	wait until COMMAND succeeds

# shellcheck disable=SC2317 # what "check" is given is called
[ "${1-}" = private ] || exec unshare -m bash "$0" private

# shellcheck source=tests/kselftest/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=tests/kselftest/lib/examples.sh
. "$(dirname "$0")/lib/examples.sh"

top=$(realpath "$(dirname "$0")/../..")

# split_documents DOCUMENT...: a file for each section that has a block to be run
split_documents()
{
	awk -v dir="$work/examples" -v day="$(date -u -d '+30 days' +%F)" '
		function say(tag, text)
		{
			gsub(/20[0-9][0-9]-[01][0-9]-[0-3][0-9]/, day, text)
			if (!titled[file]++)
				print document ": " heading > file
			print tag " " text > file
		}
		function close_block()
		{
			if (block != "" && block != "skipped")
				say("end", "")
			block = ""
		}
		function open_block()
		{
			block = note == "" ? "session" : note
			note = ""
		}
		function take(line)
		{
			if (block == "text")
				say("text", line)
			else if (block == "session" && line ~ /^# /)
				say("run", substr(line, 3))
			else if (block == "session" && line ~ /^> /)
				say("more", substr(line, 3))
			else if (block == "session")
				say("prints", line)
		}
		FNR == 1 {
			close_block()
			document = FILENAME
			sub(/.*\//, "", document)
			expected = 0
		}
		/^(---+|===+)$/ {
			heading = before
			file = sprintf("%s/%02d", dir, ++n)
		}
		/^[^ ]/ { close_block(); before = $0 }
		/^\.\. file: / { say("file", substr($0, 10)); note = "text" }
		/^\.\. not run: / { note = "skipped" }
		/^\.\. mail: / { say("mail", substr($0, 10)) }
		/^\.\. until: / { say("until", substr($0, 11)) }
		/^[^.].*::$/ || /^::$/ { expected = 1; next }
		expected && /^    / { open_block(); expected = 0 }
		block != "" && /^$/ { blank = blank "\n"; next }
		block != "" && /^    / {
			for (; blank != ""; blank = substr(blank, 2))
				take("")
			take(substr($0, 5))
		}
		{ blank = "" }
		END { close_block() }
	' "$@"
}

split_documents "$top"/Documentation/operators/*.rst
examples=("$work"/examples/*)
plan ${#examples[@]}

modprobe p25 || exit
run_examples "${examples[@]}"
finish
