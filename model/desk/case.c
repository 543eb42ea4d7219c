// Statements about cases and the reading of their rows.
#include "model/desk/case.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const case_queue_names[CASE_QUEUES + 1] = {[QUEUE_MINE] = "Mine",
	[QUEUE_FREE] = "Unassigned",
	[QUEUE_BREACHING] = "Breaching",
	[QUEUE_WORKING] = "All",
	[QUEUE_RESOLVED] = "Resolved"};

#define WORKING "c.state IN ('new', 'open', 'waiting_member')"

// A page behind (after ">") or before a place. Going backwards the last rows come first, and are turned round
// outside.
#define CASE_PAGE(filter, sorted, after, order, again)                                                       \
	"SELECT x.member_id, x.case_no, m.number, btrim(m.given_name || ' ' || m.family_name) AS member, "   \
	"x.title, x.state,"                                                                                  \
	" x.priority, x.owner, x.age_s, x.due_s, x.version, x.at::text AS at FROM ("                         \
	"SELECT c.member_id, c.case_no, c.title, c.state, c.priority, coalesce(c.owner, '') AS owner, "      \
	"c.version,"                                                                                         \
	" extract(epoch FROM now() - c.opened_at)::bigint AS age_s, c." sorted " AS at,"                     \
	" CASE WHEN " WORKING                                                                                \
	" THEN extract(epoch FROM c.due_at - now()) ELSE extract(epoch FROM now() - c.resolved_at)"          \
	" END::bigint AS due_s"                                                                              \
	" FROM loyalty.member_case c WHERE " filter " AND (c." sorted ", c.member_id, c.case_no) " after     \
	" ($1::timestamptz, $2::bigint, $3::int)"                                                            \
	" ORDER BY c." sorted " " order ", c.member_id " order ", c.case_no " order " LIMIT $4"              \
	") x JOIN loyalty.member m ON m.member_id = x.member_id"                                             \
	" ORDER BY x.at " again ", x.member_id " again ", x.case_no " again

#define MINE "c.owner = session_user AND " WORKING
#define FREE "c.owner IS NULL AND " WORKING
#define BREACHING WORKING " AND c.due_at < now()"
#define RESOLVED "c.state IN ('resolved', 'closed')"

static const struct {
	const char *forwards, *backwards;
	bool is_falling; // the newest first
} queues[CASE_QUEUES] = {
	[QUEUE_MINE] = {CASE_PAGE(MINE, "due_at", ">", "ASC", "ASC"),
		CASE_PAGE(MINE, "due_at", "<", "DESC", "ASC"), false},
	[QUEUE_FREE] = {CASE_PAGE(FREE, "due_at", ">", "ASC", "ASC"),
		CASE_PAGE(FREE, "due_at", "<", "DESC", "ASC"), false},
	[QUEUE_BREACHING] = {CASE_PAGE(BREACHING, "due_at", ">", "ASC", "ASC"),
		CASE_PAGE(BREACHING, "due_at", "<", "DESC", "ASC"), false},
	[QUEUE_WORKING] = {CASE_PAGE(WORKING, "due_at", ">", "ASC", "ASC"),
		CASE_PAGE(WORKING, "due_at", "<", "DESC", "ASC"), false},
	[QUEUE_RESOLVED] = {CASE_PAGE(RESOLVED, "changed_at", "<", "DESC", "DESC"),
		CASE_PAGE(RESOLVED, "changed_at", ">", "ASC", "DESC"), true},
};

// "2026-11-22 02:13:57.123456+00|1234|5": where a row stands in its queue. *length: of the moment.
static bool key_split(const char *key, size_t *length, struct case_id *id)
{
	*length = strcspn(key, "|");
	return *length < ASK_SHORT &&
	       sscanf(key + *length, "|%" SCNd64 "|%d", &id->member_id, &id->case_no) == 2;
}

bool case_key_read(const char *key, struct case_id *id)
{
	size_t length;
	return key_split(key, &length, id);
}

void case_list(struct ask *ask, enum case_queue queue, const struct page *page)
{
	bool is_back = page->from == PAGE_LAST || page->from == PAGE_BEFORE;
	bool is_from_end = is_back != queues[queue].is_falling; // of time
	const char *at = is_from_end ? "infinity" : "-infinity";
	struct case_id id = {is_from_end ? INT64_MAX : 0, is_from_end ? INT32_MAX : 0};
	size_t length = strlen(at);
	if (page->from >= PAGE_AFTER && key_split(page->key, &length, &id)) {
		at = page->key;
		if (page->from == PAGE_FROM) // behind the place just before it
			id.case_no += queues[queue].is_falling ? 1 : -1;
	}
	ask_init(ask, is_back ? queues[queue].backwards : queues[queue].forwards);
	ask_short(ask, at, length);
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
	ask_number(ask, page->rows);
}

void case_row_read(const struct result *r, int row, struct case_row *out)
{
	*out = (struct case_row){
		.id = {result_int64(r, row, 0), (int)result_int64(r, row, 1)},
		.number = result_int64(r, row, 2),
		.member = result_text(r, row, 3),
		.title = result_text(r, row, 4),
		.state = result_text(r, row, 5),
		.priority = (int)result_int64(r, row, 6),
		.owner = result_text(r, row, 7),
		.age_s = result_int64(r, row, 8),
		.due_s = result_int64(r, row, 9),
		.version = (int)result_int64(r, row, 10),
	};
	snprintf(out->key, sizeof out->key, "%s|%" PRId64 "|%d", result_text(r, row, 11), out->id.member_id,
		out->id.case_no);
}

const char *case_priority_word(int priority)
{
	return priority == 1 ? "high" : priority == 3 ? "low" : "normal";
}

void case_counts(struct ask *ask)
{
	ask_init(ask,
		"SELECT coalesce(sum(n.working) FILTER (WHERE n.owner = session_user), 0)::bigint,"
		" coalesce(sum(n.working) FILTER (WHERE n.owner = ''), 0)::bigint,"
		" (SELECT count(*) FROM (SELECT FROM loyalty.member_case c WHERE " BREACHING " LIMIT $1) x),"
		" coalesce(sum(n.working), 0)::bigint FROM loyalty.case_count n");
	ask_number(ask, CASE_BREACHING_MOST);
}

void case_counts_read(const struct result *r, int64_t counts[CASE_QUEUES])
{
	for (int i = 0; i < QUEUE_RESOLVED; i++)
		counts[i] = result_int64(r, 0, i);
	counts[QUEUE_RESOLVED] = -1;
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

void case_open(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT m.number, c.version, c.priority, c.articles, c.events, " WORKING " AS working,"
		" extract(epoch FROM c.due_at - now())::bigint AS due_s, c.first_answer_at IS NOT NULL AS "
		"answered, c.title,"
		" c.state, coalesce(c.owner, '') AS owner, c.channel, c.opened_by, " MOMENT(
			"c.opened_at") " AS opened_at,"
				       " coalesce(c.resolved_by, '') AS resolved_by, " MOMENT(
					       "c.resolved_at") " AS resolved_at,"
								" coalesce(c.cause, '') AS cause, "
								"coalesce(c.outcome, '') AS outcome, "
								"c.member_id, c.case_no"
								" FROM loyalty.member_case c JOIN "
								"loyalty.member m USING (member_id) WHERE "
								"c.member_id = $1 AND c.case_no = $2",
		id);
}

static void copy(char *out, size_t size, const struct result *result, const char *column)
{
	snprintf(out, size, "%s", result_text(result, 0, result_column(result, column)));
}

bool case_head_read(const struct result *r, struct case_head *head)
{
	if (!result_rows(r))
		return false;
	*head = (struct case_head){
		.id = {result_int64(r, 0, 18), (int)result_int64(r, 0, 19)},
		.number = result_int64(r, 0, 0),
		.version = result_int64(r, 0, 1),
		.priority = (int)result_int64(r, 0, 2),
		.articles = (int)result_int64(r, 0, 3),
		.events = (int)result_int64(r, 0, 4),
		.is_working = result_bool(r, 0, 5),
		.due_s = result_int64(r, 0, 6),
		.is_answered = result_bool(r, 0, 7),
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
	return true;
}

static const char *const article_words[ARTICLE_KINDS] = {[ARTICLE_FROM_MEMBER] = "from_member",
	[ARTICLE_TO_MEMBER] = "to_member",
	[ARTICLE_INTERNAL] = "internal"};

void case_articles(struct ask *ask, struct case_id id)
{
	ask_case(ask,
		"SELECT * FROM (SELECT a.kind, coalesce(s.name, a.author), a.body, " MOMENT(
			"a.written_at") ", a.article_no"
					" FROM loyalty.case_article a LEFT JOIN loyalty.staff s ON s.login = "
					"a.author"
					" WHERE a.member_id = $1 AND a.case_no = $2 ORDER BY a.article_no "
					"DESC LIMIT $3) x ORDER BY article_no",
		id);
	ask_number(ask, CASE_ARTICLES_MOST);
}

void case_article_read(const struct result *r, int row, struct case_article *article)
{
	const char *word = result_text(r, row, 0);
	int kind = 0;
	while (kind < ARTICLE_INTERNAL && strcmp(word, article_words[kind]) != 0)
		kind++;
	*article = (struct case_article){.kind = (enum article_kind)kind,
		.author = result_text(r, row, 1),
		.body = result_text(r, row, 2),
		.at = result_text(r, row, 3)};
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
		"AND " WORKING "),"
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
