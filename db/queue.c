// Requests waiting for the connection.
#include "db/queue.h"

#include <stdlib.h>
#include <string.h>

void queue_init(struct queue *queue)
{
	*queue = (struct queue){.end = &queue->first};
}

void queue_free(struct queue *queue)
{
	while (queue->first) {
		struct queued *next = queue->first->next;
		free(queue->first);
		queue->first = next;
	}
	queue_init(queue);
}

static size_t request_size(const struct request *request, size_t *values)
{
	size_t size = 0;
	*values = 0;
	for (int i = 0; i < request->count; i++) {
		const struct statement *s = &request->statements[i];
		size += strlen(s->sql) + 1;
		*values += (size_t)s->count;
		for (int v = 0; v < s->count; v++)
			size += s->values[v] ? strlen(s->values[v]) + 1 : 0;
	}
	return size;
}

static const char *copy_text(char **room, const char *text)
{
	if (!text)
		return NULL;
	char *copy = *room;
	*room = stpcpy(copy, text) + 1;
	return copy;
}

// One piece of memory: the queued, its statements, the pointers to their values, the texts.
static struct queued *request_copy(const struct request *request)
{
	size_t values;
	size_t texts = request_size(request, &values);
	size_t statements = (size_t)request->count * sizeof(struct statement);
	struct queued *copy = calloc(1, sizeof *copy + statements + values * sizeof(char *) + texts);
	if (!copy)
		return NULL;
	struct statement *to = (struct statement *)(copy + 1);
	const char **value = (const char **)(to + request->count);
	char *room = (char *)(value + values);
	copy->request = *request;
	copy->request.statements = to;
	for (int i = 0; i < request->count; i++, to++) {
		const struct statement *from = &request->statements[i];
		*to = (struct statement){
			.sql = copy_text(&room, from->sql), .values = value, .count = from->count};
		for (int v = 0; v < from->count; v++)
			*value++ = copy_text(&room, from->values[v]);
	}
	return copy;
}

struct queued *queue_add(struct queue *queue, const struct request *request, uint64_t serial)
{
	struct queued *added = request_copy(request);
	if (!added)
		return NULL;
	added->serial = serial;
	*queue->end = added;
	queue->end = &added->next;
	queue->count++;
	return added;
}

struct queued *queue_find(const struct queue *queue, uint64_t serial)
{
	struct queued *q = queue->first;
	while (q && q->serial != serial)
		q = q->next;
	return q;
}

void queue_take(struct queue *queue, struct queued *taken)
{
	struct queued **at = &queue->first;
	while (*at != taken)
		at = &(*at)->next;
	*at = taken->next;
	if (!taken->next)
		queue->end = at;
	queue->count--;
}
