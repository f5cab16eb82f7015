// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of a session. There are three ways to write them:
 *
 *	pppd, accel-ppp		environment, values as they are; a file with lines
 *				"Framed-Route 198.51.100.64/28 198.51.100.7"
 *	FreeRADIUS		environment, texts in double quotes with escapes; a name
 *				comes again for each further value, which getenv(3) and a
 *				shell don't see
 *
 * A subscriber chooses some of the values, a user name above all. So nothing is
 * taken but names that are known, and no more than there is room for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "attributes.h"
#include "ctl.h"

static const char *const known[] = {
	"ACCT_DELAY_TIME", "ACCT_SESSION_ID", "ACCT_SESSION_TIME",
	"ACCT_STATUS_TYPE", "CLASS", "DELEGATED_IPV6_PREFIX", "FILTER_ID",
	"FRAMED_IPV6_ADDRESS", "FRAMED_IPV6_PREFIX", "FRAMED_IPV6_ROUTE",
	"FRAMED_IP_ADDRESS", "FRAMED_ROUTE", "IPV6_DELEGATED_PREFIX",
	"IPV6_PREFIX", "NAS_PORT", "P25_NAS", "PEERNAME", "PPPD_PID",
	"RADIUS_FILTER_ID", "RADIUS_FRAMED_ROUTE", "SESSION_TIMEOUT", "USER_NAME",
	"DNSMASQ_TAGS", "DNSMASQ_TIME_REMAINING",
};

/* Framed-Route and FRAMED_ROUTE are one name. */
static bool is_name(const char *name, size_t len, const char *full)
{
	size_t i;

	for (i = 0; i < len && full[i]; i++) {
		char c = name[i];

		if (c == '-')
			c = '_';
		else if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (c != full[i])
			return false;
	}
	return i == len && !full[i];
}

static const char *find_known(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (is_name(name, len, known[i]))
			return known[i];
	}
	return NULL;
}

/* attribute_is_known - is a name one of those that mean something here? */
bool attribute_is_known(const char *name, size_t len)
{
	return find_known(name, len);
}

/* attributes_add - one more, if its name is known and there is room */
void attributes_add(struct attributes *a, const char *name, size_t name_len,
		    const char *value, size_t len)
{
	const char *found = find_known(name, name_len);

	if (!found || a->n == ATTRIBUTES_MAX || len >= ATTRIBUTES_ROOM - a->used ||
	    memchr(value, '\0', len))
		return;
	a->name[a->n] = found;
	a->value[a->n++] = a->text + a->used;
	memcpy(a->text + a->used, value, len);
	a->used += len;
	a->text[a->used++] = '\0';
}

/* attributes_environment - values as they are */
void attributes_environment(struct attributes *a, char *const *environment)
{
	for (; *environment; environment++) {
		const char *equals = strchr(*environment, '=');

		if (equals)
			attributes_add(a, *environment, equals - *environment,
				       equals + 1, strlen(equals + 1));
	}
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/*
 * Undo FreeRADIUS' quoting: \n, \r, \t, \ooo, and a backslash before itself or a
 * quote. Return: the length, or -1 if it is malformed.
 */
static ssize_t unquote(char *to, const char *from, size_t len)
{
	const char *end = from + len;
	char *begin = to;

	while (from < end) {
		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		if (++from == end)
			return -1;
		if (end - from >= 3 && is_octal(from[0]) && is_octal(from[1]) &&
		    is_octal(from[2])) {
			*to++ = (from[0] - '0') << 6 | (from[1] - '0') << 3 |
				(from[2] - '0');
			from += 3;
			continue;
		}
		*to++ = *from == 'n' ? '\n' : *from == 'r' ? '\r' :
			*from == 't' ? '\t' : *from;
		from++;
	}
	return to - begin;
}

static void add_quoted(struct attributes *a, const char *name, size_t name_len,
		       const char *value, size_t len)
{
	char plain[2048];
	ssize_t n;

	if (len < 2 || value[0] != '"') {
		attributes_add(a, name, name_len, value, len);
		return;
	}
	/* FreeRADIUS cuts what is too long for it, and the quote with it. */
	if (value[len - 1] != '"' || len > sizeof(plain))
		return;
	n = unquote(plain, value + 1, len - 2);
	if (n >= 0)
		attributes_add(a, name, name_len, plain, n);
}

/* attributes_quoted - NAME=VALUE, with a NUL after each, texts as FreeRADIUS quotes them */
void attributes_quoted(struct attributes *a, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		size_t n = strnlen(text, end - text);
		const char *equals = memchr(text, '=', n);

		if (equals)
			add_quoted(a, text, equals - text, equals + 1,
				   text + n - equals - 1);
		text += n + 1;
	}
}

static void add_line(struct attributes *a, const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	if (blank)
		attributes_add(a, line, blank - line, blank + 1,
			       line + len - blank - 1);
}

static ssize_t read_all(int fd, char *buffer, size_t room)
{
	size_t have = 0;
	ssize_t n;

	while (have < room) {
		n = read(fd, buffer + have, room - have);
		if (n < 0)
			return -1;
		if (!n)
			break;
		have += n;
	}
	return have;
}

/*
 * attributes_file - lines "Name value", as the plugin radattr.so writes them
 *
 * Return: 0, or a negative errno value.
 */
int attributes_file(struct attributes *a, const char *path)
{
	static char buffer[65536];
	const char *line = buffer, *end;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read_all(fd, buffer, sizeof(buffer));
	close(fd);
	if (n < 0)
		return -EIO;
	/* Without its newline, a line may be cut off: 198.51.100.1 of .12, say. */
	while ((end = memchr(line, '\n', buffer + n - line))) {
		add_line(a, line, end - line);
		line = end + 1;
	}
	return 0;
}

/*
 * attributes_next - the next value of a name
 * @at: where to go on; 0 at first
 *
 * Return: the value, or NULL if there are no more.
 */
const char *attributes_next(const struct attributes *a, const char *name,
			    size_t *at)
{
	while (*at < a->n) {
		size_t i = (*at)++;

		if (!strcmp(a->name[i], name))
			return a->value[i];
	}
	return NULL;
}

/* attributes_get - the first value of a name, or NULL */
const char *attributes_get(const struct attributes *a, const char *name)
{
	size_t at = 0;

	return attributes_next(a, name, &at);
}

/* attributes_number - a value in decimal digits; false: there is none */
bool attributes_number(const struct attributes *a, const char *name,
		       unsigned int *number)
{
	const char *text = attributes_get(a, name);
	uint64_t value = 0;

	if (!text || !*text || text[strspn(text, "0123456789")])
		return false;
	for (; *text && value <= UINT32_MAX; text++)
		value = value * 10 + *text - '0';
	*number = value > UINT32_MAX ? UINT32_MAX : value;
	return true;
}
