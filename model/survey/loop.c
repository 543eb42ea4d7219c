// What became of the cases that answers opened.
#include "model/survey/loop.h"

#include <stdio.h>

// clang-format off
static const char LOOP_SQL[] =
	"WITH newest AS (SELECT r.* FROM loyalty.survey_response r WHERE r.survey_id = $1::smallint AND r.case_no IS NOT NULL"
	" ORDER BY r.answered_at DESC LIMIT $2::int),"
	" loop AS (SELECT r.score, r.answered_at, c.first_answer_at, c.resolved_at, s.kind, s AS survey,"
	"   (SELECT n.score FROM loyalty.survey_response n WHERE n.member_id = r.member_id AND n.survey_id = r.survey_id"
	"     AND n.window_no > r.window_no ORDER BY n.window_no LIMIT 1) AS next,"
	"   c.resolved_at IS NOT NULL AND EXISTS (SELECT FROM loyalty.journal j WHERE j.member_id = r.member_id AND j.type = 'purchase'"
	"     AND j.activity_on > (c.resolved_at AT TIME ZONE loyalty.survey_zone())::date) AS is_buying,"
	"   (SELECT sum(j.amount) FROM loyalty.journal j WHERE j.member_id = r.member_id AND j.type = 'adjust' AND j.case_no = r.case_no) AS goodwill"
	"  FROM newest r JOIN loyalty.member_case c USING (member_id, case_no) JOIN loyalty.survey s USING (survey_id)),"
	" sums AS (SELECT count(*) AS cases, count(l.first_answer_at) AS answered, count(l.resolved_at) AS closed,"
	"  percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.first_answer_at - l.answered_at)::bigint) FILTER (WHERE l.first_answer_at IS NOT NULL) AS answer_s,"
	"  percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.resolved_at - l.answered_at)::bigint) FILTER (WHERE l.resolved_at IS NOT NULL) AS close_s,"
	"  count(l.next) AS again, count(*) FILTER (WHERE loyalty.survey_class(l.survey, l.next) > loyalty.survey_class(l.survey, l.score)) AS better,"
	"  count(*) FILTER (WHERE l.is_buying) AS buying, coalesce(sum(l.goodwill), 0)::bigint AS goodwill FROM loop l)"
	" SELECT s.*, trim_scale(s.goodwill / c.unit)::text || ' ' || c.code,"
	"  trim_scale(round(s.goodwill / c.unit / nullif(s.better, 0), c.decimals))::text || ' ' || c.code"
	" FROM sums s LEFT JOIN (SELECT c.code, c.decimals, power(10::numeric, c.decimals) AS unit FROM loyalty.currency c"
	"  ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1) c ON true";
// clang-format on

void survey_loop_ask(struct ask *ask, int survey_id)
{
	ask_init(ask, LOOP_SQL);
	ask_number(ask, survey_id);
	ask_number(ask, LOOP_MOST);
}

void survey_loop_read(const struct result *r, struct survey_loop *loop)
{
	*loop = (struct survey_loop){
		.cases = result_int64(r, 0, 0),
		.answered = result_int64(r, 0, 1),
		.closed = result_int64(r, 0, 2),
		.answer_s = result_is_null(r, 0, 3) ? -1 : result_int64(r, 0, 3),
		.close_s = result_is_null(r, 0, 4) ? -1 : result_int64(r, 0, 4),
		.asked_again = result_int64(r, 0, 5),
		.better = result_int64(r, 0, 6),
		.buying = result_int64(r, 0, 7),
		.goodwill = result_int64(r, 0, 8),
	};
	snprintf(loop->given, sizeof loop->given, "%s", result_text(r, 0, 9));
	snprintf(loop->each, sizeof loop->each, "%s", result_text(r, 0, 10));
}
