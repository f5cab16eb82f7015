// SPDX-License-Identifier: GPL-2.0
/*
 * As many packets as some CPUs can judge at the same time, each its own ones.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "bench.h"

struct worker {
	struct task_struct		*task;
	unsigned int			cpu;
	struct net			*net;
	const struct bench_packet	*packet;
	unsigned int			n;
	struct bench_verdicts		verdicts;
	u64				ns;
	u64				longest;
};

/* Judges a batch; notes it if none has taken longer. */
static void judge(struct worker *worker, unsigned int first)
{
	unsigned int n = min_t(unsigned int, BENCH_BATCH, worker->n - first);
	u64 start = ktime_get_ns();

	bench_judge(worker->net, worker->packet + first, n, &worker->verdicts);
	worker->longest = max(worker->longest, ktime_get_ns() - start);
}

static int work(void *data)
{
	struct worker *worker = data;
	u64 start = ktime_get_ns();
	unsigned int first = 0;

	while (!kthread_should_stop()) {
		judge(worker, first);
		first += BENCH_BATCH;
		if (first >= worker->n)
			first = 0;
		cond_resched();
	}
	worker->ns = ktime_get_ns() - start;
	return 0;
}

/*
 * A CPU's packets are the same whatever runs beside it: an equal share for
 * each CPU that is online.
 */
static int create(struct worker *worker, struct net *net,
		  const struct bench_packets *packets)
{
	unsigned int rank = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu < worker->cpu)
			rank++;
	worker->net = net;
	worker->n = packets->n / num_online_cpus();
	worker->packet = packets->packet + rank * worker->n;
	if (!worker->n)
		return -EINVAL;
	worker->task = kthread_create(work, worker, "p25_bench/%u",
				      worker->cpu);
	if (IS_ERR(worker->task))
		return PTR_ERR(worker->task);
	get_task_struct(worker->task);
	kthread_bind(worker->task, worker->cpu);
	return 0;
}

static void stop(struct worker *worker)
{
	kthread_stop(worker->task);
	put_task_struct(worker->task);
}

/* "MILLISECONDS CPU..." into *ms and workers; returns their number. */
static int parse(char *line, unsigned int *ms, struct worker *workers)
{
	unsigned int n = 0;
	char *word = strsep(&line, " ");

	if (kstrtouint(word, 10, ms) || !*ms)
		return -EINVAL;
	while ((word = strsep(&line, " "))) {
		if (n == num_online_cpus() ||
		    kstrtouint(word, 10, &workers[n].cpu) ||
		    workers[n].cpu >= nr_cpu_ids ||
		    !cpu_online(workers[n].cpu))
			return -EINVAL;
		n++;
	}
	return n ?: -EINVAL;
}

static void print(const struct worker *worker, unsigned int n, char *result,
		  size_t size)
{
	int len = 0;

	*result = '\0';
	for (; n--; worker++)
		len += scnprintf(result + len, size - len,
				 "cpu %u ns %llu accepted %llu dropped %llu longest_batch_ns %llu\n",
				 worker->cpu, worker->ns,
				 worker->verdicts.accepted,
				 worker->verdicts.dropped, worker->longest);
}

static int run(struct worker *workers, unsigned int n, unsigned int ms,
	       struct net *net, const struct bench_packets *packets)
{
	unsigned int created;
	unsigned int i;
	int err = 0;

	for (created = 0; created < n && !err; created++)
		err = create(&workers[created], net, packets);
	if (err)
		created--;
	for (i = 0; i < created && !err; i++)
		wake_up_process(workers[i].task);
	if (!err && msleep_interruptible(ms))
		err = -EINTR;
	for (i = 0; i < created; i++)
		stop(&workers[i]);
	return err;
}

/**
 * bench_throughput - judge packets on some CPUs for some time
 * @net: the namespace whose hooks judge them
 * @packets: the packets
 * @line: "MILLISECONDS CPU..."; changed
 * @result: for each CPU the time it took, what its packets got, and how long
 *	its slowest batch of BENCH_BATCH packets took
 * @size: of @result
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int bench_throughput(struct net *net, const struct bench_packets *packets,
		     char *line, char *result, size_t size)
{
	struct worker *workers;
	unsigned int ms;
	int n;
	int err;

	workers = kcalloc(num_online_cpus(), sizeof(*workers), GFP_KERNEL);
	if (!workers)
		return -ENOMEM;
	n = parse(line, &ms, workers);
	err = n < 0 ? n : run(workers, n, ms, net, packets);
	if (!err)
		print(workers, n, result, size);
	kfree(workers);
	return err;
}
