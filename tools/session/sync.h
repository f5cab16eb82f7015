/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYNC_H
#define _SYNC_H

struct session_settings;
struct store;

int sync_sessions(const struct session_settings *settings, struct store *local,
		  struct store *remote);

#endif /* _SYNC_H */
