// LISTEN on a connection of its own, which no pooler may stand before.
#ifndef DB_LISTENER_H
#define DB_LISTENER_H
#include "db/link.h"

struct channel {
	struct channel *next;
	listen_callback *callback;
	void *payload;
	bool is_asked;  // LISTEN is on its way
	bool is_heard;  // the server has taken it
	bool was_heard; // at some time before
	char name[];
};

struct listener {
	struct link link;
	struct channel *channels;
};

bool listener_init(
	struct listener *listener, const char *conninfo, const char *application_name, int connect_ms);
void listener_free(struct listener *listener);
bool listener_add(struct listener *listener, const char *channel, listen_callback *callback, void *payload);
void listener_step(struct listener *listener);
bool listener_hears(const struct listener *listener);
#endif
