// SPDX-License-Identifier: GPL-2.0
/*
 * How long a cache line takes from one CPU to another and back: what CPUs that write
 * to the same line have to wait for. It tells how far from each other they are.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/processor.h>
#include <linux/slab.h>

#include "bench.h"

#define ROUNDS	200000

struct line {
	unsigned int	turn ____cacheline_aligned;
	u64		ns;
};

struct player {
	struct task_struct	*task;
	struct line		*line;
	unsigned int		first;	/* 0: begins; 1: answers */
	struct completion	done;
};

static int play(void *data)
{
	struct player *player = data;
	struct line *line = player->line;
	u64 start = ktime_get_ns();
	unsigned int turn;

	for (turn = player->first; turn < 2 * ROUNDS; turn += 2) {
		while (READ_ONCE(line->turn) != turn)
			cpu_relax();
		WRITE_ONCE(line->turn, turn + 1);
	}
	if (player->first)
		line->ns = ktime_get_ns() - start;
	complete(&player->done);
	return 0;
}

static int create(struct player *player, struct line *line, unsigned int first,
		  unsigned int cpu)
{
	player->line = line;
	player->first = first;
	init_completion(&player->done);
	player->task = kthread_create(play, player, "p25_bench/%u", cpu);
	if (IS_ERR(player->task))
		return PTR_ERR(player->task);
	kthread_bind(player->task, cpu);
	return 0;
}

static int run(struct line *line, const unsigned int *cpus)
{
	struct player players[2];
	int err;

	err = create(&players[0], line, 0, cpus[0]);
	if (err)
		return err;
	err = create(&players[1], line, 1, cpus[1]);
	if (err) {
		kthread_stop(players[0].task);
		return err;
	}
	wake_up_process(players[0].task);
	wake_up_process(players[1].task);
	wait_for_completion(&players[0].done);
	wait_for_completion(&players[1].done);
	return 0;
}

/**
 * bench_round_trip - time a cache line's way to another CPU and back
 * @line: "CPU CPU"
 * @result: "NANOSECONDS"
 * @size: of @result
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int bench_round_trip(char *line, char *result, size_t size)
{
	struct line *shared;
	unsigned int cpus[2];
	int err;

	if (sscanf(line, "%u %u", &cpus[0], &cpus[1]) != 2 ||
	    cpus[0] >= nr_cpu_ids || cpus[1] >= nr_cpu_ids ||
	    !cpu_online(cpus[0]) || !cpu_online(cpus[1]) || cpus[0] == cpus[1])
		return -EINVAL;
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	if (!shared)
		return -ENOMEM;
	err = run(shared, cpus);
	if (!err)
		scnprintf(result, size, "%llu\n", div_u64(shared->ns, ROUNDS));
	kfree(shared);
	return err;
}
