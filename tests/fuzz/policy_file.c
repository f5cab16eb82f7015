// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: policy files. One that is refused changes nothing; one that is
 * taken, saved and applied again changes nothing either.
 */
#include <string.h>

#include "ctl_run.h"
#include "kernel.h"
#include "target.h"

static struct ran apply(const char *option, const void *data, size_t size)
{
	const char *const words[] = {
		"apply", file_of(data, size), option, NULL
	};

	return ctl_run(words);
}

static struct ran saved(void)
{
	static const char *const words[] = { "save", NULL };
	struct ran ran = ctl_run(words);

	if (ran.status)
		broken("save fails: %s", ran.err);
	return ran;
}

static bool changed(const struct ran *before)
{
	struct ran after = saved();
	bool differ = strcmp(before->out, after.out);

	ran_free(&after);
	return differ;
}

/* What has been saved must be accepted, and be what there is. */
static void apply_again(const struct ran *file)
{
	struct ran again = apply("--all", file->out, file->out_len);

	if (again.status)
		broken("what was saved is refused: %s", again.err);
	if (changed(file))
		broken("saved and applied again, it is another policy");
	ran_free(&again);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct ran before, ran, after;

	kernel_start();
	before = saved();
	ran = apply("--dry-run", data, size);
	ran_check_messages(&ran);
	if (changed(&before))
		broken("a dry run changes the policy");
	ran_free(&ran);
	ran = apply("--all", data, size);
	ran_check_messages(&ran);
	if (ran.status && changed(&before))
		broken("a file that is refused changes the policy");
	after = saved();
	apply_again(&after);
	ran_free(&before);
	ran_free(&ran);
	ran_free(&after);
	return 0;
}
