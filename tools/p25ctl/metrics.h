/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that monitoring may want to know, as Prometheus reads it.
 */
#ifndef _METRICS_H
#define _METRICS_H

#include <stdio.h>

struct ctl;
struct health;

void metrics_write(struct ctl *c, const struct health *health, FILE *to);

#endif /* _METRICS_H */
