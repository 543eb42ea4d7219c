// Answers to a survey one by one: the newest first, narrowed down, with the words and who said them.
#ifndef MODEL_SURVEY_RESPONSE_H
#define MODEL_SURVEY_RESPONSE_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include "model/survey/figures.h"

// What is wanted; texts are borrowed.
struct response_filter {
	int survey_id;
	int least, most;       // scores
	day_t from, to;        // days from the first up to but not including the other; DAY_NONE of `to`: no end
	int dimension;         // of enum survey_dimension; -1: none
	const char *value;     // as a struct survey_part has it
	const char *words;     // NULL: any; they stand in the comment, accents and capitals forgiven
	bool has_words;        // only those with a comment
};

enum { RESPONSE_KEY = 80 };
struct response_row {
	int64_t member_id;
	int window_no;
	char key[RESPONSE_KEY]; // for struct page
	const char *when, *member, *channel, *comment, *tier, *region, *tags, *taken_by; // borrowed; when: in the programme's time; tags: "slow, staff"
	int64_t number;
	int score, case_no; // case_no 0: none
};

void response_list(struct ask *ask, const struct response_filter *filter, const struct page *page);
// The same as a table of the newest, at most so many: answered, member, score, channel, comment, tags, tier, region, case.
void response_table(struct ask *ask, const struct response_filter *filter, int rows);
// What is said in words that stand side by side, of the filter's survey, scores and days: columns phrase, answers, share, others; those first that
// are more common there than in answers of other scores (0026_surveys.sql).
void response_phrases(struct ask *ask, const struct response_filter *filter, int rows);
void response_row_read(const struct result *result, int row, struct response_row *out);
// Takes a row's key apart. false: it is none.
bool response_key_read(const char *key, int64_t *member_id, int *window_no);

// Says what an answer is about, or is not any more; said twice it is said once.
void response_tag(struct ask *ask, int survey_id, int64_t member_id, int window_no, const char *tag, bool is_on);
// The same for a member's newest answer to a survey: member a number. Columns tags; no row: there is no such answer.
void response_tag_newest(struct ask *ask, const char *member, const char *code, const char *tag, bool is_on);
// The tags of a survey's answers, column tag, those in most use first.
void response_tags(struct ask *ask, int survey_id);

// Opens a case for an answer, or finds the one there is. Answers its number.
void response_case(struct ask *ask, int survey_id, int64_t member_id, int window_no);
#endif
