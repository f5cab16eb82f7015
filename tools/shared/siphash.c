// SPDX-License-Identifier: GPL-2.0
/*
 * SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012),
 * as the kernel has it.
 */
#include <endian.h>
#include <string.h>

#include "siphash.h"

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void one_round(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static void add_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	one_round(s);
	one_round(s);
	s->v0 ^= word;
}

/* The last word: what is left, and the size in the highest byte. */
static uint64_t last_word(const unsigned char *rest, size_t size)
{
	uint64_t word = 0;

	memcpy(&word, rest, size % 8);
	return le64toh(word) | (uint64_t)size << 56;
}

/* p25_siphash - the hash of @size bytes */
uint64_t p25_siphash(const void *data, size_t size, const uint64_t key[2])
{
	struct state s = {
		.v0 = key[0] ^ 0x736f6d6570736575,
		.v1 = key[1] ^ 0x646f72616e646f6d,
		.v2 = key[0] ^ 0x6c7967656e657261,
		.v3 = key[1] ^ 0x7465646279746573,
	};
	const unsigned char *at = data;
	uint64_t word;
	size_t left;
	int i;

	for (left = size; left >= sizeof(word); left -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		add_word(&s, le64toh(word));
		at += sizeof(word);
	}
	add_word(&s, last_word(at, size));
	s.v2 ^= 0xff;
	for (i = 0; i < 4; i++)
		one_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
