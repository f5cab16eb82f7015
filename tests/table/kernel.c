// SPDX-License-Identifier: GPL-2.0
/*
 * What is more than a line of what kernel.h has.
 */
struct kernel_clocks kernel_clocks;

static struct rcu_head *callbacks;

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->next = callbacks;
	callbacks = head;
}

void kernel_free_head(struct rcu_head *head)
{
	free(head);
}

void kernel_grace_period(void)
{
	struct rcu_head *head;

	while ((head = callbacks)) {
		callbacks = head->next;
		head->func(head);
	}
}

void *kernel_zeroed(size_t alignment, size_t size)
{
	void *memory = aligned_alloc(alignment, ALIGN(size, alignment));

	if (!memory)
		abort();
	return memset(memory, 0, size);
}

unsigned long __get_free_pages(int gfp, unsigned int order)
{
	(void)gfp;
	return (unsigned long)kernel_zeroed(PAGE_SIZE, PAGE_SIZE << order);
}

struct page *alloc_page(int gfp)
{
	(void)gfp;
	return virt_to_page(kernel_zeroed(2 * PAGE_SIZE, 2 * PAGE_SIZE));
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	return index < xa->size ? xa->entries[index] : NULL;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, int gfp)
{
	void *old = xa_load(xa, index);

	(void)gfp;
	if (index >= xa->size && entry) {
		xa->entries = realloc(xa->entries, (index + 1) * sizeof(entry));
		memset(&xa->entries[xa->size], 0,
		       (index + 1 - xa->size) * sizeof(entry));
		xa->size = index + 1;
	}
	if (index < xa->size)
		xa->entries[index] = entry;
	xa->used += !!entry - !!old;
	return old;
}

/* The first one from *@index on. */
void *xa_find(struct xarray *xa, unsigned long *index)
{
	while (*index < xa->size && !xa->entries[*index])
		++*index;
	return xa_load(xa, *index);
}

void xa_destroy(struct xarray *xa)
{
	free(xa->entries);
	*xa = (struct xarray) { };
}

/* xorshift64* */
u64 kernel_random(void)
{
	static u64 state = 25;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717;
}

/* In numbers, so that keys are the same whatever the byte order. */
void get_random_bytes(void *to, size_t size)
{
	u64 *word = to;
	u32 half;

	for (; size >= sizeof(*word); size -= sizeof(*word))
		*word++ = kernel_random();
	if (!size)
		return;
	half = kernel_random();
	memcpy(word, &half, sizeof(half));
}
