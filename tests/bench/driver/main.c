// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's driver: /sys/kernel/debug/p25_bench, where all that is
 * written is lines, and concerns the writer's network namespace.
 *
 *	packets		write packets (packet.c); opening with O_TRUNC, as ">"
 *			does, forgets the others first; read their number
 *	hook		write a hook to have (contender.c); read its name
 *	refill		write anything (bpf.c)
 *	time		write REPETITIONS PIECES (judge.c); read the result
 *	throughput	write MILLISECONDS CPU... (throughput.c); read the
 *			result
 *	round_trip	write CPU CPU (round_trip.c); read nanoseconds
 *
 * A written command is carried out before write(2) returns.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bench.h"

#define MAX_WRITE	(64 * 1024)
#define RESULT_SIZE	PAGE_SIZE

static DEFINE_MUTEX(lock);	/* one command at a time */
static struct bench_packets packets;
static char time_result[RESULT_SIZE];
static char throughput_result[RESULT_SIZE];
static char round_trip_result[RESULT_SIZE];
static struct dentry *dir;

static struct net *caller_net(void)
{
	return current->nsproxy->net_ns;
}

static int packets_open(struct inode *inode, struct file *file)
{
	if (file->f_flags & O_TRUNC) {
		mutex_lock(&lock);
		bench_packets_clear(&packets);
		mutex_unlock(&lock);
	}
	return 0;
}

static int add_lines(char *text)
{
	char *line;
	int err;

	while ((line = strsep(&text, "\n")) && text) {
		err = bench_packets_add(&packets, line);
		if (err)
			return err;
	}
	return 0;
}

/* Takes whole lines only: write(2) returns how much that was. */
static ssize_t packets_write(struct file *file, const char __user *from,
			     size_t size, loff_t *pos)
{
	char *text;
	char *end;
	int err;

	size = min_t(size_t, size, MAX_WRITE);
	text = memdup_user_nul(from, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	end = strrchr(text, '\n');
	if (end) {
		end[1] = '\0';
		size = end + 1 - text;
		mutex_lock(&lock);
		err = add_lines(text);
		mutex_unlock(&lock);
	} else {
		err = -EINVAL;
	}
	kfree(text);
	return err ?: size;
}

static ssize_t packets_read(struct file *file, char __user *to, size_t size,
			    loff_t *pos)
{
	char text[16];
	int len = scnprintf(text, sizeof(text), "%u\n", packets.n);

	return simple_read_from_buffer(to, size, pos, text, len);
}

static const struct file_operations packets_fops = {
	.owner	= THIS_MODULE,
	.open	= packets_open,
	.write	= packets_write,
	.read	= packets_read,
};

/* The one line that is written to the other files; kfree() it. */
static char *take_line(const char __user *from, size_t size)
{
	char *line;

	if (size >= PAGE_SIZE)
		return ERR_PTR(-EINVAL);
	line = memdup_user_nul(from, size);
	if (!IS_ERR(line))
		strim(line);
	return line;
}

static int set_hook(char *line)
{
	return bench_contender_set(caller_net(), line);
}

static int take_time(char *line)
{
	time_result[0] = '\0';
	return bench_time(caller_net(), &packets, line, time_result,
			  sizeof(time_result));
}

static int take_throughput(char *line)
{
	throughput_result[0] = '\0';
	return bench_throughput(caller_net(), &packets, line,
				throughput_result, sizeof(throughput_result));
}

static int take_round_trip(char *line)
{
	round_trip_result[0] = '\0';
	return bench_round_trip(line, round_trip_result,
				sizeof(round_trip_result));
}

static ssize_t carry_out(int (*command)(char *line), const char __user *from,
			 size_t size)
{
	char *line = take_line(from, size);
	int err;

	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	err = command(line);
	mutex_unlock(&lock);
	kfree(line);
	return err ?: size;
}

static ssize_t hook_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	return carry_out(set_hook, from, size);
}

#ifdef CONFIG_BPF_SYSCALL
static ssize_t refill_write(struct file *file, const char __user *from,
			    size_t size, loff_t *pos)
{
	bench_bpf_refill();
	return size;
}

static const struct file_operations refill_fops = {
	.owner	= THIS_MODULE,
	.write	= refill_write,
};
#endif

static ssize_t time_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	return carry_out(take_time, from, size);
}

static ssize_t throughput_write(struct file *file, const char __user *from,
				size_t size, loff_t *pos)
{
	return carry_out(take_throughput, from, size);
}

static ssize_t round_trip_write(struct file *file, const char __user *from,
				size_t size, loff_t *pos)
{
	return carry_out(take_round_trip, from, size);
}

static ssize_t print(const char *text, char __user *to, size_t size,
		     loff_t *pos)
{
	ssize_t len;

	mutex_lock(&lock);
	len = simple_read_from_buffer(to, size, pos, text, strlen(text));
	mutex_unlock(&lock);
	return len;
}

static ssize_t hook_read(struct file *file, char __user *to, size_t size,
			 loff_t *pos)
{
	char text[16];
	int len;

	mutex_lock(&lock);
	len = scnprintf(text, sizeof(text), "%s\n", bench_contender_name());
	mutex_unlock(&lock);
	return simple_read_from_buffer(to, size, pos, text, len);
}

static ssize_t time_read(struct file *file, char __user *to, size_t size,
			 loff_t *pos)
{
	return print(time_result, to, size, pos);
}

static ssize_t throughput_read(struct file *file, char __user *to, size_t size,
			       loff_t *pos)
{
	return print(throughput_result, to, size, pos);
}

static ssize_t round_trip_read(struct file *file, char __user *to, size_t size,
			       loff_t *pos)
{
	return print(round_trip_result, to, size, pos);
}

static const struct file_operations hook_fops = {
	.owner	= THIS_MODULE,
	.write	= hook_write,
	.read	= hook_read,
};

static const struct file_operations time_fops = {
	.owner	= THIS_MODULE,
	.write	= time_write,
	.read	= time_read,
};

static const struct file_operations throughput_fops = {
	.owner	= THIS_MODULE,
	.write	= throughput_write,
	.read	= throughput_read,
};

static const struct file_operations round_trip_fops = {
	.owner	= THIS_MODULE,
	.write	= round_trip_write,
	.read	= round_trip_read,
};

static int __init bench_init(void)
{
	dir = debugfs_create_dir("p25_bench", NULL);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	debugfs_create_file("packets", 0600, dir, NULL, &packets_fops);
	debugfs_create_file("hook", 0600, dir, NULL, &hook_fops);
#ifdef CONFIG_BPF_SYSCALL
	debugfs_create_file("refill", 0200, dir, NULL, &refill_fops);
#endif
	debugfs_create_file("time", 0600, dir, NULL, &time_fops);
	debugfs_create_file("throughput", 0600, dir, NULL, &throughput_fops);
	debugfs_create_file("round_trip", 0600, dir, NULL, &round_trip_fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
	bench_contender_clear();
	bench_packets_clear(&packets);
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("Times netfilter hooks");
MODULE_LICENSE("GPL");
