// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics of a status that is made up, and answers to requests by HTTP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/p25ctl/health.h"
#include "../../tools/p25ctl/metrics.h"
#include "unit.h"

static char *text;

/* What is there of @health; to be freed. */
static void write_metrics(const struct health *health)
{
	struct ctl c = { 0 };
	size_t len;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	metrics_write(&c, health, to);
	ck_assert_int_eq(fclose(to), 0);
}

static void teardown(void)
{
	free(text);
	text = NULL;
}

static void ck_has_line(const char *line)
{
	const char *at = strstr(text, line);

	ck_assert_msg(at && (at == text || at[-1] == '\n') && at[strlen(line)] == '\n',
		      "no line %s in:\n%s", line, text);
}

static unsigned int count(const char *word)
{
	const char *at = text;
	unsigned int n = 0;

	for (; (at = strstr(at, word)); at++)
		n++;
	return n;
}

static void make_status(struct p25_status *status)
{
	int i;

	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++)
		status->counters[i] = 1000 + i;
	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		status->entries[i] = 10 * i;
	status->settings.action = P25_ACTION_REJECT;
	status->settings.limit = 4194304;
	status->has_hooked = true;
	status->hooked = true;
	status->guard_blocks = 0xffffffffffffffff;
	status->n_owners = 1;
	strcpy(status->owners[0].owner, "desk");
	status->owners[0].entries = 7;
}

/* Each counter is there once, with a number of its own. */
START_TEST(test_metrics)
{
	static struct health health = { .answers = true, .healthy = true };
	char number[32];
	int i;

	make_status(&health.status);
	write_metrics(&health);
	ck_has_line("p25_up 1");
	ck_has_line("p25_healthy 1");
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++) {
		snprintf(number, sizeof(number), "} %d\n", 1000 + i);
		ck_assert_msg(count(number) == 1, "counter %s", p25_counter_name(i));
	}
	ck_has_line("p25_mail_packets_total{verdict=\"drop\",reason=\"pool\"} 1006");
	ck_has_line("p25_entries{kind=\"block\"} 50");
	ck_has_line("p25_owner_entries{owner=\"desk\"} 7");
	ck_has_line("p25_action{action=\"reject\"} 1");
	ck_has_line("p25_action{action=\"drop\"} 0");
	ck_has_line("p25_hook_registered 1");
	ck_has_line("p25_guard_blocks_total 18446744073709551615");
	ck_assert_uint_eq(count("# HELP "), count("# TYPE "));
}

START_TEST(test_unloaded)
{
	static struct health health = { .wrong = { [HEALTH_MODULE] = true } };

	write_metrics(&health);
	ck_has_line("p25_up 0");
	ck_has_line("p25_healthy 0");
	ck_has_line("p25_problem{check=\"module\"} 1");
	ck_has_line("p25_problem{check=\"policy\"} 0");
	ck_assert_uint_eq(count("p25_entries"), 0);
}

/* An older module doesn't tell: then it is left out, and not 0. */
START_TEST(test_older_module)
{
	static struct health health = { .answers = true };

	make_status(&health.status);
	health.status.has_hooked = false;
	health.status.n_owners = 0;
	write_metrics(&health);
	ck_has_line("p25_up 1");
	ck_assert_uint_eq(count("p25_hook_registered"), 0);
	ck_assert_uint_eq(count("p25_guard_blocks_total"), 0);
}

static const struct {
	const char *request;	/* for printf(1) */
	const char *status;
} requests[] = {
	{ "GET /metrics HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n", "200 OK" },
	{ "GET /metrics HTTP/1.0\\n\\n", "200 OK" },
	{ "GET /metrics?x=1 HTTP/1.1\\r\\n\\r\\n", "200 OK" },
	{ "GET /metric HTTP/1.1\\r\\n\\r\\n", "404 Not Found" },
	{ "GET /metricss HTTP/1.1\\r\\n\\r\\n", "404 Not Found" },
	{ "GET / HTTP/1.1\\r\\n\\r\\n", "404 Not Found" },
	{ "POST /metrics HTTP/1.1\\r\\n\\r\\n", "405 Method Not Allowed" },
	{ "\\r\\n\\r\\n", "405 Method Not Allowed" },
	{ "GET /metrics HTTP/1.1\\r\\n", "400 Bad Request" },
	{ "", "400 Bad Request" },
};

START_TEST(test_requests)
{
	char command[512], line[128] = "", want[128];
	FILE *in;

	snprintf(command, sizeof(command), "printf '%s' | $P25CTL metrics --http",
		 requests[_i].request);
	in = popen(command, "re");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), in));
	while (getc(in) != EOF)
		;
	ck_assert_int_eq(pclose(in), 0);
	snprintf(want, sizeof(want), "HTTP/1.1 %s\r\n", requests[_i].status);
	ck_assert_str_eq(line, want);
}

void *metrics_suite(void)
{
	void *tests;
	void *suite = suite_new("metrics", &tests);

	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_add_test(tests, test_metrics);
	tcase_add_test(tests, test_unloaded);
	tcase_add_test(tests, test_older_module);
	tcase_add_loop_test(tests, test_requests, 0, ARRAY_SIZE(requests));
	return suite;
}
