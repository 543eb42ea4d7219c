// LISTEN on a connection of its own: takes it up again after a loss and says what may have been missed.
#include "db/listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool listener_init(
	struct listener *listener, const char *conninfo, const char *application_name, int connect_ms)
{
	listener->channels = NULL;
	return link_init(&listener->link, conninfo, application_name, connect_ms);
}

void listener_free(struct listener *listener)
{
	while (listener->channels) {
		struct channel *next = listener->channels->next;
		free(listener->channels);
		listener->channels = next;
	}
	link_free(&listener->link);
}

static struct channel *channel_find(struct listener *listener, const char *name)
{
	struct channel *channel = listener->channels;
	while (channel && strcmp(channel->name, name) != 0)
		channel = channel->next;
	return channel;
}

// LISTEN takes no parameters, so the name is quoted here.
static bool listen_sql(struct listener *listener, const struct channel *channel, char *sql, size_t size)
{
	char *quoted = PQescapeIdentifier(listener->link.pg, channel->name, strlen(channel->name));
	if (!quoted)
		return false;
	snprintf(sql, size, "LISTEN %s", quoted);
	PQfreemem(quoted);
	return true;
}

static void ask(struct listener *listener)
{
	char sql[REQUEST_STATEMENTS][160];
	struct statement statements[REQUEST_STATEMENTS];
	int count = 0;
	if (listener->link.state != CONNECTION_READY)
		return;
	for (struct channel *c = listener->channels; c && count < REQUEST_STATEMENTS; c = c->next) {
		if (c->is_heard || !listen_sql(listener, c, sql[count], sizeof sql[count]))
			continue;
		statements[count] = (struct statement){.sql = sql[count]};
		c->is_asked = true;
		count++;
	}
	if (count > 0)
		link_send(&listener->link, statements, count, false);
}

bool listener_add(struct listener *listener, const char *name, listen_callback *callback, void *payload)
{
	struct channel *channel = channel_find(listener, name);
	if (!channel) {
		channel = calloc(1, sizeof *channel + strlen(name) + 1);
		if (!channel)
			return false;
		strcpy(channel->name, name);
		channel->next = listener->channels;
		listener->channels = channel;
	}
	channel->callback = callback;
	channel->payload = payload;
	ask(listener);
	return true;
}

static void report(struct channel *channel, enum listen_event event, const char *text)
{
	if (channel->callback)
		channel->callback(channel->payload, event, channel->name, text);
}

static void begin_hearing(struct listener *listener)
{
	if (listener->link.error.kind != ERROR_NONE) {
		link_drop(&listener->link);
		return;
	}
	for (struct channel *c = listener->channels; c; c = c->next) {
		if (!c->is_asked)
			continue;
		bool was_heard = c->was_heard;
		c->is_asked = false;
		c->is_heard = c->was_heard = true;
		report(c, was_heard ? LISTEN_MISSED : LISTEN_STARTED, "");
	}
}

static void stop_hearing(struct listener *listener)
{
	for (struct channel *c = listener->channels; c; c = c->next)
		c->is_asked = c->is_heard = false;
}

static void read_notifications(struct listener *listener)
{
	PGnotify *notify;
	while (listener->link.pg && (notify = PQnotifies(listener->link.pg)) != NULL) {
		struct channel *channel = channel_find(listener, notify->relname);
		if (channel)
			report(channel, LISTEN_NOTIFIED, notify->extra);
		PQfreemem(notify);
	}
}

void listener_step(struct listener *listener)
{
	enum link_event event;
	if (!listener->channels)
		return;
	while ((event = link_step(&listener->link)) != LINK_QUIET)
		if (event == LINK_ANSWERED)
			begin_hearing(listener);
	if (listener->link.state == CONNECTION_DOWN)
		stop_hearing(listener);
	if (listener->link.state == CONNECTION_READY || listener->link.state == CONNECTION_BUSY)
		read_notifications(listener);
	ask(listener);
}

bool listener_hears(const struct listener *listener)
{
	for (const struct channel *c = listener->channels; c; c = c->next)
		if (!c->is_heard)
			return false;
	return listener->channels != NULL;
}
