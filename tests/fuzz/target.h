/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What fuzz targets share. A target is a program with the function fuzz_one();
 * libFuzzer brings main() and calls it with one input after another, and keeps
 * inputs that reach code that none before has reached.
 */
#ifndef _TARGET_H
#define _TARGET_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's names for them are not in this tree's style. */
int fuzz_one(const uint8_t *data, size_t size)
	__asm__("LLVMFuzzerTestOneInput");
int fuzz_start(int *argc, char ***argv) __asm__("LLVMFuzzerInitialize");

/* libFuzzer takes what is counted in such an array for coverage. */
#define EXTRA_COUNTERS __attribute__((section("__libfuzzer_extra_counters")))

/* broken.c: what may never be, was; ends the program, the input is kept */
__attribute__((noreturn, format(printf, 1, 2)))
void broken(const char *format, ...);

#endif /* _TARGET_H */
