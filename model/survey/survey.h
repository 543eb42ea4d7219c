// Surveys: what is asked, inviting a sample, and taking an answer on the phone.
#ifndef MODEL_SURVEY_SURVEY_H
#define MODEL_SURVEY_SURVEY_H
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/survey/nps.h"
#include <stdbool.h>

// Who may do it, and what is refused, tells the database (db/schema/0026_surveys.sql).

enum { SURVEY_CODE = 33, SURVEY_NAME = 128 };

struct survey {
	int id;
	char code[SURVEY_CODE], name[SURVEY_NAME];
	enum survey_kind kind;
	bool is_transactional;
	day_t opens, closes; // closes: DAY_NONE, none is set
	bool is_open;        // today
};

// Columns id, survey, name, kind, about (relational or transactional), opens, closes, state; those that are open and
// relational first, then the newest.
void survey_list(struct ask *ask);
void survey_read(const struct result *result, int row, struct survey *survey);
// One row of all that a survey was made of; none: there is no such.
void survey_find(struct ask *ask, const char *code);
// Columns wave, invited_on, sample, condition, audience, invited, quota, ends_on, by; the newest first.
void survey_waves(struct ask *ask, const char *code);
// Columns fate, answers: taken, and every reason of a refusal that there was.
void survey_fates(struct ask *ask, const char *code);

// document: JSON, its keys the columns of loyalty.survey.
void survey_create(struct ask *ask, const char *document);
// on: YYYY-MM-DD, its last day; NULL: today. Answers that day.
void survey_close(struct ask *ask, const char *code, const char *on);
// What it writes to whom it asks; the link has {token} in it; language NULL: the member's. Borrowed until sent.
struct survey_letter {
	const char *subject, *body, *link, *language;
};
void survey_letter_set(struct ask *ask, const char *code, const struct survey_letter *letter);
// Which survey asks so many hours after cases of a group are resolved; NULL group: of those without a rule of their own. code NULL: none
// does any more.
void survey_after_case(struct ask *ask, const char *code, const char *group, int hours);
// Columns group, survey, after_hours, by, since: one row a rule.
void survey_rules(struct ask *ask);
// Columns after_case, cases: how many were asked about, wait for it, or were left out and why.
void survey_case_fates(struct ask *ask, const char *code);

// New tokens for those of a wave who have not answered: columns number, token, language, ends_on, wave_no. (A new wave: model/survey/wave.h.)
void survey_invite_again(struct ask *ask, const char *code, int wave_no);
// The same by mail: columns messages, state, why. letter NULL: the survey's own.
void survey_mail_again(struct ask *ask, const char *code, int wave_no, const struct survey_letter *letter);
// member: number; scores: "{8}", of a cli "{6,5,4}". Answers fate and what to ask next; no row: there is no such member.
void survey_answer(struct ask *ask, const char *member, const char *code, const char *scores, const char *comment,
	const char *channel);
// "9", "6|5,4" or "6 5 4" as PostgreSQL's array. false: that is no list of whole numbers, or more than `size` holds.
bool survey_scores(const char *text, char *out, size_t size);
// What became of an answer, in words: "taken", "refused: ...".
const char *survey_fate_words(const char *fate);
#endif
