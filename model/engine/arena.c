// Memory that is filled piece by piece and freed at once.
#include "model/engine/arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 8192

struct arena_block {
	struct arena_block *previous;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

static void *memory_or_end(void *memory)
{
	if (memory == NULL) {
		fputs("loyalty: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	struct arena_block *block = arena->last;
	if (block == NULL || block->size - block->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		block = memory_or_end(calloc(1, sizeof *block + room));
		block->size = room;
		block->previous = arena->last;
		arena->last = block;
	}
	void *memory = block->data + block->used;
	block->used += size;
	return memory;
}

char *arena_copy(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(arena_alloc(arena, size), text, size);
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list values, again;
	va_start(values, format);
	va_copy(again, values);
	int length = vsnprintf(NULL, 0, format, values);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(values);
	va_end(again);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->last != NULL) {
		struct arena_block *block = arena->last;
		arena->last = block->previous;
		free(block);
	}
}

void array_reserve(void **array, int *capacity, int needed, size_t size)
{
	if (needed <= *capacity)
		return;
	int room = *capacity > 0 ? *capacity : 8;
	while (room < needed)
		room *= 2;
	*array = memory_or_end(realloc(*array, (size_t)room * size));
	*capacity = room;
}
