/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * p25: the netlink contract between the kernel module and its tools.
 *
 * Generic netlink family "p25", version 1. Every command needs CAP_NET_ADMIN
 * in the user namespace that owns the network namespace, and acts on the
 * network namespace of the socket. Validation is strict: an attribute that a
 * command doesn't know is refused. Every refusal carries an extended-ack
 * message (NLMSGERR_ATTR_MSG) for people; programs go by errno, and by
 * NLMSGERR_ATTR_COOKIE.
 *
 * Integers are in host byte order, addresses in network byte order.
 */
#ifndef _UAPI_LINUX_P25_H
#define _UAPI_LINUX_P25_H

#include <linux/types.h>

#define P25_GENL_NAME		"p25"
#define P25_GENL_VERSION	1

/* Longest owner name and longest comment, in bytes, without a final NUL. */
#define P25_OWNER_MAXLEN	15
#define P25_COMMENT_MAXLEN	64

/* Owner of an entry without P25_A_ENTRY_OWNER. */
#define P25_OWNER_DEFAULT	"admin"

/* Distinct owner names that one network namespace can hold at a time. */
#define P25_OWNERS_MAX		255

/* Default of P25_A_LIMIT. */
#define P25_LIMIT_DEFAULT	4194304

/* Highest P25_A_LIMIT. */
#define P25_LIMIT_MAX		(1U << 25)

/* Highest P25_A_LIMIT in network namespaces of a user namespace. */
#define P25_LIMIT_USER_MAX	(1U << 16)

/*
 * Multicast group of the events of a network namespace. Joining needs the same right
 * as every command. There is none on Linux before 5.10.204 and on 5.11, which
 * can't keep others out.
 */
#define P25_MCGRP_EVENTS	"events"

/* Entries of a change that an event has; of one of more, it has the number. */
#define P25_EVENT_ENTRIES_MAX	64

/*
 * Senders that a network namespace remembers, P25_A_SENDERS: at most, by default, and at
 * most in network namespaces of a user namespace. There is room for the next power of two,
 * and for 1024 at least, which takes 168 bytes each, all of them at once.
 */
#define P25_SENDERS_MAX		(1U << 20)
#define P25_SENDERS_DEFAULT	(1U << 16)
#define P25_SENDERS_USER_MAX	(1U << 12)

/* Senders in an event, and in a second's events, P25_CMD_EVENT_SENDER. */
#define P25_EVENT_SENDERS_MAX	64

/* Rates of a guard, its largest number of attempts, and its longest time in seconds. */
#define P25_GUARD_RATES_MAX	4
#define P25_GUARD_ATTEMPTS_MAX	1000000
#define P25_GUARD_SECONDS_MAX	(30U * 24 * 60 * 60)

/*
 * Owner of the entries that the guard adds; how many it may add in a second, and how many
 * entries of that owner there may be for it to add one more.
 */
#define P25_OWNER_GUARD		"guard"
#define P25_GUARD_SECOND_MAX	256
#define P25_GUARD_ENTRIES_MAX	16384

/* Longest timeout: 20 years, in seconds. */
#define P25_TIMEOUT_MAX		(20U * 366 * 24 * 60 * 60)

/*
 * Moments that an entry can expire at, in seconds since 1970: from 2020-01-01
 * UTC, which has always passed, to 2088-01-19T03:14:06Z. One that is earlier or
 * later is taken for the first or the last of them.
 */
#define P25_EXPIRES_MIN		1577836800U
#define P25_EXPIRES_MAX		3725320446U

/**
 * struct p25_guard_rate - a rate: no more than @attempts within @seconds
 * @attempts: 1 to P25_GUARD_ATTEMPTS_MAX
 * @seconds: 1 to P25_GUARD_SECONDS_MAX
 *
 * It is kept by the generic cell rate algorithm (ITU-T I.371), a leaky bucket that holds
 * @attempts and loses one in @seconds / @attempts. Who never makes more than @attempts
 * within any @seconds is never blocked; who makes one more at once is, and so is who goes
 * on at a higher rate than @attempts in @seconds.
 */
struct p25_guard_rate {
	__u32 attempts;
	__u32 seconds;
};

/*
 * Digests: to find out where two policies differ without sending one of them.
 * Entries fall into groups, by SipHash-2-4 of the first P25_DIGEST_NAMELEN bytes
 * of struct p25_digest, modulo P25_DIGEST_GROUPS. The digest of a group is the
 * sum, modulo 2^64, of SipHash-2-4 of the struct of each of its entries, up to
 * the end of what @comment has. Entries that have expired by the clock, but are kept in
 * case that is wrong, are digested as well.
 */
#define P25_DIGEST_GROUPS	4096
#define P25_DIGEST_SEEDLEN	16
#define P25_DIGEST_NAMELEN	20

/**
 * struct p25_digest - what of an entry is digested
 * @addr: address of its prefix, padded with zeros
 * @kind: enum p25_kind
 * @len: length of its prefix
 * @ipv6: 1: it is IPv6; 0: IPv4
 * @zero: 0
 * @owner: its owner, padded with zeros
 * @action: 0: it has no action of its own; else enum p25_action + 1
 * @guard: 0: it has no guard of its own; else the number of that one's rates + 1
 * @pad: 0
 * @expires: seconds since 1970-01-01 UTC, from P25_EXPIRES_MIN to
 *	P25_EXPIRES_MAX; 0: it does not expire
 * @comment: its comment, without a NUL, and right behind it the rates of its own guard,
 *	each a struct p25_guard_rate
 */
struct p25_digest {
	__u8	addr[16];
	__u8	kind;
	__u8	len;
	__u8	ipv6;
	__u8	zero;
	char	owner[P25_OWNER_MAXLEN + 1];
	__u8	action;
	__u8	guard;
	__u8	pad[2];
	__s64	expires;
	char	comment[P25_COMMENT_MAXLEN +
			P25_GUARD_RATES_MAX * sizeof(struct p25_guard_rate)];
};

/**
 * enum p25_kind - what an entry says about its prefix
 * @P25_KIND_NONE: no entry; as a verdict's reason: the source is no subscriber
 * @P25_KIND_RELAY: destination that everyone may send mail to
 * @P25_KIND_POOL: source that is blocked by default
 * @P25_KIND_STATIC: source that is exempt, its address is static
 * @P25_KIND_OPTOUT: source that is exempt, its holder asked for it
 * @P25_KIND_BLOCK: source that is blocked whatever static and optout say
 * @__P25_KIND_MAX: for internal use
 * @P25_KIND_MAX: the highest kind there is
 */
enum p25_kind {
	P25_KIND_NONE,
	P25_KIND_RELAY,
	P25_KIND_POOL,
	P25_KIND_STATIC,
	P25_KIND_OPTOUT,
	P25_KIND_BLOCK,

	__P25_KIND_MAX,
	P25_KIND_MAX = __P25_KIND_MAX - 1
};

/**
 * enum p25_action - what becomes of blocked mail
 * @P25_ACTION_DROP: silently dropped
 * @P25_ACTION_REJECT: dropped, and a TCP RST (RFC 9293, 3.5.2) to the sender
 * @P25_ACTION_MONITOR: counted and listed, then accepted
 * @P25_ACTION_PROHIBIT: dropped, and an ICMP error to the sender: "communication
 *	administratively prohibited" (RFC 1812, 5.2.7.1; RFC 4443, 3.1)
 * @__P25_ACTION_MAX: for internal use
 * @P25_ACTION_MAX: the highest action there is
 */
enum p25_action {
	P25_ACTION_DROP,
	P25_ACTION_REJECT,
	P25_ACTION_MONITOR,
	P25_ACTION_PROHIBIT,

	__P25_ACTION_MAX,
	P25_ACTION_MAX = __P25_ACTION_MAX - 1
};

/**
 * enum p25_verdict - what a packet gets
 * @P25_VERDICT_ACCEPT: it passes
 * @P25_VERDICT_DROP: it is dropped
 * @P25_VERDICT_REJECT: it is dropped and answered with a TCP RST
 * @P25_VERDICT_PROHIBIT: it is dropped and answered with an ICMP error
 * @__P25_VERDICT_MAX: for internal use
 * @P25_VERDICT_MAX: the highest verdict there is
 */
enum p25_verdict {
	P25_VERDICT_ACCEPT,
	P25_VERDICT_DROP,
	P25_VERDICT_REJECT,
	P25_VERDICT_PROHIBIT,

	__P25_VERDICT_MAX,
	P25_VERDICT_MAX = __P25_VERDICT_MAX - 1
};

/**
 * enum p25_cmd - commands
 * @P25_CMD_UNSPEC: no command
 * @P25_CMD_ENTRY_ADD: add or renew entries (P25_A_ENTRY, many)
 * @P25_CMD_ENTRY_DEL: delete entries (P25_A_ENTRY, many; where a comment is given,
 *	only if that is its comment, "" if it has none;
 *	P25_A_IGNORE_MISSING: also those that have expired and are kept)
 * @P25_CMD_ENTRY_FLUSH: delete all entries (of P25_A_KIND, of P25_A_OWNER)
 * @P25_CMD_ENTRY_LIST: list entries (of P25_A_KIND, of P25_A_OWNER, that
 *	overlap P25_A_ADDR / P25_A_PREFIXLEN; that fall into P25_A_GROUPS by
 *	P25_A_SEED, with all that is digested); many P25_A_ENTRY,
 *	P25_A_REVISION, P25_A_BULK_REVISION, and P25_A_NEXT
 * @P25_CMD_SET: change settings (P25_A_ACTION, P25_A_INBOUND, P25_A_LIMIT,
 *	P25_A_SENDERS, P25_A_GUARD, P25_A_GUARD_FOR)
 * @P25_CMD_SHOW: settings, entries per kind and owner, memory, counters, since when,
 *	whether packets are seen, what the guard has done
 * @P25_CMD_CHECK: what mail from P25_A_SRC to P25_A_DST gets; without the latter,
 *	to any host that is not a relay
 * @P25_CMD_BEGIN: open a transaction: ENTRY_ADD, ENTRY_DEL, ENTRY_FLUSH and
 *	SET from this socket are queued, and change nothing yet
 * @P25_CMD_COMMIT: make all of the transaction's changes at once, or none. With
 *	P25_A_MARK: none, and -EAGAIN, if entries (of P25_A_OWNER) have been
 *	changed since DIGEST gave that mark
 * @P25_CMD_ABORT: close the transaction without any change; closing the socket
 *	does the same
 * @P25_CMD_DIGEST: P25_A_DIGESTS of the entries (of P25_A_OWNER) by P25_A_SEED,
 *	and P25_A_MARK
 * @P25_CMD_SENDER_LIST: list the senders; many P25_A_SENDER, and P25_A_NEXT
 * @P25_CMD_SENDER_FLUSH: empty that list
 * @P25_CMD_EVENT_SENDER: event: a sender has made its first attempt, or its 10th,
 *	100th, 1000th and so on. P25_A_SENDER, many; P25_A_UNLISTED: there were so many
 *	more. Events of a second have P25_EVENT_SENDERS_MAX senders
 * @P25_CMD_EVENT_GUARD: event: the guard has blocked a sender: P25_A_SENDER,
 *	P25_A_RATE, P25_A_ENTRY. Or P25_A_UNLISTED: senders were to be blocked, so many
 *	times, and were not, as that would have been more than P25_GUARD_SECOND_MAX in
 *	a second or P25_GUARD_ENTRIES_MAX in all, or as there was no room for an entry;
 *	once a second at most
 * @P25_CMD_EVENT_POLICY: event: the policy has changed. P25_A_REVISION; each entry
 *	that has is one P25_A_ADDED, P25_A_CHANGED, P25_A_DELETED or P25_A_EXPIRED; if
 *	there are more than P25_EVENT_ENTRIES_MAX, P25_A_CHANGES says how many, in
 *	place of them. All settings, as SET has them, if one has changed
 * @__P25_CMD_MAX: for internal use
 * @P25_CMD_MAX: the highest command there is
 *
 * Either all of one message's entries are added or deleted, or none. A message
 * that makes more than one change takes an RCU grace period (some
 * milliseconds), a single change does not.
 *
 * A listing is requested message by message, each with the P25_A_NEXT of the
 * reply before it, until that is 0. There are no netlink dumps: one that is not
 * read to its end holds a reference to the module.
 *
 * Events go to the members of the group P25_MCGRP_EVENTS, in the order in which
 * things happen, each with its P25_A_EVENT number and P25_A_TIME. Nothing waits for
 * a reader: whose socket is full gets ENOBUFS, and the numbers show how many it has
 * lost. A change of the policy is one event, and has one revision.
 *
 * Who wants to know the policy at any time joins the group, lists the entries, and
 * keeps the P25_A_REVISION of the listing's first message. An event of that revision
 * or an earlier one is in the listing. Those that follow are applied in their order:
 * what is added, changed or deleted replaces what is known of that entry, even if
 * the listing had it already, or had not. If a revision is left out, if an event has
 * P25_A_CHANGES, and after ENOBUFS: list again.
 */
enum p25_cmd {
	P25_CMD_UNSPEC,
	P25_CMD_ENTRY_ADD,
	P25_CMD_ENTRY_DEL,
	P25_CMD_ENTRY_FLUSH,
	P25_CMD_ENTRY_LIST,
	P25_CMD_SET,
	P25_CMD_SHOW,
	P25_CMD_CHECK,
	P25_CMD_BEGIN,
	P25_CMD_COMMIT,
	P25_CMD_ABORT,
	P25_CMD_DIGEST,
	P25_CMD_EVENT_POLICY,
	P25_CMD_SENDER_LIST,
	P25_CMD_SENDER_FLUSH,
	P25_CMD_EVENT_SENDER,
	P25_CMD_EVENT_GUARD,

	__P25_CMD_MAX,
	P25_CMD_MAX = __P25_CMD_MAX - 1
};

/**
 * enum p25_attr - attributes of a message
 * @P25_A_UNSPEC: no attribute
 * @P25_A_PAD: padding
 * @P25_A_ENTRY: nest of enum p25_entry_attr; may be repeated
 * @P25_A_IGNORE_MISSING: flag: deleting what is not there is no error
 * @P25_A_KIND: u8, enum p25_kind
 * @P25_A_OWNER: string, 1 to P25_OWNER_MAXLEN of a-z, 0-9, '.', '_', '-'
 * @P25_A_ADDR: binary, 4 bytes (IPv4) or 16 (IPv6): a prefix's address
 * @P25_A_PREFIXLEN: u8, that prefix's length in bits
 * @P25_A_ACTION: u8, enum p25_action
 * @P25_A_INBOUND: u8, 0 or 1: is mail's way back to blocked sources closed?
 * @P25_A_LIMIT: u32, entries that the namespace may hold
 * @P25_A_MEMORY: u64, bytes of kernel memory that the policy takes
 * @P25_A_ENTRIES: nest: entries per kind, u32 each, attribute type = kind
 * @P25_A_COUNTERS: nest of enum p25_counter, u64 each
 * @P25_A_SRC: binary, 4 or 16 bytes: a packet's source address
 * @P25_A_DST: binary, 4 or 16 bytes: its destination address
 * @P25_A_VERDICT: u8, enum p25_verdict
 * @P25_A_WOULD: u8, enum p25_verdict: what it would be, but for "monitor"
 * @P25_A_REASON: u8, enum p25_kind of the entry that decides
 * @P25_A_SEED: binary, P25_DIGEST_SEEDLEN bytes: key of the digests, to be chosen
 *	at random
 * @P25_A_DIGESTS: binary, P25_DIGEST_GROUPS u64: see struct p25_digest
 * @P25_A_GROUPS: binary, a bit for each group, the lowest of each byte first
 * @P25_A_MARK: u64, opaque: the state of the entries that digests are of
 * @P25_A_LOCAL: flag: P25_A_SRC or P25_A_DST is the router's own address. Mail that
 *	it sends or gets itself is not forwarded, and so gets no verdict
 * @P25_A_SINCE: s64, seconds since 1970-01-01 UTC: all counters were 0 then
 * @P25_A_NEXT: u64, position to continue a listing at; 0 in a request: from its
 *	beginning; 0 in a reply: it is complete
 * @P25_A_REVISION: u64, revision of the policy: grows by one with each change of it,
 *	be it of many entries, and with expired entries that are removed
 * @P25_A_BULK_REVISION: u64, revision of the latest change of several entries at
 *	once. If it is later than P25_A_REVISION of the listing's first message, the
 *	listing may have some of them as they were and some as they are
 * @P25_A_EVENT: u64, number of the event in its network namespace: grows by one with
 *	each, with or without listeners
 * @P25_A_TIME: s64, when it happened, in seconds since 1970-01-01 UTC
 * @P25_A_ADDED: nest of enum p25_entry_attr: an entry that is there now; may be
 *	repeated, as the next three
 * @P25_A_CHANGED: nest of enum p25_entry_attr: one that was renewed, as it is now
 * @P25_A_DELETED: nest of enum p25_entry_attr: one that was deleted, as it was
 * @P25_A_EXPIRED: nest of enum p25_entry_attr: one that has expired. If that was by
 *	the clock, and the clock is set back, it is added again
 * @P25_A_CHANGES: u32, number of entries that have changed, in place of them
 * @P25_A_SENDERS: u32, senders that are remembered
 * @P25_A_GUARD: binary, an array of up to P25_GUARD_RATES_MAX struct p25_guard_rate: who
 *	is exempt and exceeds one of them is blocked; empty: nobody is
 * @P25_A_GUARD_FOR: u32, seconds that the guard blocks a sender for; 0: until the entry
 *	is deleted
 * @P25_A_SENDER: nest of enum p25_sender_attr; may be repeated
 * @P25_A_RATE: binary, the struct p25_guard_rate that was exceeded
 * @P25_A_UNLISTED: u32, see P25_CMD_EVENT_SENDER and P25_CMD_EVENT_GUARD
 * @P25_A_HOOKED: u8, 0 or 1: are the hooks of IPv4 and IPv6 registered? Without any
 *	entry for sources they aren't: no packet is looked at
 * @P25_A_COUNTED: s64, seconds since 1970-01-01 UTC: a packet was counted last then;
 *	absent: none was
 * @P25_A_GUARD_BLOCKS: u64, how often the guard has blocked a sender since P25_A_SINCE
 * @P25_A_GUARD_MISSED: u64, how often it was to, and had no room
 * @P25_A_OWNER_ENTRIES: nest of enum p25_owner_attr; may be repeated
 * @__P25_A_MAX: for internal use
 * @P25_A_MAX: the highest attribute there is
 *
 * In the reply to CHECK, P25_A_ENTRY is the deciding entry, P25_A_ADDR and
 * P25_A_PREFIXLEN are that one's; they are absent if no entry decides.
 */
enum p25_attr {
	P25_A_UNSPEC,
	P25_A_PAD,
	P25_A_ENTRY,
	P25_A_IGNORE_MISSING,
	P25_A_KIND,
	P25_A_OWNER,
	P25_A_ADDR,
	P25_A_PREFIXLEN,
	P25_A_ACTION,
	P25_A_INBOUND,
	P25_A_LIMIT,
	P25_A_MEMORY,
	P25_A_ENTRIES,
	P25_A_COUNTERS,
	P25_A_SRC,
	P25_A_DST,
	P25_A_VERDICT,
	P25_A_WOULD,
	P25_A_REASON,
	P25_A_SEED,
	P25_A_DIGESTS,
	P25_A_GROUPS,
	P25_A_MARK,
	P25_A_LOCAL,
	P25_A_SINCE,
	P25_A_NEXT,
	P25_A_REVISION,
	P25_A_BULK_REVISION,
	P25_A_EVENT,
	P25_A_TIME,
	P25_A_ADDED,
	P25_A_CHANGED,
	P25_A_DELETED,
	P25_A_EXPIRED,
	P25_A_CHANGES,
	P25_A_SENDERS,
	P25_A_GUARD,
	P25_A_GUARD_FOR,
	P25_A_SENDER,
	P25_A_RATE,
	P25_A_UNLISTED,
	P25_A_HOOKED,
	P25_A_COUNTED,
	P25_A_GUARD_BLOCKS,
	P25_A_GUARD_MISSED,
	P25_A_OWNER_ENTRIES,

	__P25_A_MAX,
	P25_A_MAX = __P25_A_MAX - 1
};

/**
 * enum p25_entry_attr - attributes of an entry
 * @P25_A_ENTRY_UNSPEC: no attribute
 * @P25_A_ENTRY_PAD: padding
 * @P25_A_ENTRY_KIND: u8, enum p25_kind
 * @P25_A_ENTRY_ADDR: binary, 4 bytes (IPv4) or 16 (IPv6), host bits zero; an
 *	IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is refused
 * @P25_A_ENTRY_PREFIXLEN: u8, bits
 * @P25_A_ENTRY_OWNER: string as P25_A_OWNER; absent: P25_OWNER_DEFAULT
 * @P25_A_ENTRY_TIMEOUT: u32, 1 to P25_TIMEOUT_MAX seconds from now, by
 *	CLOCK_BOOTTIME; in a reply, the seconds that are left
 * @P25_A_ENTRY_EXPIRES: s64, seconds since 1970-01-01 UTC, a moment of
 *	CLOCK_REALTIME, which the entry follows if it is set. Excludes TIMEOUT
 *	in a request; a reply has both. An entry whose moment has passed is kept
 *	for ten minutes at least, unless the limit leaves no room, and is valid
 *	again if the clock is set back
 * @P25_A_ENTRY_COMMENT: string, up to P25_COMMENT_MAXLEN bytes of printable
 *	UTF-8 (RFC 3629)
 * @P25_A_ENTRY_PACKETS: u64, reply only: packets that this entry decided on
 * @P25_A_ENTRY_BYTES: u64, reply only: their bytes, IP headers included
 * @P25_A_ENTRY_COOKIE: u32, request only: the sender's own number, such as a line
 *	number; comes back in NLMSGERR_ATTR_COOKIE if this entry is refused
 * @P25_A_ENTRY_ACTION: u8, enum p25_action, of a pool or a block: its own, in place
 *	of P25_A_ACTION
 * @P25_A_ENTRY_GUARD: binary, as P25_A_GUARD, of a static or an optout: its own, in
 *	place of the namespace's
 * @__P25_A_ENTRY_MAX: for internal use
 * @P25_A_ENTRY_MAX: the highest attribute there is
 */
enum p25_entry_attr {
	P25_A_ENTRY_UNSPEC,
	P25_A_ENTRY_PAD,
	P25_A_ENTRY_KIND,
	P25_A_ENTRY_ADDR,
	P25_A_ENTRY_PREFIXLEN,
	P25_A_ENTRY_OWNER,
	P25_A_ENTRY_TIMEOUT,
	P25_A_ENTRY_EXPIRES,
	P25_A_ENTRY_COMMENT,
	P25_A_ENTRY_PACKETS,
	P25_A_ENTRY_BYTES,
	P25_A_ENTRY_COOKIE,
	P25_A_ENTRY_ACTION,
	P25_A_ENTRY_GUARD,

	__P25_A_ENTRY_MAX,
	P25_A_ENTRY_MAX = __P25_A_ENTRY_MAX - 1
};

/**
 * enum p25_owner_attr - attributes of an owner
 * @P25_A_OWNER_UNSPEC: no attribute
 * @P25_A_OWNER_PAD: padding
 * @P25_A_OWNER_NAME: string as P25_A_OWNER
 * @P25_A_OWNER_N: u32, its entries, those that have expired and are kept included, and
 *	changes of transactions that wait for their commit
 * @__P25_A_OWNER_MAX: for internal use
 * @P25_A_OWNER_MAX: the highest attribute there is
 */
enum p25_owner_attr {
	P25_A_OWNER_UNSPEC,
	P25_A_OWNER_PAD,
	P25_A_OWNER_NAME,
	P25_A_OWNER_N,

	__P25_A_OWNER_MAX,
	P25_A_OWNER_MAX = __P25_A_OWNER_MAX - 1
};

/**
 * enum p25_counter - packets of a network namespace
 * @P25_COUNTER_UNSPEC: no counter
 * @P25_COUNTER_PAD: padding, not a counter
 * @P25_COUNTER_ACCEPT_RELAY: mail to a relay, accepted
 * @P25_COUNTER_ACCEPT_STATIC: mail from a static source, accepted
 * @P25_COUNTER_ACCEPT_OPTOUT: mail from an opted-out source, accepted
 * @P25_COUNTER_ACCEPT_NONE: mail from no subscriber, accepted
 * @P25_COUNTER_DROP_POOL: mail from a pool, dropped
 * @P25_COUNTER_DROP_BLOCK: mail from a re-blocked source, dropped
 * @P25_COUNTER_REJECT_POOL: mail from a pool, dropped, to be answered by a reset
 * @P25_COUNTER_REJECT_BLOCK: mail from a re-blocked source, dropped, to be
 *	answered by a reset
 * @P25_COUNTER_MONITOR_POOL: mail from a pool, accepted under "monitor"
 * @P25_COUNTER_MONITOR_BLOCK: mail from a re-blocked source, accepted under
 *	"monitor"
 * @P25_COUNTER_INBOUND_DROP_POOL: from port 25 to a pool, dropped
 * @P25_COUNTER_INBOUND_DROP_BLOCK: from port 25 to a re-blocked source, dropped
 * @P25_COUNTER_INBOUND_MONITOR_POOL: from port 25 to a pool, accepted under
 *	"monitor"
 * @P25_COUNTER_INBOUND_MONITOR_BLOCK: from port 25 to a re-blocked source,
 *	accepted under "monitor"
 * @P25_COUNTER_TCP_SHORT: TCP too short to show its ports
 * @P25_COUNTER_IPV6_CHAIN: IPv6 without its whole header chain (RFC 7112)
 * @P25_COUNTER_SOURCE_ROUTE: mail with a source route or routing header that
 *	has further addresses to visit; it is not taken for mail to a relay
 * @P25_COUNTER_LATER_FRAGMENT: TCP fragments after the first, passed
 * @P25_COUNTER_RESET_SENT: resets to senders of rejected mail that have left
 * @P25_COUNTER_RESET_UNSENT: resets that could not be sent: there was no route
 *	back, an output chain dropped it, or the packet must not be answered
 * @P25_COUNTER_PROHIBIT_POOL: mail from a pool, dropped, to be answered by an ICMP
 *	error
 * @P25_COUNTER_PROHIBIT_BLOCK: mail from a re-blocked source, dropped, to be
 *	answered by an ICMP error
 * @P25_COUNTER_UNREACHABLE_SENT: ICMP errors ("destination unreachable") to senders
 *	of prohibited mail that have left
 * @P25_COUNTER_UNREACHABLE_UNSENT: ICMP errors that could not be sent: as for
 *	resets, or the kernel's limit of their rate
 * @__P25_COUNTER_MAX: for internal use
 * @P25_COUNTER_MAX: the highest counter there is
 *
 * Counters from TCP_SHORT to LATER_FRAGMENT count packets by their form. Their
 * verdict is counted above as well, unless they can't be read (the first two) and
 * their source is not blocked: then they pass, and may not be mail at all. Resets
 * to senders on a bridge are in neither counter.
 */
enum p25_counter {
	P25_COUNTER_UNSPEC,
	P25_COUNTER_PAD,
	P25_COUNTER_ACCEPT_RELAY,
	P25_COUNTER_ACCEPT_STATIC,
	P25_COUNTER_ACCEPT_OPTOUT,
	P25_COUNTER_ACCEPT_NONE,
	P25_COUNTER_DROP_POOL,
	P25_COUNTER_DROP_BLOCK,
	P25_COUNTER_REJECT_POOL,
	P25_COUNTER_REJECT_BLOCK,
	P25_COUNTER_MONITOR_POOL,
	P25_COUNTER_MONITOR_BLOCK,
	P25_COUNTER_INBOUND_DROP_POOL,
	P25_COUNTER_INBOUND_DROP_BLOCK,
	P25_COUNTER_INBOUND_MONITOR_POOL,
	P25_COUNTER_INBOUND_MONITOR_BLOCK,
	P25_COUNTER_TCP_SHORT,
	P25_COUNTER_IPV6_CHAIN,
	P25_COUNTER_SOURCE_ROUTE,
	P25_COUNTER_LATER_FRAGMENT,
	P25_COUNTER_RESET_SENT,
	P25_COUNTER_RESET_UNSENT,
	P25_COUNTER_PROHIBIT_POOL,
	P25_COUNTER_PROHIBIT_BLOCK,
	P25_COUNTER_UNREACHABLE_SENT,
	P25_COUNTER_UNREACHABLE_UNSENT,

	__P25_COUNTER_MAX,
	P25_COUNTER_MAX = __P25_COUNTER_MAX - 1
};

/**
 * enum p25_sender_attr - attributes of a sender: who made attempts, or was blocked
 * @P25_A_SENDER_UNSPEC: no attribute
 * @P25_A_SENDER_PAD: padding
 * @P25_A_SENDER_SRC: binary, 4 or 16 bytes: the sender: an IPv4 address, or the first 64
 *	bits of an IPv6 address, the others 0. Where a longer prefix decides, that is a
 *	sender of its own: then as many bits as P25_A_SENDER_PREFIXLEN says
 * @P25_A_SENDER_DST: binary, 4 or 16 bytes: where the last attempt went
 * @P25_A_SENDER_SPORT: u16, its source port
 * @P25_A_SENDER_KIND: u8, enum p25_kind of the entry that decided on the last packet
 * @P25_A_SENDER_ADDR: binary, 4 or 16 bytes: the address of that entry's prefix
 * @P25_A_SENDER_PREFIXLEN: u8, that prefix's length
 * @P25_A_SENDER_ATTEMPTS: u64, attempts: TCP SYN without ACK to a destination that is no
 *	relay, passed or blocked
 * @P25_A_SENDER_ERROR: u64, by which ATTEMPTS may be too high: those of senders that have
 *	been forgotten for this one
 * @P25_A_SENDER_PACKETS: u64, ATTEMPTS, and other packets that were blocked
 * @P25_A_SENDER_DESTINATIONS: u32, an estimate of the number of different destinations,
 *	of a standard error of 13 %; up to a dozen, it is seldom off by more than one
 * @P25_A_SENDER_FIRST: s64, time of the first packet, seconds since 1970-01-01 UTC
 * @P25_A_SENDER_LAST: s64, time of the last one, in the same unit
 * @__P25_A_SENDER_MAX: for internal use
 * @P25_A_SENDER_MAX: the highest attribute there is
 */
enum p25_sender_attr {
	P25_A_SENDER_UNSPEC,
	P25_A_SENDER_PAD,
	P25_A_SENDER_SRC,
	P25_A_SENDER_DST,
	P25_A_SENDER_SPORT,
	P25_A_SENDER_KIND,
	P25_A_SENDER_ADDR,
	P25_A_SENDER_PREFIXLEN,
	P25_A_SENDER_ATTEMPTS,
	P25_A_SENDER_ERROR,
	P25_A_SENDER_PACKETS,
	P25_A_SENDER_DESTINATIONS,
	P25_A_SENDER_FIRST,
	P25_A_SENDER_LAST,

	__P25_A_SENDER_MAX,
	P25_A_SENDER_MAX = __P25_A_SENDER_MAX - 1
};

#endif /* _UAPI_LINUX_P25_H */
