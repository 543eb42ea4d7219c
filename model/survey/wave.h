// A wave of invitations: how many it would invite, and making it, of those a condition means.
#ifndef MODEL_SURVEY_WAVE_H
#define MODEL_SURVEY_WAVE_H
#include "db/error.h"
#include "db/result.h"
#include "model/ask.h"
#include "model/segment/compile.h"
#include "model/segment/condition.h"
#include "model/survey/survey.h"

// All borrowed until the wave was sent.
struct wave_plan {
	const char *code;                         // of the survey
	const char *sample;                       // per cent, "12.5"; NULL or "": the survey's
	const struct member_condition *condition; // NULL: everybody
	int64_t quota;                            // answers it is to have; 0: the survey's
	bool by_mail;                             // only those who can be written to
	const struct survey_letter *letter;       // what is sent by mail; NULL: the survey's own
};

// Statements about one wave, done together: the first is what is asked for, the others note which saved segments those invited are in, by
// which answers will be told apart. Must not be copied; wave_free() when they were sent.
enum { WAVE_NOTES_MOST = 4 };
struct wave {
	struct ask make, notes[WAVE_NOTES_MOST];
	int note_count;
	struct arena arena;
	struct condition_sql *sqls; // of the arena's, to be freed
	int sql_count;
};

// False: error tells why. Either way wave_free() is due.
bool wave_preview(struct wave *wave, const struct wave_plan *plan, struct error *error);
// names: those of the condition; segments that the person may not ask by, and those that find no room, are not noted. Answers of `make`: by
// mail, columns messages, state, why; else number, token, language, ends_on, wave_no.
bool wave_make(struct wave *wave, const struct wave_plan *plan, const struct condition_names *names, struct error *error);
void wave_free(struct wave *wave); // zeroed is fine

struct wave_size {
	int64_t meant;                               // active members who fit
	int64_t asked_lately, answered, unreachable; // in whose way something is
	int64_t audience, invited;                   // who could be invited, and of those the sample
	bool has_letter;                             // the survey has one of its own
};
struct wave_size wave_size_read(const struct result *result);
#endif
