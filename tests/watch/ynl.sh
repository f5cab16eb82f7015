#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own netlink client and its code generator, unmodified, of two kernels, with
# Documentation/netlink/p25.yaml: what they need of p25 is in that file alone.

# shellcheck disable=SC2317 # "check" calls functions

. "$(dirname "$0")/../kselftest/lib/lib.sh"

tree=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
on_exit rm -rf "$scratch"
netns_add box || exit
box=$(netns box)

versions=(6.12 7.2)
per_version=9
plan $((per_version * ${#versions[@]}))

# lay VERSION: a spec has to lie beside the schemas that it is checked with
lay()
{
	kernel=$scratch/$1
	cp -r "${YNL:?}/$1" "$kernel" || return
	spec=$kernel/Documentation/netlink/specs/p25.yaml
	cp "$tree/Documentation/netlink/p25.yaml" "$spec" || return
	ynl=$kernel/tools/net/ynl
	if [ -e "$ynl/cli.py" ]; then
		client=$ynl/cli.py generator=$ynl/ynl-gen-c.py
	else
		client=$ynl/pyynl/cli.py generator=$ynl/pyynl/ynl_gen_c.py
	fi
}

# ynl ARGUMENT...: the client, in "box"
ynl()
{
	ip netns exec "$box" python3 "$client" --spec "$spec" --output-json "$@"
}

# holds FILTER ARGUMENT...: FILTER is true of what the client prints
holds()
{
	local filter=$1 got

	shift
	got=$(ynl "$@") || { echo "failed: $got"; return 1; }
	jq -es "$filter" <<< "$got" > /dev/null && return
	printf 'wanted: %s\ngot:\n%s\n' "$filter" "$got"
	return 1
}

# of_library PROGRAM ARGUMENT...: a program in Python with the client's own library
of_library()
{
	env -C "${client%/*}" ip netns exec "$box" python3 -c "$@"
}

# The older client has no option for this.
is_valid()
{
	of_library 'import sys; from lib import SpecFamily; SpecFamily(sys.argv[1])' "$spec"
}

generate()
{
	python3 "$generator" --spec "$spec" --mode "$1" "--$2" -o "$scratch/$3"
}

# What it makes of the spec is C, and for the user's side a program's part.
generates()
{
	generate kernel source kernel.c && generate kernel header kernel.h &&
		generate uapi header uapi.h && generate user header user.h &&
		generate user source user.c &&
		cc -fsyntax-only -Wall -Werror -I "$ynl/lib" -I "$scratch" \
			-I "$tree/include/uapi" "$scratch/user.c"
}

# address TEXT: as a request of this client has it; the older one takes bytes alone
address()
{
	if [ "$version" = 6.12 ]; then
		python3 -c 'import ipaddress, sys
print(ipaddress.ip_address(sys.argv[1]).packed.hex())' "$1"
	else
		echo "$1"
	fi
}

# entry KIND ADDRESS LENGTH: attributes of a request
entry()
{
	printf '{"entry": [{"kind": "%s", "addr": "%s", "prefixlen": %s}]}' \
		"$1" "$(address "$2")" "$3"
}

# Nothing was added yet: no entry, and not an empty one.
lists_nothing()
{
	holds '.[0] | .next == 0 and has("revision") and (has("entry") | not)' \
		--do entry-list &&
		holds '.[0] | has("next") and (has("sender") | not)' --do sender-list
}

adds()
{
	ynl --do entry-add --json "$(entry pool 198.51.100.0 24)" &&
		ynl --do entry-add --json "$(entry optout 2001:db8:: 32)" &&
		[ "$(p25ctl -n "$box" list | cut -d ' ' -f 1-2)" = "pool 198.51.100.0/24
optout 2001:db8::/32" ]
}

lists()
{
	holds '.[0] | .next == 0 and ([.entry[] | [.kind, .addr, .prefixlen, .owner]] | sort ==
		[["optout", "2001:db8::", 32, "admin"], ["pool", "198.51.100.0", 24, "admin"]])' \
		--do entry-list
}

checks()
{
	holds '.[0] | .verdict == "drop" and .reason == "pool" and .addr == "198.51.100.0" and
		.entry[0].addr == "198.51.100.0"' \
		--do check --json "{\"src\": \"$(address 198.51.100.7)\"}"
}

shows()
{
	holds '.[0] | .action == "drop" and .entries.pool == 1 and .counters["drop-pool"] == 0' \
		--do show
}

# The older client can't make a request and have an event meanwhile, so p25ctl makes it.
watch='
import json, subprocess, sys
from lib import YnlFamily
ynl = YnlFamily(sys.argv[1])
ynl.ntf_subscribe("events")
subprocess.run(sys.argv[2:], check=True)
ynl.check_ntf()
print(json.dumps(list(getattr(ynl.async_msg_queue, "queue", ynl.async_msg_queue))))
'

follows()
{
	local got

	got=$(of_library "$watch" "$spec" p25ctl static add 192.0.2.1) &&
		jq -e 'any(.name == "event-policy" and (.msg.added[0] |
			.addr == "192.0.2.1" and .kind == "static"))' <<< "$got" > /dev/null &&
		return
	echo "$got"
	return 1
}

# What the kernel says of a mistake gets through.
refuses()
{
	local got

	got=$(ynl --do entry-add --json "$(entry pool 198.51.100.1 24)") ||
		[[ $got == *"host bits"* ]] && return
	echo "$got"
	return 1
}

for version in "${versions[@]}"; do
	lay "$version" || exit
	p25ctl -n "$box" flush --all
	check "$version: the spec is valid" is_valid
	check "$version: code is made from it" generates
	check "$version: an empty listing" lists_nothing
	check "$version: entries are added" adds
	check "$version: and listed" lists
	check "$version: what mail gets" checks
	check "$version: the state" shows
	check "$version: events" follows
	check "$version: a refusal" refuses
done
finish
