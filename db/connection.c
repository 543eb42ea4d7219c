// The connection behind the screens: a queue of requests over one link, with deadlines, cancelling and
// resending.
#include "db/cancel.h"
#include "db/clock.h"
#include "db/connection.h"
#include "db/listener.h"
#include "db/queue.h"

#include <stdlib.h>
#include <string.h>

enum {
	CONNECT_MS = 5000,
	DEADLINE_MS = 15000,
	GRACE_MS = 3000,
	SENDINGS = 5, // of one request: a statement that kills its server must not do so for ever
};

// The first of the queue is under way or nothing is. While a cancel is on its way nothing new is sent, as it
// might be hit in place of what it was meant for.
struct connection {
	struct link link;
	struct listener listener;
	struct queue queue;
	uint64_t last_serial;
	struct cancel *cancel;
	int64_t give_up_ms; // when the link is given up unless the server moves; 0: not waiting for it
	bool is_setting_up, was_answered;
	const struct statement *setup;
	int setups, connect_ms, deadline_ms, grace_ms;
};

struct connection *connection_new(const struct connection_options *options)
{
	struct connection *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	const char *listen_conninfo = options->listen_conninfo ? options->listen_conninfo : options->conninfo;
	c->setup = options->setup;
	c->setups = options->setups;
	c->connect_ms = options->connect_ms ? options->connect_ms : CONNECT_MS;
	c->deadline_ms = options->deadline_ms ? options->deadline_ms : DEADLINE_MS;
	c->grace_ms = options->grace_ms ? options->grace_ms : GRACE_MS;
	queue_init(&c->queue);
	if (link_init(&c->link, options->conninfo, options->application_name, c->connect_ms) &&
		listener_init(&c->listener, listen_conninfo, options->application_name, c->connect_ms))
		return c;
	connection_free(c);
	return NULL;
}

void connection_start(struct connection *c)
{
	if (!libpq_needs_lookup(c->link.conninfo))
		link_step(&c->link);
}

void connection_free(struct connection *c)
{
	if (!c)
		return;
	cancel_free(c->cancel);
	queue_free(&c->queue);
	listener_free(&c->listener);
	link_free(&c->link);
	free(c);
}

static struct queued *under_way(const struct connection *c)
{
	return c->queue.first && c->queue.first->is_under_way ? c->queue.first : NULL;
}

static void send_next(struct connection *c)
{
	struct queued *q = c->queue.first;
	if (!q || q->is_under_way || q->is_cancelled || c->cancel || c->link.state != CONNECTION_READY)
		return;
	q->is_under_way = q->was_sent = true;
	q->sendings++;
	link_send(&c->link, q->request.statements, q->request.count, q->request.early && !q->was_told);
}

// Calls back, once. The results leave the connection before, as the callback may send and so make room for
// new ones.
static void tell(
	struct connection *c, struct queued *q, enum request_outcome outcome, const struct error *error)
{
	struct result *results[REQUEST_STATEMENTS] = {0};
	for (int i = 0; q->is_under_way && i < REQUEST_STATEMENTS; i++)
		results[i] = result_keep(&c->link.results[i]);
	struct error kept = *error;
	const struct answer answer = {.serial = q->serial,
		.outcome = outcome,
		.results = results,
		.count = q->request.count,
		.error = &kept};
	request_answer *callback = q->request.answer;
	q->request.answer = NULL;
	if (callback)
		callback(q->request.payload, &answer);
	for (int i = 0; i < REQUEST_STATEMENTS; i++)
		result_free(results[i]);
}

static void settle(
	struct connection *c, struct queued *q, enum request_outcome outcome, const struct error *error)
{
	queue_take(&c->queue, q);
	c->was_answered = true;
	tell(c, q, outcome, error);
	free(q);
}

// It stays under way until its transaction has ended, however long that takes.
static void on_early(struct connection *c)
{
	struct queued *q = under_way(c);
	if (!q || q->is_cancelled)
		return;
	q->was_told = true;
	q->deadline_ms = INT64_MAX;
	tell(c, q, REQUEST_OK, &c->link.error);
}

// Without an answer from the database.
static void settle_unanswered(struct connection *c, struct queued *q, enum request_outcome outcome)
{
	struct error error;
	switch (outcome) {
	case REQUEST_NOT_SENT:
		error_set(&error, ERROR_UNREACHABLE, "not sent: no connection in time",
			"try again in a moment", "%s", c->link.error.why);
		break;
	case REQUEST_CANCELLED:
		error_set(&error, ERROR_CANCELLED, "cancelled before it was sent", "", "%s", "");
		break;
	default:
		error_set(&error, ERROR_IN_DOUBT, "the connection was lost before the answer came",
			"look whether it was done before you do it again", "%s", c->link.error.why);
	}
	settle(c, q, outcome, &error);
}

static bool may_resend(const struct queued *q)
{
	return q->request.retry && !q->is_cancelled && q->sendings < SENDINGS;
}

static void on_lost(struct connection *c)
{
	struct queued *q = under_way(c);
	c->is_setting_up = false;
	c->give_up_ms = 0;
	cancel_free(c->cancel);
	c->cancel = NULL;
	if (!q)
		return;
	if (may_resend(q))
		q->is_under_way = false;
	else
		settle_unanswered(c, q, REQUEST_IN_DOUBT);
}

static void give_up(struct connection *c)
{
	error_set(&c->link.error, ERROR_UNREACHABLE, "the connection was given up",
		"look whether the database is overloaded or stopped", "the server did not answer in time");
	link_drop(&c->link);
	on_lost(c);
}

static void on_connected(struct connection *c)
{
	static const struct statement iso_dates = {.sql = LIBPQ_SET_ISO_DATES};
	struct statement statements[REQUEST_STATEMENTS];
	int count = 0;
	if (!libpq_has_iso_dates(c->link.pg))
		statements[count++] = iso_dates;
	for (int i = 0; i < c->setups && count < REQUEST_STATEMENTS; i++)
		statements[count++] = c->setup[i];
	if (count == 0)
		return;
	c->is_setting_up = true;
	c->give_up_ms = clock_ms() + c->connect_ms;
	link_send(&c->link, statements, count, false);
}

static void on_answered(struct connection *c)
{
	struct queued *q = under_way(c);
	const struct error *error = &c->link.error;
	if (c->is_setting_up) {
		c->is_setting_up = false;
		if (error->kind != ERROR_NONE)
			link_drop(&c->link);
		return;
	}
	if (error->kind == ERROR_NONE) {
		settle(c, q, REQUEST_OK, error);
	} else if (error->kind == ERROR_CANCELLED) {
		settle(c, q, REQUEST_CANCELLED, error);
	} else if ((q->was_told || strncmp(error->sqlstate, "40", 2) == 0) && may_resend(q)) {
		q->is_under_way = q->was_sent = false; // undone for certain
	} else {
		settle(c, q, REQUEST_SQL_ERROR, error);
	}
}

static void ask_to_cancel(struct connection *c, struct queued *q)
{
	q->is_cancelled = true;
	c->give_up_ms = clock_ms() + c->grace_ms;
	if (!c->cancel)
		c->cancel = cancel_start(c->link.pg);
}

static void step_cancel(struct connection *c)
{
	const struct queued *q = under_way(c);
	if (c->cancel && cancel_step(c->cancel)) {
		cancel_free(c->cancel);
		c->cancel = NULL;
	}
	if (!c->cancel && !c->is_setting_up && !(q && q->is_cancelled))
		c->give_up_ms = 0;
}

// What is over without an answer; true if there was one, as its callback may have changed the queue.
static bool settle_one_overdue(struct connection *c, int64_t now)
{
	for (struct queued *q = c->queue.first; q; q = q->next) {
		bool is_late = now >= q->deadline_ms;
		if (q->is_under_way && is_late && !q->is_cancelled)
			ask_to_cancel(c, q);
		if (q->is_under_way || (!is_late && !q->is_cancelled))
			continue;
		enum request_outcome unsent = q->is_cancelled ? REQUEST_CANCELLED : REQUEST_NOT_SENT;
		settle_unanswered(c, q, q->was_sent ? REQUEST_IN_DOUBT : unsent);
		return true;
	}
	return false;
}

// Making two connections at once would only make the first answer late.
static bool may_listen(const struct connection *c)
{
	return c->was_answered || !c->queue.first;
}

void connection_step(struct connection *c)
{
	enum link_event event;
	while ((event = link_step(&c->link)) != LINK_QUIET) {
		if (event == LINK_CONNECTED)
			on_connected(c);
		else if (event == LINK_EARLY)
			on_early(c);
		else if (event == LINK_ANSWERED)
			on_answered(c);
		else
			on_lost(c);
	}
	step_cancel(c);
	int64_t now = clock_ms();
	if (c->give_up_ms && now >= c->give_up_ms)
		give_up(c);
	while (settle_one_overdue(c, now))
		;
	send_next(c);
	if (may_listen(c))
		listener_step(&c->listener);
}

int connection_poll(const struct connection *c, struct pollfd *descriptors)
{
	int count = 0;
	count += link_poll(&c->link, &descriptors[count]);
	count += link_poll(&c->listener.link, &descriptors[count]);
	if (c->cancel)
		descriptors[count++] = cancel_poll(c->cancel);
	return count;
}

static int sooner(int one, int other)
{
	return one < 0 || (other >= 0 && other < one) ? other : one;
}

static int time_left(int64_t until, int64_t now)
{
	int64_t left = until - now;
	return left < 0 ? 0 : left > INT32_MAX ? -1 : (int)left;
}

int connection_timeout_ms(const struct connection *c)
{
	int64_t now = clock_ms();
	int timeout = link_timeout_ms(&c->link);
	if (c->listener.channels && may_listen(c))
		timeout = sooner(timeout, link_timeout_ms(&c->listener.link));
	if (c->give_up_ms)
		timeout = sooner(timeout, time_left(c->give_up_ms, now));
	for (const struct queued *q = c->queue.first; q; q = q->next) {
		if (!q->is_cancelled)
			timeout = sooner(timeout, time_left(q->deadline_ms, now));
		else if (!q->is_under_way)
			timeout = 0;
	}
	return timeout;
}

enum connection_state connection_state(const struct connection *c)
{
	return c->is_setting_up ? CONNECTION_CONNECTING : c->link.state;
}

const struct error *connection_error(const struct connection *c)
{
	static const struct error none;
	bool is_up = c->link.state == CONNECTION_READY || c->link.state == CONNECTION_BUSY;
	return is_up ? &none : &c->link.error;
}

bool connection_needs_password(const struct connection *c)
{
	return c->link.needs_password;
}

bool connection_password(struct connection *c, const char *password)
{
	return link_password(&c->link, password) && link_password(&c->listener.link, password);
}

const char *connection_notice(const struct connection *c)
{
	return c->link.notice.text;
}

uint64_t connection_send(struct connection *c, const struct request *request)
{
	if (request->count < 1 || request->count > REQUEST_STATEMENTS)
		return 0;
	struct queued *q = queue_add(&c->queue, request, c->last_serial + 1);
	if (!q)
		return 0;
	int deadline_ms = request->deadline_ms ? request->deadline_ms : c->deadline_ms;
	q->deadline_ms = deadline_ms < 0 ? INT64_MAX : clock_ms() + deadline_ms;
	c->last_serial = q->serial;
	send_next(c);
	return c->last_serial;
}

bool connection_cancel(struct connection *c, uint64_t serial)
{
	struct queued *q = queue_find(&c->queue, serial);
	if (!q)
		return false;
	if (q->is_under_way && !q->is_cancelled)
		ask_to_cancel(c, q);
	q->is_cancelled = true;
	return true;
}

void connection_forget(struct connection *c, uint64_t serial)
{
	struct queued *q = queue_find(&c->queue, serial);
	if (q)
		q->request.answer = NULL;
}

int connection_pending(const struct connection *c)
{
	return c->queue.count;
}

bool connection_listen(struct connection *c, const char *channel, listen_callback *callback, void *payload)
{
	return listener_add(&c->listener, channel, callback, payload);
}

bool connection_is_listening(const struct connection *c)
{
	return listener_hears(&c->listener);
}
