// SPDX-License-Identifier: GPL-2.0
/*
 * The journal of systemd, by its native protocol: a datagram has an entry, a line for
 * each field, "NAME=value". systemd promises to keep that (JOURNAL_NATIVE_PROTOCOL),
 * and it is no more than this file: libsystemd would be a library to have for it.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "journal.h"

#define SOCKET "/run/systemd/journal/socket"

/* journal_open - connect to the journal. Return: a descriptor, or -1 and errno */
int journal_open(void)
{
	static const struct sockaddr_un journal = {
		.sun_family = AF_UNIX,
		.sun_path = SOCKET,
	};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (!connect(fd, (const struct sockaddr *)&journal, sizeof(journal)))
		return fd;
	close(fd);
	return -1;
}

/* A value is one line, whatever comes: a second one would be another field. */
static void put_value(FILE *to, const char *value)
{
	for (; *value; value++)
		putc(iscntrl((unsigned char)*value) ? '?' : *value, to);
	putc('\n', to);
}

static void put_field(FILE *to, const char *key, const char *value)
{
	fputs("P25_", to);
	for (; *key; key++)
		putc(toupper((unsigned char)*key), to);
	putc('=', to);
	put_value(to, value);
}

static const char *value_text(struct json_object *value)
{
	if (json_object_is_type(value, json_type_string))
		return json_object_get_string(value);
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

static char *compose(int priority, const char *message,
		     struct json_object *fields, size_t *size)
{
	char *text = NULL;
	FILE *to = open_memstream(&text, size);

	if (!to)
		return NULL;
	fprintf(to, "PRIORITY=%d\nSYSLOG_IDENTIFIER=p25\nMESSAGE=", priority);
	put_value(to, message);
	json_object_object_foreach(fields, key, value)
		put_field(to, key, value_text(value));
	fclose(to);
	return text;
}

/*
 * journal_send - add an entry
 * @fields: an object; each of its keys is a field P25_KEY. What is no plain value is JSON
 *
 * Waits while the journal is busy. Return: 0, or -1 and errno.
 */
int journal_send(int journal, int priority, const char *message,
		 struct json_object *fields)
{
	size_t size = 0;
	char *text = compose(priority, message, fields, &size);
	ssize_t sent;

	if (!text)
		return -1;
	sent = send(journal, text, size, MSG_NOSIGNAL);
	free(text);
	return sent < 0 ? -1 : 0;
}
