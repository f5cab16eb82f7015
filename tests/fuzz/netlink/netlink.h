/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink fuzzer, in three parts: compose.c makes messages out of an input,
 * netlink.c exchanges them with the kernel, coverage.c says what that reached.
 */
#ifndef _NETLINK_H
#define _NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/p25.h>

/* Sockets that an input may use side by side. */
#define SOCKETS 4

/* The longest message; a longer one is cut. */
#define MESSAGE_ROOM 65536

/**
 * struct input - the bytes of an input that haven't been used yet
 * @at: the next one
 * @end: behind the last one
 */
struct input {
	const uint8_t *at;
	const uint8_t *end;
};

/**
 * struct message - one that has been composed
 * @socket: where it is to be sent
 * @held: not yet: with the next one, in one datagram
 * @unread: leave the answer in the socket
 * @close: close the socket then
 * @sound: its header is as it should be, and asks for an answer
 * @cmd: its command
 * @len: its length, with padding
 * @bytes: what is sent
 */
struct message {
	unsigned int socket;
	bool held;
	bool unread;
	bool close;
	bool sound;
	uint8_t cmd;
	size_t len;
	uint8_t bytes[MESSAGE_ROOM];
};

/* compose.c: the P25_A_MARK that the kernel gave last */
extern uint64_t last_mark;

/* compose.c */
void compose(struct input *in, uint16_t family, struct message *msg);

/* coverage.c */
void coverage_open(void);
void coverage_start(void);
void coverage_stop(void);
void coverage_check(void);
void coverage_answer(uint8_t cmd, int error, const char *text, size_t len);

#endif /* _NETLINK_H */
