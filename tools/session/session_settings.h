/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sessions may do: /etc/p25/session.conf
 */
#ifndef _SESSION_SETTINGS_H
#define _SESSION_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

#define SETTINGS_FILE "/etc/p25/session.conf"
#define SETTINGS_WITHIN 64

/**
 * struct session_settings - what sessions may do
 * @kinds: a bit for each kind that they may have
 * @widest4: no IPv4 prefix may be wider than this length
 * @widest6: no IPv6 prefix may be
 * @timeout: seconds, where nothing says how long a session lasts
 * @suffix: of user names that opt out; "": there is none
 * @radattr: file of attributes, which ends in '.' and the interface's name
 * @within: if there are any, prefixes must lie in one of these, too
 * @n_within: how many
 * @broken: the file has a mistake: nothing is opened
 */
struct session_settings {
	unsigned int kinds;
	unsigned int widest4;
	unsigned int widest6;
	uint32_t timeout;
	char suffix[64];
	char radattr[128];
	struct p25_prefix within[SETTINGS_WITHIN];
	size_t n_within;
	bool broken;
};

void session_settings_default(struct session_settings *settings);
void session_settings_line(struct session_settings *settings, char *line, const char *where);
void session_settings_read(struct session_settings *settings, const char *path);

#endif /* _SESSION_SETTINGS_H */
