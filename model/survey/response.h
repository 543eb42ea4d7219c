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
	const char *when, *member, *channel, *comment, *tier, *region, *taken_by; // borrowed; when: in the programme's time
	int64_t number;
	int score, case_no; // case_no 0: none
};

void response_list(struct ask *ask, const struct response_filter *filter, const struct page *page);
void response_row_read(const struct result *result, int row, struct response_row *out);
// Takes a row's key apart. false: it is none.
bool response_key_read(const char *key, int64_t *member_id, int *window_no);

// Opens a case for an answer, or finds the one there is. Answers its number.
void response_case(struct ask *ask, int survey_id, int64_t member_id, int window_no);
#endif
