// SPDX-License-Identifier: GPL-2.0
/*
 * Warn of a policy in a network namespace that has no interfaces, and so forwards
 * nothing: systemd's PrivateNetwork=yes makes such a one.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "report.h"
#include "warn_isolated.h"

/* The loopback device, and what tunnel modules create in each namespace. */
static bool is_everywhere(const char *name)
{
	static const char *const names[] = {
		"lo", "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0",
		"ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

/* True if it is not known. A router may have many: the first one is enough. */
static bool has_interface(void)
{
	FILE *in = fopen("/proc/self/net/dev", "re");
	bool found = false, any = false;
	char line[512], name[32];

	while (in && !found && fgets(line, sizeof(line), in)) {
		/* Above them are two lines of headings, with bars. */
		if (strchr(line, '|') || sscanf(line, " %31[^: ]", name) != 1)
			continue;
		any = true;
		found = !is_everywhere(name);
	}
	if (in)
		fclose(in);
	return found || !any;
}

/* warn_isolated - warn if nothing is forwarded in the namespace of the change */
void warn_isolated(struct ctl *c)
{
	if (c->netns || has_interface())
		return;
	c->file = NULL;
	note(c,
	     "warning: this network namespace has no interface but lo, and nothing is forwarded in it (a unit with PrivateNetwork=yes? -n names another one)");
}
