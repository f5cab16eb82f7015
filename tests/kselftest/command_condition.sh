#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "del ... comment": only what has that comment is deleted, in commands, batches and
# in what the library sends.

# shellcheck disable=SC2016,SC2317 # "check" calls functions, and "eval"

. "$(dirname "$0")/lib/lib.sh"
plan 22
. "$(dirname "$0")/lib/command.sh"

hooks() { p25 -o hooks "$@"; }
is_there() { p25 optout list "$1" | grep -F "$2"; }
is_gone() { prints "" p25 optout list "$1"; }

hooks optout add 198.51.100.7 timeout 1h comment "session 1"
hooks optout add 198.51.100.7 timeout 1h comment "session 2"
check "a late end does not delete the next session's entry" refuses 3 \
	'"198.51.100.7": the entry'"'"'s comment is "session 2"' \
	hooks optout del 198.51.100.7 comment "session 1"
check "it is still there" is_there 198.51.100.7 '"session 2"'
check "-e: that is no error" hooks -e optout del 198.51.100.7 comment "session 1"
check "and it is still there" is_there 198.51.100.7 '"session 2"'
check "a part of the comment is another one" refuses 3 '*' \
	hooks optout del 198.51.100.7 comment session
check "so is none" refuses 3 '*the entry'"'"'s comment is "session 2"' \
	hooks optout del 198.51.100.7 comment ""
check "another owner has no such entry" refuses 3 \
	'"198.51.100.7": owner "admin" has no such entry; it is kept by: hooks*' \
	p25 optout del 198.51.100.7 comment "session 2"
check "with the comment that it has, it goes" hooks optout del 198.51.100.7 \
	comment "session 2"
check "it is gone" is_gone 198.51.100.7
check "then there is no such entry" refuses 3 \
	'"198.51.100.7": owner "hooks" has no such entry' \
	hooks optout del 198.51.100.7 comment "session 2"

hooks optout add 198.51.100.7 2001:db8::7
check "an entry without a comment has not this one" refuses 3 \
	'"198.51.100.7": the entry has no comment' \
	hooks optout del 198.51.100.7 comment "session 1"
check "it has none, though" hooks optout del 2001:db8::7 comment ""

# All or none, and the one that is refused is named.
hooks optout add 198.51.100.8 comment "session 3"
check "of several, all must have it" refuses 3 '"198.51.100.7": *' \
	hooks optout del 198.51.100.8 198.51.100.7 comment "session 3"
check "else none goes" is_there 198.51.100.8 '"session 3"'
check "-e: those go that have it" eval \
	'hooks -e optout del 198.51.100.7 198.51.100.8 comment "session 3" &&
	is_gone 198.51.100.8 && is_there 198.51.100.7 packets'

# What goes before in the same batch counts, though nothing is in force yet.
batch()
{
	printf '%s\n' "$@" | hooks -b -
}
p25 flush --all
check "a batch: what it has added" eval 'batch \
	"optout add 198.51.100.7 comment one" \
	"optout del 198.51.100.7 comment one" && is_gone 198.51.100.7'
hooks optout add 198.51.100.7 comment "old"
check "what it has given another comment" refuses 3 \
	'-:2: an earlier line has deleted this entry, or given it another comment' \
	batch "optout add 198.51.100.7 comment new" \
	"optout del 198.51.100.7 comment old"
check "nothing has changed" is_there 198.51.100.7 '"old"'
check "what it has taken the comment from" eval 'batch \
	"optout add 198.51.100.7" \
	"optout del 198.51.100.7 comment \"\"" && is_gone 198.51.100.7'
hooks optout add 198.51.100.7 2001:db8::7 comment "old"
check "what it has deleted, added and changed, of both families" eval 'batch \
	"optout del 198.51.100.7 comment old" \
	"optout add 198.51.100.7 comment a" \
	"optout add 198.51.100.7 comment b" \
	"optout add 2001:db8::7 comment c" \
	"relay add 198.51.100.7 comment d" \
	"optout del 198.51.100.7 comment b" \
	"relay del 198.51.100.7 comment d" &&
	is_gone 198.51.100.7 && is_there 2001:db8::7 "\"c\""'

# Many, as when a whole access server is gone: each by its own session.
sessions() { seq 3000 | sed "s/.*/optout $1 2001:db8:1::& comment \"session &\"/"; }
check "many at once" eval 'sessions add | hooks -b - &&
	sessions del | hooks -b - && is_gone 2001:db8:1::/64'
check "the memory of a batch that failed is given back" eval \
	'! batch "optout add 198.51.100.9 comment x" "optout del 198.51.100.9 comment y" &&
	is_gone 198.51.100.9'

finish
