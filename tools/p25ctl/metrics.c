// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics in the text format of Prometheus (0.0.4), which OpenTelemetry and others read as
 * well. Names follow its conventions; the sum over all labels of a metric means something.
 * No label names a customer: labels are kinds, verdicts, owners and kernels.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "health.h"
#include "last_apply.h"
#include "metrics.h"
#include "module.h"
#include "version.h"

/* A sender is active if it made an attempt, or was blocked, within so many seconds. */
#define ACTIVE 300

/* The metrics that counters belong to. */
enum {
	MAIL,
	RETURNS,
	FORMS,
	ANSWERS,

	FAMILIES
};

static const struct {
	const char *name;
	const char *help;
} families[FAMILIES] = {
	[MAIL] = { "p25_mail_packets_total",
		   "Packets to port 25, by what they got and the kind of entry that decided." },
	[RETURNS] = { "p25_return_packets_total",
		      "Packets from port 25 to blocked subscribers, by what they got." },
	[FORMS] = { "p25_irregular_packets_total",
		    "Packets of unusual form; what they got is counted as well." },
	[ANSWERS] = { "p25_answers_total", "Resets and ICMP errors to blocked senders." },
};

#define VERDICT(verdict, reason) "verdict=\"" verdict "\",reason=\"" reason "\""
#define ANSWER(type, result) "type=\"" type "\",result=\"" result "\""

static const struct {
	int family;
	const char *labels;
} counters[] = {
	[P25_COUNTER_ACCEPT_RELAY] = { MAIL, VERDICT("accept", "relay") },
	[P25_COUNTER_ACCEPT_STATIC] = { MAIL, VERDICT("accept", "static") },
	[P25_COUNTER_ACCEPT_OPTOUT] = { MAIL, VERDICT("accept", "optout") },
	[P25_COUNTER_ACCEPT_NONE] = { MAIL, VERDICT("accept", "none") },
	[P25_COUNTER_DROP_POOL] = { MAIL, VERDICT("drop", "pool") },
	[P25_COUNTER_DROP_BLOCK] = { MAIL, VERDICT("drop", "block") },
	[P25_COUNTER_REJECT_POOL] = { MAIL, VERDICT("reject", "pool") },
	[P25_COUNTER_REJECT_BLOCK] = { MAIL, VERDICT("reject", "block") },
	[P25_COUNTER_MONITOR_POOL] = { MAIL, VERDICT("monitor", "pool") },
	[P25_COUNTER_MONITOR_BLOCK] = { MAIL, VERDICT("monitor", "block") },
	[P25_COUNTER_INBOUND_DROP_POOL] = { RETURNS, VERDICT("drop", "pool") },
	[P25_COUNTER_INBOUND_DROP_BLOCK] = { RETURNS, VERDICT("drop", "block") },
	[P25_COUNTER_INBOUND_MONITOR_POOL] = { RETURNS, VERDICT("monitor", "pool") },
	[P25_COUNTER_INBOUND_MONITOR_BLOCK] = { RETURNS, VERDICT("monitor", "block") },
	[P25_COUNTER_TCP_SHORT] = { FORMS, "form=\"tcp_short\"" },
	[P25_COUNTER_IPV6_CHAIN] = { FORMS, "form=\"ipv6_chain\"" },
	[P25_COUNTER_SOURCE_ROUTE] = { FORMS, "form=\"source_route\"" },
	[P25_COUNTER_LATER_FRAGMENT] = { FORMS, "form=\"later_fragment\"" },
	[P25_COUNTER_RESET_SENT] = { ANSWERS, ANSWER("reset", "sent") },
	[P25_COUNTER_RESET_UNSENT] = { ANSWERS, ANSWER("reset", "unsent") },
	[P25_COUNTER_PROHIBIT_POOL] = { MAIL, VERDICT("prohibit", "pool") },
	[P25_COUNTER_PROHIBIT_BLOCK] = { MAIL, VERDICT("prohibit", "block") },
	[P25_COUNTER_UNREACHABLE_SENT] = { ANSWERS, ANSWER("unreachable", "sent") },
	[P25_COUNTER_UNREACHABLE_UNSENT] = { ANSWERS, ANSWER("unreachable", "unsent") },
};

static_assert(ARRAY_SIZE(counters) == __P25_COUNTER_MAX, "a counter has no metric");

static void begin(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(FILE *to, const char *name, const char *help, int64_t value)
{
	begin(to, name, "gauge", help);
	fprintf(to, "%s %jd\n", name, (intmax_t)value);
}

static void counter(FILE *to, const char *name, const char *help, uint64_t value)
{
	begin(to, name, "counter", help);
	fprintf(to, "%s %ju\n", name, (uintmax_t)value);
}

/* @label is a name of ours, @value a word without quotes. */
static void labelled(FILE *to, const char *name, const char *label, const char *value,
		     int64_t number)
{
	fprintf(to, "%s{%s=\"%s\"} %jd\n", name, label, value, (intmax_t)number);
}

static void write_health(FILE *to, const struct health *health)
{
	int i;

	gauge(to, "p25_up", "Whether the kernel module answers.", health->answers);
	gauge(to, "p25_healthy", "Whether \"p25ctl health\" finds nothing wrong.",
	      health->healthy);
	begin(to, "p25_problem", "gauge", "Whether this is wrong, see \"p25ctl health\".");
	for (i = 0; i < HEALTH_CHECKS; i++)
		labelled(to, "p25_problem", "check", health_name(i), health->wrong[i]);
}

static void write_version(FILE *to)
{
	FILE *in = fopen("/sys/module/p25/version", "re");
	char version[64] = "";

	begin(to, "p25_build_info", "gauge", "Version of p25ctl.");
	labelled(to, "p25_build_info", "version", P25_VERSION, 1);
	if (!in)
		return;
	if (fgets(version, sizeof(version), in) && strcspn(version, "\"\\\n")) {
		version[strcspn(version, "\"\\\n")] = '\0';
		begin(to, "p25_module_info", "gauge", "Version of the module that is loaded.");
		labelled(to, "p25_module_info", "version", version, 1);
	}
	fclose(in);
}

static void write_kernel(const char *release, bool has_module, void *to)
{
	if (!strpbrk(release, "\"\\\n"))
		labelled(to, "p25_kernel_has_module", "kernel", release, has_module);
}

static void write_kernels(FILE *to)
{
	begin(to, "p25_kernel_has_module", "gauge",
	      "Whether this installed kernel has p25.ko: the next boot may be into it.");
	module_each_kernel(write_kernel, to);
}

static void write_apply_time(const struct last_apply *last, void *to)
{
	labelled(to, "p25_last_apply_timestamp_seconds", "owner", last->owner, last->time);
}

static void write_apply_result(const struct last_apply *last, void *to)
{
	labelled(to, "p25_last_apply_success", "owner", last->owner, last->status == DONE);
}

static void write_applies(FILE *to)
{
	begin(to, "p25_last_apply_timestamp_seconds", "gauge",
	      "When this owner's file was last applied.");
	last_apply_each(write_apply_time, to);
	begin(to, "p25_last_apply_success", "gauge", "Whether that went well.");
	last_apply_each(write_apply_result, to);
}

static void write_family(FILE *to, int family, const struct p25_status *status)
{
	int i;

	begin(to, families[family].name, "counter", families[family].help);
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++) {
		if (counters[i].family == family)
			fprintf(to, "%s{%s} %ju\n", families[family].name,
				counters[i].labels, (uintmax_t)status->counters[i]);
	}
}

static void write_counters(FILE *to, const struct p25_status *status)
{
	int family;

	for (family = 0; family < FAMILIES; family++)
		write_family(to, family, status);
	gauge(to, "p25_counters_start_timestamp_seconds", "When all counters were 0.",
	      status->since);
}

static void write_entries(FILE *to, const struct p25_status *status)
{
	size_t i;

	begin(to, "p25_entries", "gauge", "Entries of the policy, by kind.");
	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		labelled(to, "p25_entries", "kind", p25_kind_name(i), status->entries[i]);
	begin(to, "p25_owner_entries", "gauge",
	      "Entries by owner; those that have expired and are kept for a while count.");
	for (i = 0; i < status->n_owners; i++)
		labelled(to, "p25_owner_entries", "owner", status->owners[i].owner,
			 status->owners[i].entries);
	gauge(to, "p25_entries_limit", "Entries that there may be.",
	      status->settings.limit);
	gauge(to, "p25_memory_bytes", "Kernel memory that the policy takes.",
	      status->memory);
}

static void write_settings(FILE *to, const struct p25_settings *set)
{
	int action;

	begin(to, "p25_action", "gauge", "What blocked mail gets: 1 for the one that is set.");
	for (action = 0; action <= P25_ACTION_MAX; action++)
		labelled(to, "p25_action", "action", p25_action_name(action),
			 (int)set->action == action);
	gauge(to, "p25_inbound", "Whether the way back from port 25 is closed.",
	      set->inbound);
}

/* What an older module does not tell. */
static void write_later(FILE *to, const struct p25_status *status)
{
	if (!status->has_hooked)
		return;
	gauge(to, "p25_hook_registered", "Whether the kernel shows packets to p25.",
	      status->hooked);
	gauge(to, "p25_last_packet_timestamp_seconds",
	      "When a packet was counted last; 0: none was.", status->counted);
	gauge(to, "p25_guard_rates", "Rates of the guard; 0: it is off.",
	      status->settings.guard.n);
	counter(to, "p25_guard_blocks_total", "Senders that the guard has blocked.",
		status->guard_blocks);
	counter(to, "p25_guard_missed_total",
		"Senders that the guard was to block, and had no room to.",
		status->guard_missed);
}

/**
 * struct senders - how many there are
 * @now: seconds since 1970-01-01 UTC
 * @n: all that are remembered
 * @active: those that are active, by the kind of the entry that decides
 */
struct senders {
	int64_t now;
	uint64_t n;
	uint64_t active[__P25_KIND_MAX];
};

static int count_sender(const struct p25_sender *sender, void *arg)
{
	struct senders *senders = arg;

	senders->n++;
	if (senders->now - sender->last < ACTIVE)
		senders->active[sender->kind]++;
	return 0;
}

/* Only those of sources have senders. */
static void write_senders(struct ctl *c, FILE *to, const struct p25_settings *set)
{
	struct senders senders = { .now = time(NULL) };
	int kind;

	if (!set->has_senders || p25_senders(c->p25, count_sender, &senders))
		return;
	gauge(to, "p25_senders", "Senders that are remembered.", senders.n);
	gauge(to, "p25_senders_limit", "Senders that are remembered at most.",
	      set->senders);
	begin(to, "p25_active_senders", "gauge",
	      "Senders of the last five minutes, by the kind of entry that decides.");
	for (kind = P25_KIND_POOL; kind <= P25_KIND_MAX; kind++)
		labelled(to, "p25_active_senders", "reason", p25_kind_name(kind),
			 senders.active[kind]);
}

/* metrics_write - write them all; without the module, what is known without it */
void metrics_write(struct ctl *c, const struct health *health, FILE *to)
{
	const struct p25_status *status = &health->status;

	write_health(to, health);
	write_version(to);
	write_kernels(to);
	write_applies(to);
	if (!health->answers)
		return;
	write_counters(to, status);
	write_entries(to, status);
	write_settings(to, &status->settings);
	write_later(to, status);
	write_senders(c, to, &status->settings);
}
