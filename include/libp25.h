/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libp25: configure the p25 kernel module.
 *
 *	struct p25 *p25 = p25_open();
 *	struct p25_entry call = { .kind = P25_KIND_OPTOUT, .timeout = 3600 };
 *
 *	p25_prefix_parse("198.51.100.7", &call.prefix, NULL);
 *	if (p25_add(p25, &call, 1) < 0)
 *		fprintf(stderr, "%s\n", p25_error(p25));
 *	p25_close(p25);
 *
 * A handle is one netlink socket in the network namespace of the thread that
 * opened it; it may be used by one thread at a time. Functions that return
 * int return 0, or a negative errno value, and then p25_error() says what is
 * wrong: in the kernel's own words where it gave any.
 */
#ifndef _LIBP25_H
#define _LIBP25_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/p25.h>

#ifdef __cplusplus
extern "C" {
#endif

struct p25;

/**
 * struct p25_prefix - an IPv4 or IPv6 prefix; a single address has full length
 * @family: AF_INET or AF_INET6
 * @len: length in bits, 0 to 32 or 128
 * @addr: address in network byte order; IPv4 in the first four bytes
 */
struct p25_prefix {
	uint8_t family;
	uint8_t len;
	uint8_t addr[16];
};

/**
 * struct p25_guard - how many attempts an exempt sender may make
 * @n: rates; 0: the guard is off, and as many as it likes
 * @rate: a sender that exceeds one of them is blocked
 */
struct p25_guard {
	unsigned int n;
	struct p25_guard_rate rate[P25_GUARD_RATES_MAX];
};

/**
 * struct p25_entry - an entry, as it is sent and as it is listed
 * @kind: what it says about its prefix
 * @prefix: the prefix, host bits zero
 * @owner: who keeps it; when sent, "" means P25_OWNER_DEFAULT
 * @timeout: seconds until it expires, which setting the clock does not change; 0:
 *	no timeout
 * @expires: when it expires by the clock, in seconds since 1970-01-01 UTC, from
 *	P25_EXPIRES_MIN to P25_EXPIRES_MAX; 0: no expiry. When sent, at most one
 *	of @timeout and @expires is set; when listed, both or none are
 * @comment: free text, "" if none
 * @packets: packets that it decided on (listed only)
 * @bytes: their bytes (listed only)
 * @cookie: the sender's own mark, a line number say: see p25_error_cookie()
 * @has_action: a pool or a block has an action of its own
 * @action: that action, in place of the setting
 * @if_comment: p25_del() deletes it only if its comment is @comment
 * @has_guard: is @guard given? A static's or an optout's only
 * @guard: its own guard, in place of the one that is set
 */
struct p25_entry {
	enum p25_kind kind;
	struct p25_prefix prefix;
	char owner[P25_OWNER_MAXLEN + 1];
	uint32_t timeout;
	int64_t expires;
	char comment[P25_COMMENT_MAXLEN + 1];
	uint64_t packets;
	uint64_t bytes;
	uint32_t cookie;
	bool has_action;
	enum p25_action action;
	bool if_comment;
	bool has_guard;
	struct p25_guard guard;
};

/**
 * struct p25_filter - which entries to list or to flush
 * @kind: only this kind; P25_KIND_NONE: all
 * @owner: only this owner's; NULL: all
 * @prefix: only entries that overlap this prefix (cover it, equal it or lie in
 *	it); NULL: all. p25_flush() refuses it
 * @groups: only entries that fall into these groups, of P25_DIGEST_GROUPS bits,
 *	the lowest of each byte first; NULL: all. Only p25_list() has it, and
 *	then lists all that is digested
 * @seed: with @groups: the seed of the digests
 */
struct p25_filter {
	enum p25_kind kind;
	const char *owner;
	const struct p25_prefix *prefix;
	const uint8_t *groups;
	const uint8_t *seed;
};

/**
 * struct p25_settings - the settings, each with a flag that says if it is given
 * @has_action: is @action given?
 * @action: what becomes of blocked mail
 * @has_inbound: is @inbound given?
 * @inbound: is mail's way back to blocked sources closed?
 * @has_limit: is @limit given?
 * @limit: entries that the namespace may hold
 * @has_senders: is @senders given?
 * @senders: senders that are remembered
 * @has_guard: are @guard and @guard_for given?
 * @guard: the guard of exempt senders whose entry has none of its own
 * @guard_for: seconds that it blocks a sender for; 0: until the entry is deleted
 */
struct p25_settings {
	bool has_action;
	enum p25_action action;
	bool has_inbound;
	bool inbound;
	bool has_limit;
	uint32_t limit;
	bool has_senders;
	uint32_t senders;
	bool has_guard;
	struct p25_guard guard;
	uint32_t guard_for;
};

/**
 * struct p25_owner_entries - how many entries an owner has
 * @owner: its name
 * @entries: how many, those that have expired and are kept included, and changes of
 *	transactions that wait for their commit
 */
struct p25_owner_entries {
	char owner[P25_OWNER_MAXLEN + 1];
	uint32_t entries;
};

/**
 * struct p25_status - settings, sizes and counters of the namespace
 * @settings: all given
 * @entries: number of entries, by kind
 * @memory: bytes of kernel memory
 * @since: when the counters began, in seconds since 1970-01-01 UTC; 0: the module
 *	is too old to tell
 * @counters: packets, by enum p25_counter; 0 if the module is too old to count them
 * @has_hooked: is @hooked known? A module that is too old doesn't tell that, nor what
 *	follows
 * @hooked: are the hooks registered? Without entries for sources, they aren't
 * @counted: when a packet was counted last, in seconds since 1970-01-01 UTC; 0: none was
 * @guard_blocks: how often the guard has blocked a sender, since @since
 * @guard_missed: how often it was to, and had no room
 * @n_owners: how many owners have entries
 * @owners: these
 */
struct p25_status {
	struct p25_settings settings;
	uint32_t entries[__P25_KIND_MAX];
	uint64_t memory;
	int64_t since;
	uint64_t counters[__P25_COUNTER_MAX];
	bool has_hooked;
	bool hooked;
	int64_t counted;
	uint64_t guard_blocks;
	uint64_t guard_missed;
	size_t n_owners;
	struct p25_owner_entries owners[P25_OWNERS_MAX];
};

/**
 * struct p25_judgement - what mail gets
 * @verdict: what it gets
 * @monitored: it is accepted only because the action is "monitor", the setting or the
 *	entry's own
 * @would: what it would get otherwise, if @monitored
 * @reason: kind of the entry that decides; P25_KIND_NONE: no entry does
 * @prefix: that entry's prefix, if there is one
 * @entry: that entry. Its owner is "" if the module is too old to tell more than
 *	kind and prefix
 * @local: one of the addresses is the router's own. Mail that it sends or gets
 *	itself is not forwarded, and so gets no verdict
 */
struct p25_judgement {
	enum p25_verdict verdict;
	bool monitored;
	enum p25_verdict would;
	enum p25_kind reason;
	struct p25_prefix prefix;
	struct p25_entry entry;
	bool local;
};

/**
 * struct p25_sender - who made attempts: began connections to destinations that are no relay
 * @src: an IPv4 address, or an IPv6 prefix of 64 bits; of more, if the entry that decides
 *	has a longer one
 * @dst: where its last attempt went
 * @sport: the source port of that attempt
 * @kind: of the entry that decided on its last packet
 * @prefix: that entry's prefix
 * @attempts: how many
 * @error: by which @attempts may be too high: those of senders that have been forgotten
 *	for this one
 * @packets: attempts, and other packets that were blocked
 * @destinations: an estimate of the number of different destinations
 * @first: time of the first packet, in seconds since 1970-01-01 UTC
 * @last: time of the last one
 */
struct p25_sender {
	struct p25_prefix src;
	struct p25_prefix dst;
	uint16_t sport;
	enum p25_kind kind;
	struct p25_prefix prefix;
	uint64_t attempts;
	uint64_t error;
	uint64_t packets;
	uint32_t destinations;
	int64_t first;
	int64_t last;
};

/*
 * The handle (handle.c)
 */

/**
 * p25_open - open a handle in the caller's network namespace
 *
 * Return: the handle; NULL only if there is no memory for it. If the module
 * isn't there or the right is missing, every call on the handle fails with
 * that error; p25_ready() asks beforehand. If the module is unloaded later,
 * every call fails with -ENODEV, even if it is loaded again: open a new handle.
 */
struct p25 *p25_open(void);

/**
 * p25_ready - can this handle be used?
 * @p25: the handle
 *
 * Return: 0; -ENOENT if the kernel module is not loaded; another negative
 * errno value if there is no netlink socket.
 */
int p25_ready(struct p25 *p25);

/* p25_close - close the handle; an open transaction is forgotten */
void p25_close(struct p25 *p25);

/* p25_error - message of the last call that failed: one line, no newline */
const char *p25_error(const struct p25 *p25);

/**
 * p25_error_cookie - the entry that the last failed call was refused for
 * @p25: the handle
 *
 * Return: the @cookie of the refused entry, 0 if the error is about none.
 */
uint32_t p25_error_cookie(const struct p25 *p25);

/*
 * Entries (entries.c). Outside a transaction each call takes effect as a whole
 * or not at all.
 */

/*
 * p25_add - add entries; one that is there has its expiry, comment, action and guard
 * renewed
 */
int p25_add(struct p25 *p25, const struct p25_entry *entries, size_t n);

/**
 * p25_del - delete entries; only kind, prefix, owner and cookie matter, and, with
 * @if_comment, the comment
 * @p25: the handle
 * @entries: the entries
 * @n: how many
 * @ignore_missing: what is not there, or has another comment than it must have, is
 *	no error (otherwise -ENOENT); what has
 *	expired, but would be there if the clock were set back, is deleted, too
 *
 * Return: 0 or a negative errno value.
 */
int p25_del(struct p25 *p25, const struct p25_entry *entries, size_t n,
	    bool ignore_missing);

/* p25_flush - delete all entries that match; @filter may be NULL: all */
int p25_flush(struct p25 *p25, const struct p25_filter *filter);

/**
 * p25_list - list entries, in no order
 * @p25: the handle
 * @filter: which; NULL: all
 * @each: called for each entry; a value other than 0 ends the listing and is
 *	returned by p25_list()
 * @arg: passed to @each
 *
 * An entry that is there all the time is listed once. One that was deleted and
 * added again meanwhile may be listed twice, or not at all.
 *
 * Return: 0; -EINTR if several entries changed at once meanwhile, so that some
 * may be listed as they were and some as they are: list again.
 */
int p25_list(struct p25 *p25, const struct p25_filter *filter,
	     int (*each)(const struct p25_entry *entry, void *arg), void *arg);

/**
 * p25_revision - revision of the policy when the last p25_list() began
 * @p25: the handle
 *
 * What was listed is the policy of that revision, but for changes that were made
 * meanwhile. See struct p25_event.
 */
uint64_t p25_revision(const struct p25 *p25);

/*
 * Transactions (transaction.c): p25_add(), p25_del(), p25_flush() and p25_set()
 * between p25_begin() and p25_commit() are sent in large messages and change
 * nothing yet; p25_commit() makes them all at once for every packet, or none.
 * After any error, p25_abort().
 */
int p25_begin(struct p25 *p25);
int p25_commit(struct p25 *p25);
int p25_abort(struct p25 *p25);

/*
 * Digests (digest.c): find out where the caller's policy differs from the kernel's
 * without listing all of it. See struct p25_digest.
 */

/**
 * struct p25_digests - digests of the entries of a policy
 * @seed: their key
 * @group: digest of each group
 * @mark: the kernel's: for p25_commit_unchanged()
 */
struct p25_digests {
	uint8_t seed[P25_DIGEST_SEEDLEN];
	uint64_t group[P25_DIGEST_GROUPS];
	uint64_t mark;
};

/**
 * p25_digests_init - those of no entries at all, with a random seed
 * @digests: the result
 *
 * Return: 0; -EAGAIN: early at boot, the kernel has no random numbers yet.
 */
int p25_digests_init(struct p25_digests *digests);

/**
 * p25_digests_add - add an entry
 * @digests: what it is added to
 * @entry: the entry. Only @expires says when it expires: with a @timeout it has
 *	no digest that the kernel's could be compared with
 *
 * Return: the group that it falls into.
 */
unsigned int p25_digests_add(struct p25_digests *digests,
			     const struct p25_entry *entry);

/**
 * p25_digests_get - ask for the kernel's digests
 * @p25: the handle
 * @owner: of this owner's entries; NULL: of all
 * @digests: has the seed; the rest is the result
 *
 * Return: 0; -EBUSY: too many requests in a few seconds.
 */
int p25_digests_get(struct p25 *p25, const char *owner,
		    struct p25_digests *digests);

/**
 * p25_commit_unchanged - as p25_commit(), if no other process has made a change
 * @p25: the handle
 * @owner: of entries of this owner; NULL: of any
 * @mark: since p25_digests_get() gave this mark
 *
 * Return: 0; -EAGAIN: one has; nothing has been committed.
 */
int p25_commit_unchanged(struct p25 *p25, const char *owner, uint64_t mark);

/*
 * Settings, status, questions (status.c)
 */

/* p25_set - change the settings that are given */
int p25_set(struct p25 *p25, const struct p25_settings *settings);

/* p25_show - ask for settings, sizes and counters */
int p25_show(struct p25 *p25, struct p25_status *status);

/**
 * p25_check - ask the kernel what mail from @src to @dst gets
 * @p25: the handle
 * @src: an address (full length)
 * @dst: an address of the same family; NULL: any host that is no relay
 * @judgement: the answer
 *
 * Return: 0 or a negative errno value.
 */
int p25_check(struct p25 *p25, const struct p25_prefix *src,
	      const struct p25_prefix *dst, struct p25_judgement *judgement);

/* Senders (senders.c): who makes attempts to send mail, and how many */

/* p25_senders - list senders, in no order; as p25_list() */
int p25_senders(struct p25 *p25,
		int (*each)(const struct p25_sender *sender, void *arg), void *arg);

/* p25_senders_flush - forget the senders */
int p25_senders_flush(struct p25 *p25);

/*
 * Events (monitor.c): what happens, as it happens, in the network namespace of the
 * thread that opened the monitor
 */
struct p25_monitor;

/**
 * enum p25_event_type - what has happened
 * @P25_EVENT_NONE: nothing
 * @P25_EVENT_ADDED: an entry was added
 * @P25_EVENT_CHANGED: an entry was renewed: its expiry, action, guard and comment may be
 *	others now
 * @P25_EVENT_DELETED: an entry was deleted
 * @P25_EVENT_EXPIRED: an entry has expired, some seconds ago. If that was
 *	by the clock, and the clock is set back, the entry is added again
 * @P25_EVENT_MANY: more than P25_EVENT_ENTRIES_MAX entries have changed at once
 * @P25_EVENT_SETTINGS: settings have changed
 * @P25_EVENT_OVERRUN: events have been lost here, as the caller was too slow, or the
 *	kernel had no memory
 * @P25_EVENT_UNLOADED: the kernel module was unloaded, and with it all entries
 * @P25_EVENT_LOADED: it was loaded, and has no entries yet, or not for long
 * @P25_EVENT_SENDER: an address has made its first attempt, or its 10th, 100th, 1000th ...
 * @P25_EVENT_SENDERS_MANY: so did more senders than events have room for
 * @P25_EVENT_GUARD: the guard has blocked a sender
 * @P25_EVENT_GUARD_FULL: senders were to be blocked by the guard, and were not: there was
 *	no room for more of its entries
 * @__P25_EVENT_MAX: for internal use
 * @P25_EVENT_MAX: the highest type there is
 */
enum p25_event_type {
	P25_EVENT_NONE,
	P25_EVENT_ADDED,
	P25_EVENT_CHANGED,
	P25_EVENT_DELETED,
	P25_EVENT_EXPIRED,
	P25_EVENT_MANY,
	P25_EVENT_SETTINGS,
	P25_EVENT_OVERRUN,
	P25_EVENT_UNLOADED,
	P25_EVENT_LOADED,
	P25_EVENT_SENDER,
	P25_EVENT_SENDERS_MANY,
	P25_EVENT_GUARD,
	P25_EVENT_GUARD_FULL,

	__P25_EVENT_MAX,
	P25_EVENT_MAX = __P25_EVENT_MAX - 1
};

/**
 * struct p25_event - an event
 * @type: what has happened
 * @time: when, in seconds since 1970-01-01 UTC
 * @revision: of the policy, by this change; 0: it has not changed
 * @n: how many entries have changed, events were lost, or senders were left out; 0: that
 *	is not known
 * @entry: the entry, as it is now or was at last
 * @settings: all of them, as they are now
 * @sender: the sender
 * @rate: the rate that it has exceeded
 *
 * The policy's revision grows by one with each change. A change of several entries is
 * as many events of one revision.
 */
struct p25_event {
	enum p25_event_type type;
	int64_t time;
	uint64_t revision;
	uint64_t n;
	struct p25_entry entry;
	struct p25_settings settings;
	struct p25_sender sender;
	struct p25_guard_rate rate;
};

/**
 * p25_monitor_open - begin to receive events
 *
 * Return: the monitor; NULL only if there is no memory for it.
 */
struct p25_monitor *p25_monitor_open(void);

/**
 * p25_monitor_ready - can this monitor be used?
 * @monitor: the monitor
 *
 * Return: 0; -ENOENT: the kernel module is not loaded; -EPERM: the right is missing;
 * -EOPNOTSUPP: it has no events, as it is too old, or the kernel is; another negative
 * errno value if there is no netlink socket.
 */
int p25_monitor_ready(const struct p25_monitor *monitor);

/* p25_monitor_close - no more events */
void p25_monitor_close(struct p25_monitor *monitor);

/* p25_monitor_error - as p25_error() */
const char *p25_monitor_error(const struct p25_monitor *monitor);

/* p25_monitor_fd - a descriptor for poll(2): POLLIN, there may be an event */
int p25_monitor_fd(const struct p25_monitor *monitor);

/**
 * p25_monitor_read - the next event; doesn't wait
 * @monitor: the monitor
 * @event: the result
 *
 * If the module is unloaded and loaded again, the monitor goes on by itself.
 *
 * Return: 1: there is one; 0: there is none now; a negative errno value: no more will
 * come.
 */
int p25_monitor_read(struct p25_monitor *monitor, struct p25_event *event);

/* p25_event_name - "added", "changed", ...; NULL if there is no such type */
const char *p25_event_name(enum p25_event_type type);

/*
 * Words (names.c, prefix.c): no handle, no kernel
 */

/* p25_kind_name - "relay", "pool", ...; "none" for P25_KIND_NONE */
const char *p25_kind_name(enum p25_kind kind);

/* p25_kind_parse - kind of that name; P25_KIND_NONE if there is none */
enum p25_kind p25_kind_parse(const char *name);

/* p25_action_name - "drop", "reject", "monitor", "prohibit" */
const char *p25_action_name(enum p25_action action);

/* p25_action_parse - action of that name, -1 if there is none */
int p25_action_parse(const char *name);

/* p25_verdict_name - "accept", "drop", "reject", "prohibit" */
const char *p25_verdict_name(enum p25_verdict verdict);

/* p25_counter_name - such as "drop_pool"; NULL if there is no such counter */
const char *p25_counter_name(enum p25_counter counter);

/* p25_owner_valid - is it 1 to 15 of a-z, 0-9, '.', '_', '-'? */
bool p25_owner_valid(const char *owner);

/* p25_comment_valid - is it printable UTF-8 (RFC 3629) of at most 64 bytes? */
bool p25_comment_valid(const char *comment);

/* Room for any prefix as text. */
#define P25_PREFIX_STRLEN 50

/**
 * p25_prefix_parse - read "ADDRESS" or "ADDRESS/LENGTH"
 * @text: as inet_pton(3) reads it, and the length in decimal
 * @prefix: the result
 * @why: set to a message if it is refused; may be NULL. The message is static
 *	or in a buffer of the calling thread that the next call overwrites
 *
 * Return: 0, or -EINVAL: it is no prefix; it has host bits set (the message has
 * the corrected prefix); it is IPv4-mapped (the message says what to write).
 */
int p25_prefix_parse(const char *text, struct p25_prefix *prefix,
		     const char **why);

/* p25_prefix_format - write it; without "/32" or "/128". Return: @text */
char *p25_prefix_format(const struct p25_prefix *prefix,
			char text[P25_PREFIX_STRLEN]);

/* p25_prefix_cmp - order by family, address, length: <0, 0, >0 */
int p25_prefix_cmp(const struct p25_prefix *a, const struct p25_prefix *b);

#ifdef __cplusplus
}
#endif

#endif /* _LIBP25_H */
