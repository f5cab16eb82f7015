// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl is killed at every step: the policy is the old one or the new one, and
 * the next command finds nothing in its way.
 *
 *	old:  entry 0 ......... entry 799
 *	new:            entry 400 ......... entry 1199, another action
 *
 * A step is a system call: p25ctl is stopped by ptrace as it enters the N-th one
 * since it has opened its first socket, and gets the signal there, for each N
 * until it gets through. Before, it has said nothing to the kernel that a policy
 * could depend on.
 *
 * What happens while the kernel is inside of one call, the commit, is another
 * matter: there the signal comes from another process, at different times. They
 * are those of the CPU that the commit has taken, so that it doesn't matter what
 * else the machine does.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handle.h"

#include <linux/ptrace.h>

#define ENTRIES		800
#define KEPT		400		/* entries that are in both */
#define STEPS_MAX	1000
#define COMMIT_ENTRIES	10000
#define COMMIT_KILLS	16
#define COMMIT_KILLS_MAX 512		/* only if one state is never seen */

enum state { OLD, NEW, BETWEEN, STATES };

static struct p25 *p25;
static char folder[32];
static uint64_t fingerprints[BETWEEN];
static struct p25_entry old[ENTRIES];
static size_t n_old;

/* ---- which policy is it? ---- */

/* FNV-1a. */
static uint64_t hash(const char *text)
{
	uint64_t sum = 0xcbf29ce484222325;

	while (*text)
		sum = (sum ^ (unsigned char)*text++) * 0x100000001b3;
	return sum;
}

/* Entries are listed in no order, so their hashes are added up. */
static int add_hash(const struct p25_entry *entry, void *arg)
{
	char prefix[P25_PREFIX_STRLEN];
	uint64_t *sum = arg;
	char text[256];

	snprintf(text, sizeof(text), "%s %s %s %lld %s",
		 p25_kind_name(entry->kind),
		 p25_prefix_format(&entry->prefix, prefix), entry->owner,
		 (long long)entry->expires, entry->comment);
	*sum += hash(text);
	return 0;
}

static uint64_t fingerprint(void)
{
	struct p25_status status;
	uint64_t sum = 0;

	if (p25_list(p25, NULL, add_hash, &sum) || p25_show(p25, &status))
		ktap_bail_out(p25_error(p25));
	return sum + status.settings.action;
}

static enum state state(void)
{
	uint64_t now = fingerprint();
	enum state i = OLD;

	while (i < BETWEEN && fingerprints[i] != now)
		i++;
	return i;
}

/* ---- the commands ---- */

static void write_line(FILE *file, const char *verb, unsigned int number)
{
	fprintf(file, "pool %s%s2001:db8:%x::/48", verb, *verb ? " " : "",
		number);
	if (number % 3 == 0 && strcmp(verb, "del"))
		fprintf(file, " comment \"acct %u\"", number);
	fputc('\n', file);
}

static FILE *create(const char *name)
{
	FILE *file;
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		ktap_bail_out("out of memory");
	file = fopen(path, "w");
	if (!file)
		ktap_bail_out(path);
	free(path);
	return file;
}

static void write_policy(const char *name, unsigned int first,
			 const char *action)
{
	FILE *file = create(name);
	unsigned int i;

	fprintf(file, "action %s\n", action);
	for (i = first; i < first + ENTRIES; i++)
		write_line(file, "", i);
	fclose(file);
}

/* From the old policy to the new one, as a list of commands. */
static void write_batch(const char *name)
{
	FILE *file = create(name);
	unsigned int i;

	for (i = 0; i < KEPT; i++)
		write_line(file, "del", i);
	for (i = ENTRIES; i < KEPT + ENTRIES; i++)
		write_line(file, "add", i);
	fputs("set action monitor\n", file);
	fclose(file);
}

static pid_t start(const char *const argv[], bool traced)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (chdir(folder))
		_exit(125);
	close(STDERR_FILENO);
	if (traced)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execvp(argv[0], (char *const *)argv);
	_exit(126);
}

static bool runs_well(const char *const argv[])
{
	int status;

	return waitpid(start(argv, false), &status, 0) > 0 &&
	       WIFEXITED(status) && !WEXITSTATUS(status);
}

/* ---- killing it ---- */

/* Lets it run to its next system call; -1: it has ended. Returns its number. */
static long next_call(pid_t pid)
{
	struct ptrace_syscall_info info;
	int status;

	do {
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
			return -1;
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
	} while (info.op != PTRACE_SYSCALL_INFO_ENTRY);
	return info.entry.nr;
}

/* A C library may have one system call for all that is done with sockets. */
static bool is_socket(long call)
{
#ifdef SYS_socketcall
	if (call == SYS_socketcall)
		return true;
#endif
	return call == SYS_socket;
}

/*
 * Runs a command up to its nth system call since the first socket, and sends it
 * the signal there. Returns false if it ends before.
 */
static bool interrupted(const char *const argv[], unsigned int nth, int signal)
{
	pid_t pid = start(argv, true);
	long call;

	if (waitpid(pid, NULL, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD))
		ktap_bail_out("ptrace doesn't work");
	do
		call = next_call(pid);
	while (call >= 0 && !is_socket(call));
	while (call >= 0 && nth--)
		call = next_call(pid);
	if (call < 0)
		return false;
	kill(pid, signal);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	waitpid(pid, NULL, 0);
	return true;
}

static const char *const apply_old[] = { "p25ctl", "apply", "--all", "old",
					 NULL };

static int keep_entry(const struct p25_entry *entry, void *arg)
{
	(void)arg;
	old[n_old] = *entry;
	old[n_old++].timeout = 0;
	return n_old < ENTRIES ? 0 : 1;
}

/* What the old policy is, once it is in place. */
static void remember_old(void)
{
	fingerprints[OLD] = fingerprint();
	if (p25_list(p25, NULL, keep_entry, NULL) != 1)
		ktap_bail_out("the old policy can't be listed");
}

/* The old policy, without p25ctl: that takes longer to start. */
static int restore_old(void)
{
	struct p25_settings set = { .has_action = true };
	int err = p25_begin(p25);

	if (!err)
		err = p25_flush(p25, NULL);
	if (!err)
		err = p25_add(p25, old, n_old);
	if (!err)
		err = p25_set(p25, &set);
	return err ? err : p25_commit(p25);
}

/* Is nothing in the next command's way? */
static bool next_works(unsigned int step)
{
	if (step % 8 == 0)
		return runs_well(apply_old) && state() == OLD;
	return !restore_old() && state() == OLD;
}

/* Interrupts one command at each stride-th step, by two signals in turn. */
static void test_steps(const char *name, const char *const argv[],
		       const int signals[2], unsigned int stride)
{
	unsigned int found[STATES] = { 0 };
	unsigned int step, stuck = 0;

	for (step = 0; step < STEPS_MAX &&
	     interrupted(argv, step, signals[step % 2]); step += stride) {
		found[state()]++;
		stuck += !next_works(step);
	}
	ktap_result(!found[BETWEEN] && found[OLD] && found[NEW] &&
		    step < STEPS_MAX,
		    "%s within %u steps: %u times the old policy, %u times the new one, %u times neither",
		    name, step, found[OLD], found[NEW], found[BETWEEN]);
	ktap_result(!stuck && state() == NEW,
		    "%s: the next command works (%u times it did not)",
		    name, stuck);
	must(p25, restore_old());
}

/* ---- killed inside of the commit ---- */

static int replace_all(struct p25 *handle, unsigned char third)
{
	struct p25_entry entry = {
		.kind = P25_KIND_POOL,
		.prefix = { .family = AF_INET6, .len = 64,
			    .addr = { 0x20, 1, 0xd, 0xb8, third } },
	};
	unsigned int i;
	int err;

	err = p25_begin(handle);
	if (!err)
		err = p25_flush(handle, NULL);
	for (i = 0; !err && i < COMMIT_ENTRIES; i++) {
		entry.prefix.addr[6] = i >> 8;
		entry.prefix.addr[7] = i;
		err = p25_add(handle, &entry, 1);
	}
	return err;
}

/* Returns what CPU time, in nanoseconds, the commit has taken. */
static int64_t commit_all(unsigned char third)
{
	int64_t begun;

	must(p25, replace_all(p25, third));
	begun = ktap_clock(CLOCK_PROCESS_CPUTIME_ID);
	must(p25, p25_commit(p25));
	return ktap_clock(CLOCK_PROCESS_CPUTIME_ID) - begun;
}

/* Sends the new policy, says when it begins to commit it, and does so. */
static void commit_new(int told)
{
	struct p25 *own = ktap_open();
	int64_t begun;

	if (replace_all(own, 2))
		_exit(1);
	begun = ktap_clock(CLOCK_PROCESS_CPUTIME_ID);
	if (write(told, &begun, sizeof(begun)) != sizeof(begun))
		_exit(1);
	_exit(p25_commit(own) ? 1 : 0);
}

/*
 * Commits the new policy in a process that is killed when it has taken so much
 * CPU time for that. Returns false if it got through before.
 */
static bool killed_in_commit(int64_t after)
{
	int told[2], status;
	clockid_t clock;
	int64_t begun;
	pid_t pid;

	if (pipe(told))
		ktap_bail_out("pipe");
	pid = fork();
	if (!pid)
		commit_new(told[1]);
	close(told[1]);
	if (read(told[0], &begun, sizeof(begun)) != sizeof(begun) ||
	    clock_getcpuclockid(pid, &clock))
		ktap_bail_out("the new policy can't be sent");
	close(told[0]);
	while (!waitpid(pid, &status, WNOHANG)) {
		if (ktap_clock(clock) >= begun + after)
			kill(pid, SIGKILL);
		usleep(100);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status))
		ktap_bail_out("the new policy can't be committed");
	return WIFSIGNALED(status);
}

/*
 * Goes on until it has been killed both early enough for the old policy and late
 * enough for the new one.
 */
static void test_commit(void)
{
	unsigned int found[STATES] = { 0 };
	unsigned int i, killed = 0, lost = 0;
	int64_t took;

	commit_all(2);
	fingerprints[NEW] = fingerprint();
	took = commit_all(1);
	fingerprints[OLD] = fingerprint();

	for (i = 0; i < COMMIT_KILLS || ((!found[OLD] || !found[NEW]) &&
					 i < COMMIT_KILLS_MAX); i++) {
		if (i && i % COMMIT_KILLS == 0)
			sleep(6);	/* flushes have a limit */
		if (killed_in_commit(took * (1 + i % COMMIT_KILLS) * 2 /
				     COMMIT_KILLS)) {
			found[state()]++;
			killed++;
		} else {
			lost += state() != NEW;
		}
		took = commit_all(1);
	}
	ktap_result(!found[BETWEEN] && found[OLD] && found[NEW],
		    "killed %u times within a commit of %u ms: %u times the old policy, %u times the new one, %u times neither",
		    killed, (unsigned int)(took / 1000000), found[OLD],
		    found[NEW], found[BETWEEN]);
	ktap_result(!lost, "killed afterwards, it has the new one (%u times it has not)",
		    lost);
}

/* ---- together ---- */

/* What is between is not taken for the one or the other. */
static void test_control(void)
{
	struct p25_entry entry = { .kind = P25_KIND_POOL };

	p25_prefix_parse("2001:db8::/48", &entry.prefix, NULL);
	must(p25, p25_del(p25, &entry, 1, false));
	ktap_result(state() == BETWEEN, "control: an entry less is noticed");
	must(p25, p25_add(p25, &entry, 1));
	ktap_result(state() == BETWEEN, "control: so is a comment less");
	must(p25, restore_old());
}

static void remove_files(void)
{
	if (!chdir(folder)) {
		unlink("old");
		unlink("new");
		unlink("batch");
		rmdir(folder);
	}
}

int main(void)
{
	static const char *const apply[] = { "p25ctl", "apply", "new", NULL };
	static const char *const apply_all[] = { "p25ctl", "apply", "--all",
						 "new", NULL };
	static const char *const batch[] = { "p25ctl", "-b", "batch", NULL };
	static const int killed[] = { SIGKILL, SIGKILL };
	static const int told[] = { SIGINT, SIGTERM };

	ktap_begin();
	ktap_own_netns();
	p25 = ktap_open();
	strcpy(folder, "/tmp/p25-killed.XXXXXX");
	if (!mkdtemp(folder))
		ktap_bail_out(folder);
	atexit(remove_files);
	write_policy("old", 0, "drop");
	write_policy("new", KEPT, "monitor");
	write_batch("batch");
	if (!runs_well(apply))
		ktap_bail_out("p25ctl apply doesn't work");
	fingerprints[NEW] = fingerprint();
	if (!runs_well(apply_old))
		ktap_bail_out("p25ctl apply --all doesn't work");
	remember_old();

	test_control();
	test_steps("apply, killed", apply, killed, 1);
	test_steps("apply --all, told to end", apply_all, told, 3);
	test_steps("-b, killed", batch, killed, 1);
	test_commit();
	return ktap_end();
}
