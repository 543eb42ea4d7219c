// Memory that is filled piece by piece and freed at once.
#ifndef ENGINE_ARENA_H
#define ENGINE_ARENA_H
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *last; // NULL: empty; no other set-up is needed
};

// Zeroed, aligned for any type, valid until arena_free. Never NULL: without memory the process ends.
void *arena_alloc(struct arena *, size_t size);
char *arena_copy(struct arena *, const char *text);
char *arena_format(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_free(struct arena *);

// Doubles *array (elements of `size` bytes) until `needed` fit. Never fails: without memory the process ends.
void array_reserve(void **array, int *capacity, int needed, size_t size);
#define ARRAY_RESERVE(array, capacity, needed)                                                               \
	array_reserve((void **)&(array), &(capacity), (needed), sizeof *(array))
#endif
