#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hash flooding: keys that somebody chooses cost no more than twice what random
# ones cost, to load and to look up.
#
# The hash and the index are the module's own files (kmod/hash.h, kmod/index.c),
# but in a program: there a lookup is a matter of nanoseconds, while through
# netlink the message around it would hide that. flooding_load.c loads the same
# keys into the module.
#
# LONG=1 in the environment takes 2^20 keys instead of 2^16.

set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

keys=$((1 << 16)) repetitions=2
[ -z "${LONG-}" ] || keys=$((1 << 20)) repetitions=3

# A program has no kernel headers; kernel.inc stands in for them.
for file in prefix.h hash.h index.h index.c; do
	sed '/^#include </d' "$top/kmod/$file" > "$scratch/$file"
done
echo > "$scratch/entry.h"
cp "$top"/tests/kselftest/flooding_index/* "$scratch"
cc -O2 -std=gnu11 -D_GNU_SOURCE -Wall -o "$scratch/flooding_index" \
	"$scratch/main.c"
"$scratch/flooding_index" "$keys" "$repetitions"
