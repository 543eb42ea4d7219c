// Statements about cases and the reading of their rows.
#include "model/desk/case.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *case_priority_word(int priority)
{
	return priority == 1 ? "high" : priority == 3 ? "low" : "normal";
}

const char *case_state_word(const char *state)
{
	if (strcmp(state, "waiting_member") == 0)
		return "waiting";
	return strcmp(state, "waiting_us") == 0 ? "until date" : state;
}

static void ask_case(struct ask *ask, const char *sql, struct case_id id)
{
	ask_init(ask, sql);
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
}

#define MOMENT(column)                                                                                       \
	"coalesce(to_char(" column                                                                           \
	" AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p), 'YYYY-MM-DD HH24:MI'), '')"

// clang-format off
void case_open(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT m.number, c.version, c.priority, c.articles, c.events, c.is_working,"
		" CASE WHEN isfinite(c.due_at) THEN extract(epoch FROM c.due_at - now())::bigint END,"
		" c.first_answer_at IS NOT NULL, c.is_late, c.member_id, c.case_no,"
		" c.title, c.state, coalesce(c.owner, '') AS owner, c.channel, c.opened_by, " MOMENT("c.opened_at") " AS opened_at,"
		" coalesce(c.resolved_by, '') AS resolved_by, " MOMENT("c.resolved_at") " AS resolved_at,"
		" coalesce(c.cause, '') AS cause, coalesce(c.outcome, '') AS outcome, c.group_code,"
		" array_to_string(c.tags, ', ') AS tags, " MOMENT("c.wait_until") " AS wait_until,"
		" CASE WHEN c.first_answer_at IS NULL THEN " MOMENT("c.answer_due_at") " ELSE '' END AS answer_due,"
		" CASE WHEN c.paused_at IS NULL THEN " MOMENT("c.update_due_at") " ELSE '' END AS update_due,"
		" CASE WHEN c.paused_at IS NULL THEN " MOMENT("c.solution_due_at") " ELSE '' END AS solution_due"
		" FROM loyalty.member_case c JOIN loyalty.member m USING (member_id) WHERE c.member_id = $1 AND c.case_no = $2",
		id);
}
// clang-format on

static void copy(char *out, size_t size, const struct result *result, const char *column)
{
	snprintf(out, size, "%s", result_text(result, 0, result_column(result, column)));
}

bool case_head_read(const struct result *r, struct case_head *head)
{
	if (!result_rows(r))
		return false;
	*head = (struct case_head){
		.id = {result_int64(r, 0, 9), (int)result_int64(r, 0, 10)},
		.number = result_int64(r, 0, 0),
		.version = result_int64(r, 0, 1),
		.priority = (int)result_int64(r, 0, 2),
		.articles = (int)result_int64(r, 0, 3),
		.events = (int)result_int64(r, 0, 4),
		.is_working = result_bool(r, 0, 5),
		.is_due = !result_is_null(r, 0, 6),
		.due_s = result_int64(r, 0, 6),
		.is_answered = result_bool(r, 0, 7),
		.is_late = result_bool(r, 0, 8),
	};
	copy(head->title, sizeof head->title, r, "title");
	copy(head->state, sizeof head->state, r, "state");
	copy(head->owner, sizeof head->owner, r, "owner");
	copy(head->channel, sizeof head->channel, r, "channel");
	copy(head->opened_by, sizeof head->opened_by, r, "opened_by");
	copy(head->opened_at, sizeof head->opened_at, r, "opened_at");
	copy(head->resolved_by, sizeof head->resolved_by, r, "resolved_by");
	copy(head->resolved_at, sizeof head->resolved_at, r, "resolved_at");
	copy(head->cause, sizeof head->cause, r, "cause");
	copy(head->outcome, sizeof head->outcome, r, "outcome");
	copy(head->group, sizeof head->group, r, "group_code");
	copy(head->tags, sizeof head->tags, r, "tags");
	copy(head->wait_until, sizeof head->wait_until, r, "wait_until");
	copy(head->answer_due, sizeof head->answer_due, r, "answer_due");
	copy(head->update_due, sizeof head->update_due, r, "update_due");
	copy(head->solution_due, sizeof head->solution_due, r, "solution_due");
	return true;
}

static const char *const article_words[ARTICLE_KINDS] = {[ARTICLE_FROM_MEMBER] = "from_member",
	[ARTICLE_TO_MEMBER] = "to_member",
	[ARTICLE_INTERNAL] = "internal"};

// clang-format off
void case_articles(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT * FROM (SELECT a.kind, coalesce(s.name, a.author), a.body, " MOMENT("a.written_at") ", a.article_no, a.case_no, a.written_at,"
		" CASE a.kind WHEN 'to_member' THEN (SELECT o.state || ' ' || o.why FROM loyalty.outbox_seen o WHERE o.member_id = a.member_id"
		"  AND o.key = 'case ' || a.case_no || '/' || a.article_no) END FROM loyalty.case_article a LEFT JOIN loyalty.staff s ON s.login = a.author"
		" WHERE a.member_id = $1 AND a.case_no IN (SELECT $2::int UNION ALL SELECT c.case_no FROM loyalty.member_case c"
		"  WHERE c.member_id = $1 AND c.merged_into = $2) ORDER BY a.written_at DESC, a.case_no DESC, a.article_no DESC LIMIT $3) x"
		" ORDER BY written_at, case_no, article_no",
		id);
	ask_number(ask, CASE_ARTICLES_MOST);
}
// clang-format on

void case_article_read(const struct result *r, int row, struct case_article *article)
{
	const char *word = result_text(r, row, 0);
	int kind = 0;
	while (kind < ARTICLE_INTERNAL && strcmp(word, article_words[kind]) != 0)
		kind++;
	*article = (struct case_article){.kind = (enum article_kind)kind,
		.author = result_text(r, row, 1),
		.body = result_text(r, row, 2),
		.at = result_text(r, row, 3),
		.article_no = (int)result_int64(r, row, 4),
		.case_no = (int)result_int64(r, row, 5),
		.mail = result_text(r, row, 7)};
}

void case_steps(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT * FROM (SELECT " MOMENT(
			"e.at") ", coalesce(s.name, e.login), e.action, e.old_value, e.new_value,"
				" e.event_no FROM loyalty.case_event e LEFT JOIN loyalty.staff s ON s.login "
				"= e.login"
				" WHERE e.member_id = $1 AND e.case_no = $2 ORDER BY e.event_no DESC LIMIT "
				"$3) x ORDER BY event_no",
		id);
	ask_number(ask, CASE_ARTICLES_MOST);
}

void case_step_read(const struct result *r, int row, struct case_step *step)
{
	*step = (struct case_step){.at = result_text(r, row, 0),
		.login = result_text(r, row, 1),
		.action = result_text(r, row, 2),
		.was = result_text(r, row, 3),
		.is = result_text(r, row, 4)};
}

void case_card(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT m.number, coalesce(b.points, 0), coalesce(b.currency_id, 0), coalesce(s.tier_id, 0),"
		" (SELECT count(*) FROM loyalty.member_case c WHERE c.member_id = $1 AND c.case_no <> $2 "
		"AND c.is_working),"
		" (SELECT count(*) FROM loyalty.approval a WHERE a.member_id = $1 AND a.decision IS NULL),"
		" btrim(m.given_name || ' ' || m.family_name) AS name, m.city, m.language, m.status, "
		"m.enrolled_on,"
		" CASE WHEN isfinite(s.tier_until) THEN s.tier_until END AS tier_until, s.last_activity_on"
		" FROM loyalty.member m LEFT JOIN loyalty.standing s USING (member_id)"
		" LEFT JOIN loyalty.balance b ON b.member_id = m.member_id AND b.currency_id ="
		" (SELECT y.currency_id FROM loyalty.currency y ORDER BY y.kind <> 'redeemable', "
		"y.currency_id LIMIT 1)"
		" WHERE m.member_id = $1",
		id);
}

bool case_card_read(const struct result *r, struct case_card *card)
{
	if (!result_rows(r))
		return false;
	*card = (struct case_card){
		.number = result_int64(r, 0, 0),
		.points = result_int64(r, 0, 1),
		.currency_id = (int)result_int64(r, 0, 2),
		.tier_id = (int)result_int64(r, 0, 3),
		.other_cases = result_int64(r, 0, 4),
		.waiting = result_int64(r, 0, 5),
	};
	copy(card->name, sizeof card->name, r, "name");
	copy(card->city, sizeof card->city, r, "city");
	copy(card->language, sizeof card->language, r, "language");
	copy(card->status, sizeof card->status, r, "status");
	copy(card->enrolled_on, sizeof card->enrolled_on, r, "enrolled_on");
	copy(card->tier_until, sizeof card->tier_until, r, "tier_until");
	copy(card->last_activity_on, sizeof card->last_activity_on, r, "last_activity_on");
	return true;
}

void case_contact(struct ask *ask, int64_t member_id)
{
	ask_init(ask, "SELECT email, phone FROM loyalty.member_open($1)");
	ask_number(ask, member_id);
}

bool case_contact_read(const struct result *r, struct case_contact *contact)
{
	if (!result_rows(r))
		return false;
	*contact = (struct case_contact){.email = result_text(r, 0, 0), .phone = result_text(r, 0, 1)};
	return true;
}
