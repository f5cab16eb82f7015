/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What single words mean.
 */
#ifndef _PARSE_H
#define _PARSE_H

#include <stdint.h>

#include "ctl.h"

/* duration.c */
#define DURATION_STRLEN 32
int duration_parse(const char *text, uint32_t *seconds, const char **why);
bool is_duration(const char *word);
char *duration_format(uint32_t seconds, char text[DURATION_STRLEN]);
char *age_format(int64_t then, int64_t now, char text[DURATION_STRLEN]);

/* timestamp.c */
#define TIMESTAMP_STRLEN 32
int timestamp_parse(const char *text, int64_t *seconds, const char **why);
char *timestamp_format(int64_t seconds, char text[TIMESTAMP_STRLEN]);

/* parse.c */
bool looks_like_prefix(const char *word);
bool is_everybody(const char *word);
int no_prefix(const struct ctl *c, const char *word, const char *why);
int parse_prefix(const struct ctl *c, const char *word,
		 struct p25_prefix *prefix);
int parse_address(const struct ctl *c, const char *word,
		  struct p25_prefix *prefix);
int parse_owner(const struct ctl *c, const char *word,
		char owner[P25_OWNER_MAXLEN + 1]);
int parse_setting(const struct ctl *c, struct words *w,
		  struct p25_settings *set);

/* What an entry's options may be, beside timeout, expires and comment. */
enum {
	OPTION_PAST = 1,	/* expires may have passed, or be too far away */
	OPTION_OWNER = 2,
	OPTION_COUNTERS = 4,	/* as "list" prints them: no meaning */
};

/* options.c */
bool is_option(const char *word);
bool has_passed(int64_t expires);

static inline bool has_lapsed(const struct p25_entry *entry)
{
	return entry->expires && has_passed(entry->expires);
}

const char *near_option(const char *word);
int parse_options(const struct ctl *c, struct words *w, unsigned int allowed,
		  struct p25_entry *entry);

/**
 * struct entries - an array that grows
 * @v: the entries
 * @n: how many
 * @room: how many @v has room for
 */
struct entries {
	struct p25_entry *v;
	size_t n;
	size_t room;
};

/* targets.c */
struct p25_entry *entries_new(const struct ctl *c, struct entries *list);
int parse_targets(const struct ctl *c, struct words *w, enum p25_kind kind,
		  size_t most, struct entries *list);

/* list.c */
int parse_scope(const struct ctl *c, struct words *w, struct p25_prefix *room,
		const struct p25_prefix **prefix);

/* reach.c */
bool prefix_covers(const struct p25_prefix *outer,
		   const struct p25_prefix *inner);
const char *prefix_is_nowhere(const struct p25_prefix *prefix);
int reach_check(struct ctl *c, const struct p25_entry *entry);

/* find.c */
bool entry_find(struct ctl *c, const struct p25_entry *entry,
		struct p25_entry *found);

/* notes.c */
#define NOTES_MAX 16

/**
 * struct notes - what there was before entries are added
 * @timeout: what each of the first ones had left, if it will have none
 */
struct notes {
	uint32_t timeout[NOTES_MAX];
};

void notes_before(struct ctl *c, const struct entries *list,
		  struct notes *notes);
void notes_after(const struct ctl *c, const struct entries *list,
		 const struct notes *notes);
void notes_set(const struct ctl *c);

/* covered.c */
void covered_watch(struct ctl *c, const struct p25_entry *entries, size_t n);
void covered_tell(struct ctl *c, int status);

/* missing.c */
int entry_missing(struct ctl *c, const struct words *w,
		  const struct entries *list);

/* host.c */
bool is_host(const char *word);
int host_resolve(const struct ctl *c, const char *word, struct entries *list);

#endif /* _PARSE_H */
