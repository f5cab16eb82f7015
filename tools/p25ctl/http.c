// SPDX-License-Identifier: GPL-2.0
/*
 * One request by HTTP (RFC 9112), as systemd hands it over by a socket with Accept=yes:
 * "GET /metrics", and nothing else. Each connection is one request, so there is no state, and
 * a request that isn't sent to its end is given up after some seconds.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http.h"

/* Bytes of a request, and seconds that it may take. */
#define REQUEST_MAX	8192
#define PATIENCE	10

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool is_whole(const char *request)
{
	return strstr(request, "\r\n\r\n") || strstr(request, "\n\n");
}

/* Reads until the request ends; returns 0, or -1: it didn't. */
static int read_all(char request[REQUEST_MAX + 1])
{
	int64_t until = now_ms() + PATIENCE * 1000;
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	size_t n = 0;

	*request = '\0';
	while (!is_whole(request)) {
		int64_t left = until - now_ms();
		ssize_t got = -1;

		if (left > 0 && n < REQUEST_MAX && poll(&in, 1, left) == 1)
			got = read(STDIN_FILENO, request + n, REQUEST_MAX - n);
		if (got <= 0)
			return -1;
		n += got;
		request[n] = '\0';
	}
	return 0;
}

static bool is_path(const char *path)
{
	return *path && strchr(" ?", *path);
}

/* http_read_request - Return: 200: it is one for metrics; or the status to answer with */
int http_read_request(void)
{
	char request[REQUEST_MAX + 1];

	if (read_all(request))
		return 400;
	if (strncmp(request, "GET ", 4))
		return 405;
	if (!strncmp(request, "GET /metrics", 12) && is_path(request + 12))
		return 200;
	return 404;
}

static const char *phrase(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	default:
		return "Internal Server Error";
	}
}

/* http_answer - @text: the metrics; of a status other than 200, none is sent */
void http_answer(int status, const char *text, size_t len)
{
	if (status != 200) {
		text = phrase(status);
		len = strlen(text);
	}
	printf("HTTP/1.1 %d %s\r\n", status, phrase(status));
	if (status == 405)
		fputs("Allow: GET\r\n", stdout);
	printf("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
	       "Content-Length: %zu\r\nConnection: close\r\n\r\n", len);
	fwrite(text, 1, len, stdout);
}
