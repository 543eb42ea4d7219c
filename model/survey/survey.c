// Statements about surveys, and the reading of their rows.
#include "model/survey/survey.h"

#include <stdio.h>
#include <string.h>

#define LIST \
	"SELECT s.survey_id AS id, s.code AS survey, s.name, s.kind, CASE WHEN s.is_transactional THEN 'transactional' ELSE 'relational' END " \
	"AS about, s.opens_on AS opens, s.closes_on AS closes, CASE WHEN loyalty.business_day() < s.opens_on THEN 'not open yet' " \
	"WHEN loyalty.business_day() > s.closes_on THEN 'closed' ELSE 'open' END AS state FROM loyalty.survey s "

void survey_list(struct ask *ask)
{
	ask_init(ask, LIST "ORDER BY (loyalty.business_day() <= coalesce(s.closes_on, 'infinity')) DESC, s.kind <> 'nps', "
			   "s.is_transactional, s.opens_on DESC, s.survey_id DESC");
}

void survey_read(const struct result *r, int row, struct survey *survey)
{
	*survey = (struct survey){.id = (int)result_int64(r, row, 0),
		.kind = survey_kind_of(result_text(r, row, 3)),
		.is_transactional = strcmp(result_text(r, row, 4), "transactional") == 0,
		.closes = DAY_NONE,
		.is_open = strcmp(result_text(r, row, 7), "open") == 0};
	snprintf(survey->code, sizeof survey->code, "%s", result_text(r, row, 1));
	snprintf(survey->name, sizeof survey->name, "%s", result_text(r, row, 2));
	day_parse(result_text(r, row, 5), &survey->opens);
	day_parse(result_text(r, row, 6), &survey->closes);
}

void survey_find(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT s.code AS survey, s.name, s.kind, s.is_transactional AS transactional, array_to_string(s.questions, ' / ') AS "
		      "question, s.ask_promoter, s.ask_passive, s.ask_detractor, s.opens_on AS opens, s.closes_on AS closes, s.window_days, "
		      "s.cooldown_days, s.link_days, s.sample, s.quota, s.case_at_most, CASE WHEN s.case_at_most IS NOT NULL THEN "
		      "s.case_priority END AS case_priority, s.case_owner, s.case_group, s.made_by, s.made_at::date AS made_on FROM loyalty.survey s "
		      "WHERE s.code = $1");
	ask_text(ask, code);
}

void survey_waves(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT w.wave_no AS wave, w.made_at::date AS invited_on, w.sample, w.condition, w.audience, w.invited, "
		      "w.quota, w.ends_at::date AS ends_on, w.made_by AS by FROM loyalty.survey_wave w JOIN loyalty.survey s USING (survey_id) "
		      "WHERE s.code = $1 ORDER BY w.wave_no DESC");
	ask_text(ask, code);
}

void survey_fates(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT CASE c.dimension WHEN 'all' THEN 'taken' ELSE c.value END AS fate, sum(c.n) AS answers FROM "
		      "loyalty.survey_count c JOIN loyalty.survey s USING (survey_id) WHERE s.code = $1 AND c.grain = 'm' AND c.dimension IN "
		      "('all', 'refused') GROUP BY c.dimension, 1 ORDER BY c.dimension, 2 DESC");
	ask_text(ask, code);
}

void survey_letter_set(struct ask *ask, const char *code, const struct survey_letter *letter)
{
	ask_init(ask, "SELECT loyalty.survey_letter_set($1, $2, $3, $4, $5)");
	ask_text(ask, code);
	ask_text(ask, letter->subject);
	ask_text(ask, letter->body);
	ask_text(ask, letter->link);
	ask_text(ask, letter->language);
}

void survey_after_case(struct ask *ask, const char *code, const char *group, int hours)
{
	ask_init(ask, "SELECT loyalty.case_survey_set($1, $2, $3)");
	ask_text(ask, code);
	ask_text(ask, group);
	ask_number(ask, hours);
}

void survey_rules(struct ask *ask)
{
	ask_init(ask, "SELECT coalesce(nullif(r.group_code, ''), 'all others') AS \"group\", s.code AS survey, r.after_hours, r.made_by AS by, "
		      "r.made_at::date AS since FROM loyalty.case_survey r JOIN loyalty.survey s USING (survey_id) ORDER BY r.group_code = '', 1");
}

void survey_case_fates(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT concat_ws(': ', a.state, nullif(a.why, '')) AS after_case, count(*) AS cases FROM loyalty.case_survey_ask a "
		      "JOIN loyalty.survey s USING (survey_id) WHERE s.code = $1 GROUP BY a.state, a.why ORDER BY a.state, 2 DESC, 1");
	ask_text(ask, code);
}

void survey_create(struct ask *ask, const char *document)
{
	ask_init(ask, "SELECT loyalty.survey_create($1::jsonb)");
	ask_text(ask, document);
}

void survey_close(struct ask *ask, const char *code, const char *on)
{
	ask_init(ask, "SELECT loyalty.survey_close($1, $2::date)");
	ask_text(ask, code);
	ask_text(ask, on);
}

void survey_invite_again(struct ask *ask, const char *code, int wave_no)
{
	ask_init(ask, "SELECT * FROM loyalty.survey_invite_again($1, $2::int)");
	ask_text(ask, code);
	ask_number(ask, wave_no);
}

void survey_mail_again(struct ask *ask, const char *code, int wave_no, const struct survey_letter *letter)
{
	ask_init(ask, "SELECT * FROM loyalty.survey_mail($1, NULL, NULL, NULL, NULL, $2::int, $3, $4, $5, $6)");
	ask_text(ask, code);
	ask_number(ask, wave_no);
	ask_text(ask, letter ? letter->subject : NULL);
	ask_text(ask, letter ? letter->body : NULL);
	ask_text(ask, letter ? letter->link : NULL);
	ask_text(ask, letter ? letter->language : NULL);
}

void survey_answer(struct ask *ask, const char *member, const char *code, const char *scores, const char *comment,
	const char *channel)
{
	ask_init(ask, "SELECT a.fate, a.ask FROM loyalty.member m, loyalty.survey_answer_for(m.member_id, $2, $3::int[], $4, $5) a "
		      "WHERE m.number = $1::bigint");
	ask_text(ask, member);
	ask_text(ask, code);
	ask_text(ask, scores);
	ask_text(ask, comment);
	ask_text(ask, channel);
}

bool survey_scores(const char *text, char *out, size_t size)
{
	size_t used = 0;
	for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " |,")) {
		size_t sign = *at == '-', digits = strspn(at + sign, "0123456789");
		if (!digits || digits > 6 || !strchr(" |,", at[sign + digits]) || used + sign + digits + 3 > size)
			return false;
		used += (size_t)snprintf(out + used, size - used, "%c%.*s", used ? ',' : '{', (int)(sign + digits), at);
		at += sign + digits;
	}
	if (!used)
		return false;
	snprintf(out + used, size - used, "}");
	return true;
}

const char *survey_fate_words(const char *fate)
{
	static const struct {
		const char *fate, *words;
	} fates[] = {
		{"taken", "taken"},
		{"commented", "the words are put to the score given before"},
		{"known", "known already"},
		{"partial", "kept, but it does not count: a score is missing"},
		{"out_of_range", "kept, but it does not count: the survey has no such score"},
		{"duplicate", "kept, but it does not count: the member answered otherwise in the same window"},
		{"late", "kept, but it does not count: the survey is not open"},
		{"full", "kept, but it does not count: the wave has all its answers"},
	};
	for (size_t i = 0; i < sizeof fates / sizeof *fates; i++)
		if (strcmp(fates[i].fate, fate) == 0)
			return fates[i].words;
	return fate;
}
