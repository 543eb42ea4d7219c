// Surveys of the demo: two years of invitations, and what was done for detractors.
#include "model/survey/demo_survey.h"

static const char SURVEYS_SQL[] =
	"SELECT loyalty.survey_create('{\"code\": \"nps\", \"name\": \"Would you recommend us?\", \"kind\": \"nps\", \"questions\": [\"How likely are you to "
	"recommend us to a friend or colleague?\"], \"ask_promoter\": \"What do you like most?\", \"ask_passive\": \"What would make it better?\", "
	"\"ask_detractor\": \"What went wrong?\", \"opens_on\": \"2024-12-01\", \"window_days\": 90, \"cooldown_days\": 60, \"case_at_most\": 6}'), "
	"loyalty.survey_create('{\"code\": \"care\", \"name\": \"How did we do?\", \"kind\": \"csat\", \"questions\": [\"How satisfied are you with how we "
	"helped you?\"], \"is_transactional\": true, \"opens_on\": \"2024-12-01\", \"window_days\": 30}')";

// On the 5th of each month a third of the members, of whom the sample is drawn.
static const char INVITATIONS_SQL[] =
	"WITH wave AS (SELECT k AS wave_no, (date '2024-12-05' + make_interval(months => k - 1) + interval '9 h') AT TIME ZONE loyalty.survey_zone() AS at "
	"FROM generate_series(1, 24) k), "
	"drawn AS (SELECT m.member_id, m.number, w.wave_no, w.at, w.at + interval '15 days' AS ends_at FROM wave w JOIN loyalty.member m "
	"ON m.enrolled_on < w.at::date - 30 AND (m.number + w.wave_no) % 3 = 0 AND abs(hashint8extended(m.number, w.wave_no)) % 100 < 30), "
	"invited AS (INSERT INTO loyalty.survey_invitation (member_id, survey_id, wave_no, invited_at, ends_at) "
	"SELECT d.member_id, s.survey_id, d.wave_no, d.at, d.ends_at FROM drawn d, loyalty.survey s WHERE s.code = 'nps' ON CONFLICT DO NOTHING RETURNING *), "
	"hashed AS (INSERT INTO loyalty.survey_token (hash, member_id, survey_id, wave_no) SELECT loyalty.survey_token_hash(format('demo-%s-%s', d.number, "
	"d.wave_no)), d.member_id, s.survey_id, d.wave_no FROM drawn d, loyalty.survey s WHERE s.code = 'nps' ON CONFLICT DO NOTHING), "
	"waves AS (INSERT INTO loyalty.survey_wave (survey_id, wave_no, sample, seed, audience, invited, ends_at, made_at) SELECT s.survey_id, d.wave_no, 30, "
	"d.wave_no, (count(*) / 0.3)::bigint, count(*), d.ends_at, d.at FROM drawn d, loyalty.survey s WHERE s.code = 'nps' GROUP BY s.survey_id, d.wave_no, "
	"d.ends_at, d.at ON CONFLICT DO NOTHING) "
	"INSERT INTO loyalty.survey_delta (survey_id, what, on_day, n) SELECT i.survey_id, 'invited', (i.invited_at AT TIME ZONE loyalty.survey_zone())::date, "
	"count(*) FROM invited i GROUP BY 1, 3";

bool demo_surveys_make(struct session *session, struct error *error)
{
	return session_execute(session, SURVEYS_SQL, NULL, 0, error) && session_execute(session, INVITATIONS_SQL, NULL, 0, error);
}

struct result *demo_survey_invited(struct session *session, struct error *error)
{
	return session_query(session,
		"SELECT m.number, i.wave_no, (i.invited_at AT TIME ZONE loyalty.survey_zone())::date - date '2000-01-01' AS invited, coalesce(t.rank, 0) AS rank, "
		"m.city FROM loyalty.survey_invitation i JOIN loyalty.member m USING (member_id) JOIN loyalty.standing s USING (member_id) LEFT JOIN "
		"loyalty.tier t USING (tier_id) ORDER BY i.wave_no, m.number",
		NULL, 0, error);
}

// Two in five; of these, one in five is still open.
#define FOLLOWED                                                                                                              \
	"SELECT r.member_id, r.survey_id, r.window_no, r.case_no, r.answered_at, abs(hashint8extended(r.member_id, 26)) % 100 AS h " \
	"FROM loyalty.survey_response r JOIN loyalty.survey s USING (survey_id) WHERE s.code = 'nps' AND r.score <= 6 AND "         \
	"r.answered_at > (SELECT max(x.answered_at) - interval '180 days' FROM loyalty.survey_response x) "                       \
	"AND abs(hashint8extended(r.member_id, 27)) % 5 < 2"

bool demo_survey_cases(struct session *session, struct error *error)
{
	static const char *const steps[] = {
		"SELECT loyalty.survey_case_open(f.member_id, f.survey_id, f.window_no) FROM (" FOLLOWED ") f WHERE f.case_no IS NULL",
		"SELECT loyalty.case_assign(f.member_id, f.case_no, NULL, 'deniz'), loyalty.case_write(f.member_id, f.case_no, md5('demo ' || f.member_id || '/' || "
		"f.window_no)::uuid, 'to_member', 'We are sorry. This is not how it should be, and we have put it right.') FROM (" FOLLOWED
		") f JOIN loyalty.member_case c USING (member_id, case_no) WHERE f.h < 80 AND c.resolved_at IS NULL",
		"SELECT loyalty.case_resolve(f.member_id, f.case_no, NULL, 'unhappy with the service', CASE WHEN f.h < 60 THEN 'kept' ELSE 'lost' END) FROM (" FOLLOWED
		") f JOIN loyalty.member_case c USING (member_id, case_no) WHERE f.h < 80 AND c.resolved_at IS NULL",
		"UPDATE loyalty.member_case c SET opened_at = f.answered_at, first_answer_at = f.answered_at + make_interval(hours => 2 + f.h::int / 4), "
		"resolved_at = f.answered_at + make_interval(hours => 20 + f.h::int * 2) FROM (" FOLLOWED
		") f WHERE c.member_id = f.member_id AND c.case_no = f.case_no AND c.state = 'resolved'",
		"SELECT loyalty.insight_cases_recount(b) FROM generate_series(0, 15) b", // of the months they are moved to
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!session_execute(session, steps[i], NULL, 0, error))
			return false;
	return true;
}
