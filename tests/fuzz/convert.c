// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: lists of other programs. What convert makes of one is a policy file that
 * apply understands, and that convert leaves as it is.
 */
#include <string.h>

#include "ctl.h"
#include "ctl_run.h"
#include "kernel.h"
#include "target.h"

static struct ran run_convert(const char *kind, const char *option,
			      const void *data, size_t size)
{
	const char *const words[] = {
		"convert", kind, file_of(data, size), option, NULL
	};
	struct ran ran = ctl_run(words);

	ran_check_messages(&ran);
	if (ran.status && ran.status != PARTLY && ran.out_len)
		broken("it fails, but prints: %s", ran.out);
	return ran;
}

/* A limit may be too small, and a relay's name unknown, but each line is understood. */
static void ck_applies(const struct ran *made)
{
	const char *const words[] = {
		"apply", file_of(made->out, made->out_len), "--all", "--wide", "--force",
		"--dry-run", NULL
	};
	struct ran ran = ctl_run(words);

	if (ran.status == MISUSED)
		broken("apply does not understand it: %s%s", ran.err, made->out);
	ran_free(&ran);
}

static void ck_stays(const struct ran *made)
{
	struct ran again = run_convert("relay", "--wide", made->out, made->out_len);

	if (again.status)
		broken("it is not understood again: %s%s", again.err, made->out);
	if (again.out_len != made->out_len || strcmp(again.out, made->out))
		broken("converted again, it is another one: %s%s", made->out,
		       again.out);
	ran_free(&again);
}

static void ck_convert(const char *option, const void *data, size_t size)
{
	struct ran made = run_convert("block", option, data, size);

	if (made.out_len) {
		ck_applies(&made);
		ck_stays(&made);
	}
	ran_free(&made);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {
		"--format=ipset", "--format=nft", "--format=mikrotik",
		"--format=json", "--format=csv", "--format=list",
		"--format=p25", "--no-merge", "--wide",
	};

	kernel_start();
	ck_convert(NULL, data, size);
	ck_convert(formats[size % ARRAY_SIZE(formats)], data, size);
	return 0;
}
