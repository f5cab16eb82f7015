// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: the command line, one word a line. A request that fails changes
 * nothing, and what is printed with -j is JSON.
 */
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "ctl_run.h"
#include "kernel.h"
#include "target.h"

#define WORDS_MAX 32

static struct kernel_policy before;

/* The words are made of the bytes of @text. */
static void split(char *text, const char *words[])
{
	unsigned int n = 0;
	char *word;

	while (n < WORDS_MAX && (word = strsep(&text, "\n")))
		words[n++] = word;
	words[n] = NULL;
}

/* Files of this machine are none of ours. */
static bool names_a_file(const char *const words[])
{
	for (; *words; words++) {
		if (**words == '/' || strstr(*words, ".."))
			return true;
	}
	return false;
}

static void check_json(const struct ran *ran)
{
	struct json_object *o = json_tokener_parse(ran->out);

	if (!o)
		broken("this is no JSON: %s", ran->out);
	json_object_put(o);
}

/* With -j, each error is an object on a line of its own. */
static void check_errors(const struct ran *ran)
{
	char *line, *rest = ran->err;

	while ((line = strsep(&rest, "\n")) && *line) {
		struct json_object *o = json_tokener_parse(line);

		if (!json_object_is_type(o, json_type_object))
			broken("this is no JSON object: %s", line);
		json_object_put(o);
	}
}

int fuzz_one(const uint8_t *data, size_t size)
{
	const char *words[WORDS_MAX + 1];
	char text[4096];
	struct ran ran;

	if (size >= sizeof(text))
		return -1;
	memcpy(text, data, size);
	text[size] = '\0';
	split(text, words);
	if (names_a_file(words))
		return -1;
	kernel_start();
	before = kernel_policy;
	ran = ctl_run(words);
	if (ran.status && memcmp(&before, &kernel_policy, sizeof(before)))
		broken("a request that fails changes the policy");
	if (!ran.status && !strcmp(words[0], "-j") && *ran.out == '[')
		check_json(&ran);
	if (!strcmp(words[0], "-j"))
		check_errors(&ran);
	ran_free(&ran);
	return 0;
}

/* What "-b FILE" and "apply FILE" could find: nothing. */
int fuzz_start(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return close(0);
}
