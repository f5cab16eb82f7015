// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: lists of commands. One that is refused changes nothing.
 */
#include <string.h>

#include "ctl_run.h"
#include "kernel.h"
#include "target.h"

static struct kernel_policy before;

int fuzz_one(const uint8_t *data, size_t size)
{
	const char *const words[] = { "-b", file_of(data, size), NULL };
	struct ran ran;

	kernel_start();
	before = kernel_policy;
	ran = ctl_run(words);
	ran_check_messages(&ran);
	if (ran.status && memcmp(&before, &kernel_policy, sizeof(before)))
		broken("a batch that is refused changes the policy");
	ran_free(&ran);
	return 0;
}
