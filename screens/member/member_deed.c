// What staff do to a member's points: goodwill and its undoing; and how every such deed ended.
#include "screens/member/member.h"

#include "model/amount.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

// --- Sending, and the outcome.

bool member_deed_send(struct member *m, const struct ask *ask)
{
	m->deed.is_open = desk_send(m->screen, &(struct desk_request){.tag = TAG_DEED, .asks = {ask}});
	return m->deed.is_open;
}

bool member_deed_begin(struct member *m, enum deed_kind kind)
{
	m->deed = (struct deed){.kind = kind};
	return desk_key(m->screen, m->deed.key);
}

static void ask_watch(struct member *m)
{
	struct ask ask;

	action_watch(&ask, m->member_id, m->deed.seq);
	desk_send(m->screen,
		&(struct desk_request){.tag = TAG_WATCH, .asks = {&ask}, .is_read = true, .replaces = true});
}

static void tell_accepted(struct member *m, const struct action_outcome *outcome)
{
	const struct facts *facts = desk_facts(m->screen);
	const struct fact *currency = facts_main_currency(facts);
	int id = currency ? currency->id : 0;
	char points[POINTS_TEXT] = "", balance[POINTS_TEXT];

	if (m->deed.kind == DEED_SEGMENT || m->deed.kind == DEED_MERGE) { // which are not about a balance
		screen_say(m->screen, ROLE_GOOD, "Done: %s", m->deed.what);
		return;
	}
	if (m->deed.kind == DEED_RETURN || m->deed.kind == DEED_CANCEL)
		member_points(facts, id, outcome->points, AMOUNT_SIGNED, true, points);
	member_points(facts, id, outcome->balance, AMOUNT_PLAIN, true, balance);
	screen_say(m->screen, ROLE_GOOD, "Done: %s%s%s; balance %s.%s", m->deed.what, *points ? ", " : "",
		points, balance, m->deed.kind == DEED_GOODWILL ? " u takes it back" : "");
	if (m->deed.kind == DEED_GOODWILL)
		m->given = m->deed;
	else if (m->deed.kind == DEED_UNDO)
		m->given.kind = DEED_NONE;
}

static void tell_outcome(struct member *m, const struct action_outcome *outcome)
{
	struct screen *s = m->screen;

	m->deed.is_open = outcome->status == ACTION_STATUS_PENDING;
	switch (outcome->status) {
	case ACTION_STATUS_PENDING:
		screen_say(s, ROLE_TEXT, "Sent: %s; not posted yet", m->deed.what);
		break;
	case ACTION_STATUS_ACCEPTED:
		tell_accepted(m, outcome);
		break;
	case ACTION_STATUS_DENIED:
		screen_say(s, ROLE_BAD, "Denied: %s: %s", m->deed.what, action_why(outcome->reason));
		break;
	case ACTION_STATUS_WAITING:
		screen_say(s, ROLE_WARNING, "%s waits for approval: %s", m->deed.what, outcome->reason);
		break;
	case ACTION_STATUS_REFUSED:
		screen_say(s, ROLE_BAD, "Refused by a second person: %s. %s", m->deed.what, outcome->reason);
		break;
	case ACTION_STATUS_FAILED:
	case ACTION_STATUS_CANCELLED:
	case ACTION_STATUS_UNKNOWN:
		screen_say(s, ROLE_BAD, "Not posted: %s. %s. An administrator finds it under Health.",
			m->deed.what, outcome->reason);
	}
}

void member_deed_answer(struct member *m, const struct answer *answer)
{
	struct action_outcome outcome;

	if (answer->outcome != REQUEST_OK) {
		m->deed.is_open = false;
		form_refused(m->screen->ui, m->deed.form, NULL, desk_reason(answer->error));
		desk_good(m->screen, answer, m->deed.what);
		return;
	}
	action_outcome_read(answer->results[0], &outcome);
	form_saved(m->screen->ui, m->deed.form);
	m->deed.seq = outcome.seq;
	tell_outcome(m, &outcome);
	// It may have been posted before this answer came: the notification would have passed already.
	if (m->deed.is_open || outcome.status == ACTION_STATUS_ACCEPTED)
		ask_watch(m);
}

void member_deed_watch(struct member *m)
{
	if (m->deed.is_open && m->deed.seq)
		ask_watch(m);
}

void member_deed_watched(struct member *m, const struct answer *answer)
{
	struct action_outcome outcome;

	if (!desk_good(m->screen, answer, "asking for the outcome"))
		return;
	action_outcome_read(answer->results[0], &outcome);
	if (outcome.seq == m->deed.seq && outcome.status != ACTION_STATUS_PENDING)
		tell_outcome(m, &outcome);
}

// --- Goodwill.

static const struct form_field goodwill_fields[] = {
	{"points", "Points", FIELD_TEXT, .max = 20, .required = true,
		.help = "Above your limit it waits for a second person"},
	{"reason", "Reason", FIELD_TEXT, .max = 190, .required = true,
		.help = "Stands in the timeline and the audit"},
	{"case", "Case", FIELD_TEXT, .max = 8, .help = "Number of the case it is for, if there is one"},
};

bool member_read_points(struct form *f, const struct fact *currency, int64_t *points)
{
	if (amount_parse(form_value(f, "points"), currency->number, points) && *points > 0)
		return true;
	form_error(f, "points",
		currency->number ? "a number above 0, as 50 or 50.25" : "a whole number above 0");
	return false;
}

static bool read_case(struct form *f, int *case_no)
{
	int64_t number = 0;
	const char *text = form_value(f, "case");

	if (*text && (!amount_parse(text, 0, &number) || number < 1 || number > INT32_MAX)) {
		form_error(f, "case", "a case of this member, as 3");
		return false;
	}
	*case_no = (int)number;
	return true;
}

static bool send_goodwill(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const struct fact *currency = facts_main_currency(desk_facts(s));
	int64_t points;
	int case_no;
	char amount[AMOUNT_SIZE];
	struct ask ask;

	if (!member_read_points(f, currency, &points) || !read_case(f, &case_no) || !member_deed_begin(m, DEED_GOODWILL))
		return false;
	m->deed.points = points;
	snprintf(m->deed.what, sizeof m->deed.what, "%s %s goodwill",
		amount_points(amount, points, currency->number, AMOUNT_PLAIN), currency->code);
	action_goodwill(&ask, &(struct action_goodwill){.key = m->deed.key,
				      .member_id = m->member_id,
				      .currency = currency->code,
				      .points = points,
				      .reason = form_value(f, "reason"),
				      .case_no = case_no});
	if (member_deed_send(m, &ask))
		m->deed.form = form_wait(f);
	return false;
}

void member_goodwill(struct member *m, const char *reason)
{
	static const struct form_spec spec = {
		.title = "Goodwill",
		.fields = goodwill_fields,
		.count = sizeof goodwill_fields / sizeof goodwill_fields[0],
		.save = "Give",
		.saved = send_goodwill,
	};

	if (!facts_main_currency(desk_facts(m->screen))) {
		screen_say(m->screen, ROLE_WARNING, "The programme has no currency to give");
		return;
	}
	form_open(m->screen, &spec, (const char *const[]){NULL, reason, NULL}, m);
}

static void undo_given(struct screen *s, void *payload)
{
	struct member *m = payload;
	const struct fact *currency = facts_main_currency(desk_facts(s));
	char amount[AMOUNT_SIZE], reason[80];
	struct ask ask;

	if (!currency || !member_deed_begin(m, DEED_UNDO))
		return;
	snprintf(reason, sizeof reason, "undo of goodwill %lld", (long long)m->given.seq);
	snprintf(m->deed.what, sizeof m->deed.what, "%s %s goodwill taken back",
		amount_points(amount, m->given.points, currency->number, AMOUNT_PLAIN), currency->code);
	action_goodwill(&ask, &(struct action_goodwill){.key = m->deed.key,
				      .member_id = m->member_id,
				      .currency = currency->code,
				      .points = -m->given.points,
				      .reason = reason});
	member_deed_send(m, &ask);
}

void member_undo(struct member *m)
{
	char text[300];

	snprintf(text, sizeof text, "%s is taken back by an entry of its own; both stay in the ledger.",
		m->given.what);
	dialog_confirm(m->screen,
		&(struct question){.title = "Take the goodwill back?", .text = text, .yes = "Take back"},
		undo_given, m);
}
