// Health: workers, the night, what waits to be posted, failed events, the proof of the ledger, and the
// database's version.
#include "model/desk/health.h"
#include "model/outbox/outbox.h"
#include "model/posting/night.h"
#include "model/report/job.h"
#include "screens/desk.h"
#include "screens/span.h"
#include "screens/ui/detail.h"
#include "screens/ui/list.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TAG_LOAD = 1, TAG_EVENT };
enum {
	RESULT_WORKERS,
	RESULT_NIGHT,
	RESULT_PROOFS,
	RESULT_OUTBOX,
	RESULT_REPORTS,
	RESULT_BACKLOG,
	RESULT_FAILED
};

struct health {
	struct detail detail; // workers, night, backlog, proofs
	struct list failed;
	uint32_t failed_ticket;
	bool is_stale;
	char doing[32];
	int64_t member_id, seq; // of the event that a question is about
};

static const struct column failed_columns[] = {
	{.title = "Event", .width = 9},
	{.title = "Member", .width = 20, .flex = 1},
	{.title = "Type", .width = 10},
	{.title = "Tried", .width = 5, .align = ALIGN_RIGHT},
	{.title = "Why it failed", .width = 20, .flex = 4},
};
enum { FAILED_COLUMNS = sizeof failed_columns / sizeof failed_columns[0] };

static void load(struct screen *s);

static void failed_ask_rows(struct list *l, const struct rows_request *request)
{
	struct health *h = l->payload;
	struct rows none = {0};
	if (request->ask != ROWS_FIRST) { // all there are were read at once
		list_answer(l, request->ticket, &none);
		return;
	}
	h->failed_ticket = request->ticket;
	load(l->screen);
}

static const struct list_spec failed_spec = {
	.columns = failed_columns,
	.column_count = FAILED_COLUMNS,
	.what = "health",
	.empty = "No event has failed.",
	.ask = failed_ask_rows,
};

// Who may not see members sees no events either.
static bool sees_events(const struct screen *s)
{
	const struct facts *facts = desk_facts(s);
	return facts->is_known && s->ui->rights & DESK_MAY_SERVE;
}

static void load(struct screen *s)
{
	struct health *h = s->state;
	struct ask workers, night, proofs, outbox, reports, backlog, failed;
	if (desk_pending(s, TAG_LOAD)) {
		h->is_stale = true;
		return;
	}
	h->is_stale = false;
	workers_ask(&workers);
	night_ask(&night);
	proofs_ask(&proofs);
	outbox_health_ask(&outbox);
	report_health_ask(&reports);
	backlog_ask(&backlog);
	failed_ask(&failed);
	struct desk_request request = {.tag = TAG_LOAD,
		.asks = {&workers, &night, &proofs, &outbox, &reports, &backlog, &failed},
		.is_read = true};
	if (!sees_events(s))
		request.asks[RESULT_BACKLOG] = NULL;
	desk_send(s, &request);
}

static void add_workers(struct detail *d, const struct result *r)
{
	struct worker_row w;
	char age[SPAN_TEXT], up[SPAN_TEXT];
	detail_add(d, ROLE_HEADER, 0, NULL, "Workers");
	if (!result_rows(r))
		detail_add(d, ROLE_BAD, 2, NULL,
			"none has ever run: events are taken in but not posted; start `loyalty worker`");
	for (int row = 0; row < result_rows(r); row++) {
		workers_row(&w, r, row);
		bool is_late = w.age_s > WORKER_LATE_S;
		detail_format(d, is_late ? ROLE_BAD : ROLE_GOOD, 2, NULL,
			"%s %s: heard %s ago, %" PRId64 " posted, %" PRId64 " failed, last batch %" PRId64
			" ms%s%s, up %s%s%s",
			is_late ? "LOST" : "ok", w.worker, span_text(w.age_s, age), w.posted, w.failed,
			w.batch_ms, *w.doing ? ", " : "", w.doing, span_text(w.up_s, up),
			*w.version ? ", version " : "", w.version);
	}
}

static void add_night(struct detail *d, const struct result *r)
{
	struct night_progress night;
	char text[NIGHT_TEXT];
	night_take(&night, r);
	detail_add(d, ROLE_HEADER, 0, NULL, "Members whose day has come");
	detail_add(d, night.day == DAY_NONE || night.is_over ? ROLE_TEXT : ROLE_WARNING, 2, NULL,
		night_text(&night, text, sizeof text));
}

static void add_proofs(struct detail *d, const struct result *r)
{
	struct proof_row p;
	char age[SPAN_TEXT];
	detail_add(d, ROLE_HEADER, 0, NULL, "Proof of the ledger");
	if (!result_rows(r))
		detail_add(d, ROLE_WARNING, 2, NULL, "not proven yet; `loyalty verify` does");
	for (int row = 0; row < result_rows(r) && row < 3; row++) {
		proofs_row(&p, r, row);
		detail_format(d, p.broken ? ROLE_BAD : ROLE_GOOD, 2, NULL,
			"%s %s ago (%s) by %s: %" PRId64 " members, %" PRId64 " entries, %" PRId64
			" replayed, %" PRId64 " broken%s%s",
			p.broken ? "BROKEN" : "whole", span_text(p.age_s, age), p.at, p.by, p.members,
			p.entries, p.replayed, p.broken, p.broken ? ": " : "",
			p.broken ? p.first_broken : "");
	}
}

static void add_backlog(struct detail *d, const struct result *r)
{
	struct backlog b;
	char age[SPAN_TEXT], oldest[SPAN_TEXT + 16] = "none waits";
	backlog_take(&b, r);
	if (b.oldest_s >= 0)
		snprintf(oldest, sizeof oldest, "oldest %s", span_text(b.oldest_s, age));
	detail_add(d, ROLE_HEADER, 0, NULL, "Waiting to be posted");
	detail_format(d, b.oldest_s > 60 ? ROLE_BAD : ROLE_TEXT, 2, NULL,
		"%" PRId64 "%s people wait for (%s), %" PRId64 "%s in bulk, %" PRId64 " failed and set aside",
		b.waiting, b.waiting >= BACKLOG_MOST ? "+" : "", oldest, b.bulk,
		b.bulk >= BACKLOG_MOST ? "+" : "", b.failed);
}

static void add_outbox(struct detail *d, const struct result *r)
{
	struct outbox_health o;
	char age[SPAN_TEXT];
	outbox_health_take(&o, r);
	detail_add(d, ROLE_HEADER, 0, NULL, "Messages to members");
	detail_format(d, o.failed || o.uncertain ? ROLE_BAD : ROLE_TEXT, 2, NULL,
		"%" PRId64 "%s wait%s%s, %" PRId64 " failed, %" PRId64 " uncertain%s", o.waiting,
		o.waiting >= OUTBOX_MOST ? "+" : "", o.due_s >= 0 ? ", the first for " : "",
		o.due_s >= 0 ? span_text(o.due_s, age) : "", o.failed, o.uncertain,
		o.failed || o.uncertain ? ": `loyalty outbox list`" : "");
	if (o.senders == 0)
		detail_add(d, o.due_s >= 0 ? ROLE_WARNING : ROLE_TEXT, 2, NULL,
			"no worker that runs has a mail command: messages wait; see mail in loyalty.conf");
	else if (*o.why)
		detail_format(d, ROLE_WARNING, 2, NULL, "last try: %s", o.why);
}

static void add_reports(struct detail *d, const struct result *r)
{
	struct report_health reports;
	report_health_take(&reports, r);
	bool is_bad = reports.unwritten || reports.undelivered;
	if (!reports.scheduled && !is_bad)
		return;
	detail_add(d, ROLE_HEADER, 0, NULL, "Reports");
	detail_format(d, is_bad ? ROLE_BAD : ROLE_TEXT, 2, NULL,
		"%" PRId64 " scheduled%s%s, %" PRId64 " not written, %" PRId64 " not delivered%s",
		reports.scheduled, *reports.next ? ", the next on " : "", reports.next, reports.unwritten,
		reports.undelivered, is_bad ? ": `loyalty report scheduled`" : "");
	if (*reports.why)
		detail_format(d, ROLE_WARNING, 2, NULL, "%s", reports.why);
}

static void add_database(struct screen *s, struct detail *d)
{
	const struct facts *facts = desk_facts(s);
	bool is_current = facts->migration == facts->migrations;
	detail_add(d, ROLE_HEADER, 0, NULL, "Database");
	detail_format(d, is_current ? ROLE_GOOD : ROLE_BAD, 2, NULL,
		"PostgreSQL %s, %s; schema %d of %d, %s; programme %s", facts->server, facts->database,
		facts->migration, facts->migrations,
		is_current ? "current" : "NOT current: run `loyalty migrate`",
		*facts->programme ? facts->programme : "none loaded");
}

static bool add_failed(struct rows *rows, const struct result *r, int row)
{
	struct failed_event f;
	char key[64], event[24], member[200], tried[24];
	failed_row(&f, r, row);
	snprintf(key, sizeof key, "%" PRId64 "/%" PRId64, f.member_id, f.seq);
	snprintf(event, sizeof event, "%" PRId64, f.seq);
	snprintf(member, sizeof member, "%" PRId64 " %s", f.number, f.name);
	snprintf(tried, sizeof tried, "%" PRId64, f.attempts);
	const char *cells[FAILED_COLUMNS] = {event, member, f.type, tried, f.reason};
	return rows_add(rows, key, ROLE_BAD, cells, FAILED_COLUMNS);
}

// The list of failed events asks, but workers and proofs come with the same answer.
static void take_failed(struct screen *s, const struct result *r)
{
	struct health *h = s->state;
	struct rows rows = {0};
	bool is_complete = true;
	for (int row = 0; r && row < result_rows(r) && is_complete; row++)
		is_complete = add_failed(&rows, r, row);
	if (!is_complete)
		screen_say(s, ROLE_BAD, "Out of memory: not all failed events are shown");
	list_answer(&h->failed, h->failed_ticket, &rows);
	h->failed.at_end = true;
}

static void take_load(struct screen *s, const struct answer *answer)
{
	struct health *h = s->state;
	if (!desk_good(s, answer, "looking at workers and ledger")) {
		list_failed(&h->failed, h->failed_ticket);
		return;
	}
	bool has_events = answer->count > RESULT_BACKLOG;
	detail_clear(&h->detail);
	add_workers(&h->detail, answer->results[RESULT_WORKERS]);
	add_night(&h->detail, answer->results[RESULT_NIGHT]);
	if (has_events)
		add_backlog(&h->detail, answer->results[RESULT_BACKLOG]);
	add_proofs(&h->detail, answer->results[RESULT_PROOFS]);
	add_outbox(&h->detail, answer->results[RESULT_OUTBOX]);
	add_reports(&h->detail, answer->results[RESULT_REPORTS]);
	add_database(s, &h->detail);
	take_failed(s, has_events ? answer->results[RESULT_FAILED] : NULL);
	if (h->is_stale)
		list_refresh(&h->failed);
}

static void health_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct health *h = s->state;
	switch (news->kind) {
	case DESK_FACTS: // the first load went out before it was known what may be seen
		if (sees_events(s))
			list_refresh(&h->failed);
		break;
	case DESK_CHANGED:
		if (news->channel != DESK_CASE && news->channel != DESK_APPROVAL && news->channel != DESK_INSIGHT)
			list_refresh(&h->failed);
		break;
	case DESK_ANSWERED:
		if (news->tag == TAG_LOAD)
			take_load(s, news->answer);
		else if (desk_good(s, news->answer, h->doing)) {
			screen_say(s, ROLE_GOOD, "Done: %s", h->doing);
			list_refresh(&h->failed);
		}
		break;
	}
}

static void send_event(struct screen *s, const struct ask *ask, const char *doing)
{
	struct health *h = s->state;
	snprintf(h->doing, sizeof h->doing, "%s", doing);
	desk_send(s, &(struct desk_request){.tag = TAG_EVENT, .what = h->doing, .asks = {ask}});
}

static void cancel_event(struct screen *s, void *payload)
{
	(void)payload;
	const struct health *h = s->state;
	struct ask ask;
	failed_cancel_ask(&ask, h->member_id, h->seq);
	send_event(s, &ask, "giving the event up");
}

static void act_on_event(struct screen *s, int action)
{
	struct health *h = s->state;
	const struct row *row = list_selected(&h->failed);
	struct ask ask;
	char text[200];
	if (!row || !desk_may_write(s) ||
		sscanf(row->key, "%" SCNd64 "/%" SCNd64, &h->member_id, &h->seq) != 2)
		return;
	if (action == ACTION_EVENT_RETRY) {
		failed_retry_ask(&ask, h->member_id, h->seq);
		send_event(s, &ask, "posting the event again");
		return;
	}
	snprintf(text, sizeof text, "Event %s of member %.80s will never be posted. This cannot be undone.",
		row->cells[0], row->cells[1]);
	dialog_confirm(s,
		&(struct question){
			.title = "Give the event up?", .text = text, .yes = "Give up", .no = "Keep"},
		cancel_event, NULL);
}

static bool health_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct health *h = s->state;
	detail_init(&h->detail, s);
	return list_init(&h->failed, &failed_spec, s, h);
}

static void health_close(struct screen *s)
{
	struct health *h = s->state;
	desk_forget(s);
	detail_free(&h->detail);
	list_free(&h->failed);
}

static struct area failed_area(struct area a)
{
	int height = a.height / 3;
	return area_rows(a, a.height - height, height);
}

static struct area detail_area(struct area a)
{
	return area_columns(area_rows(a, 0, a.height - failed_area(a).height - 1), 1, a.width - 2);
}

static void health_layout(struct screen *s, struct area a)
{
	struct health *h = s->state;
	detail_layout(&h->detail, detail_area(a));
	list_layout(&h->failed, failed_area(a));
}

static void health_draw(const struct screen *s, struct area a)
{
	const struct health *h = s->state;
	detail_draw(&h->detail, detail_area(a));
	draw_rule(a, detail_area(a).height, "Failed events");
	list_draw(&h->failed, failed_area(a));
}

static enum did health_act(struct screen *s, int action, int count)
{
	struct health *h = s->state;
	int64_t member_id, seq;
	const char *key = list_selected_key(&h->failed);
	switch (action) {
	case ACTION_EVENT_RETRY:
	case ACTION_EVENT_CANCEL:
		act_on_event(s, action);
		return DID;
	case ACTION_OPEN:
		if (!key || sscanf(key, "%" SCNd64 "/%" SCNd64, &member_id, &seq) != 2)
			return NOT_MINE;
		screen_open(s->ui, &member_screen, &member_id);
		return DID;
	}
	enum did did = list_act(&h->failed, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *health_disabled(const struct screen *s, int action)
{
	const struct health *h = s->state;
	if (action != ACTION_EVENT_RETRY && action != ACTION_EVENT_CANCEL && action != ACTION_OPEN)
		return NULL;
	if (!list_selected(&h->failed))
		return "no failed event is selected";
	if (action == ACTION_OPEN)
		return NULL;
	return s->ui->rights & DESK_MAY_DECIDE ? NULL : "managers and administrators decide";
}

static void health_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Health");
}

static const int health_actions[] = {
	ACTION_EVENT_RETRY, ACTION_EVENT_CANCEL, ACTION_OPEN, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops health_screen = {
	.name = "health",
	.help = "Workers, how the night goes, what waits to be posted, failed events, the proof of the "
		"ledger, "
		"messages to members, reports",
	.size = sizeof(struct health),
	.actions = health_actions,
	.open = health_open,
	.close = health_close,
	.answer = health_answer,
	.layout = health_layout,
	.draw = health_draw,
	.act = health_act,
	.disabled = health_disabled,
	.cancel = desk_cancel,
	.title = health_title,
};
