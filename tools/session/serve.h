/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket by which a RADIUS server says what its NASes say.
 */
#ifndef _SERVE_H
#define _SERVE_H

#define SERVE_SOCKET "/run/p25-session.sock"

/* Longest message: more than a RADIUS packet has (RFC 2865, 3). */
#define SERVE_MAXLEN 8192

struct context;

int serve(const char *path, const char *folder);
int serve_send(const char *path, const char *nas, char *const *environment);
void serve_message(struct context *ctx, const char *text, size_t len);

#endif /* _SERVE_H */
