// Requests waiting for the connection, first come first served; the first may be under way.
#ifndef DB_QUEUE_H
#define DB_QUEUE_H
#include "db/connection.h"

struct queued {
	struct queued *next;
	uint64_t serial;
	struct request request; // its statements are copies, in the same piece of memory
	int64_t deadline_ms;    // of clock_ms(); INT64_MAX for none
	bool is_under_way;      // sent, and no answer yet
	bool was_sent;          // at least once
	bool is_cancelled;
	bool was_told; // its early answer was given
	int sendings;
};

struct queue {
	struct queued *first, **end;
	int count;
};

void queue_init(struct queue *queue);
void queue_free(struct queue *queue);
// Copies the request to the end of the queue; NULL: out of memory.
struct queued *queue_add(struct queue *queue, const struct request *request, uint64_t serial);
struct queued *queue_find(const struct queue *queue, uint64_t serial);
// Takes one out, whose memory becomes the caller's to free().
void queue_take(struct queue *queue, struct queued *taken);
#endif
