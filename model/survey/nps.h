// What the answers to a survey say: its score with how sure it is, and how two scores lie apart.
#ifndef MODEL_SURVEY_NPS_H
#define MODEL_SURVEY_NPS_H
#include "model/statistics.h"
#include <stdbool.h>
#include <stdint.h>

enum survey_kind {
	SURVEY_NPS,  // one question, 0 to 10: per cent of promoters (9, 10) less per cent of detractors (0 to 6)
	SURVEY_CSAT, // one, 1 to 5: per cent of the pleased (4, 5)
	SURVEY_CES,  // one, 1 to 7: the mean
	SURVEY_CLI,  // three, 1 to 6, of which an answer has the sum: the mean of all three
	SURVEY_KINDS
};

enum answer_class { ANSWER_DETRACTOR, ANSWER_PASSIVE, ANSWER_PROMOTER, ANSWER_CLASSES };

enum { ANSWER_SCORES = 31 }; // 0 to 30: the highest sum of three questions, were each of 0 to 10

// How many answered what.
struct answers {
	int64_t of[ANSWER_SCORES];
};

struct survey_scale {
	const char *code, *name;        // "nps", "NPS"
	const char *classes[ANSWER_CLASSES]; // "detractors" ...
	int lowest, highest;            // of an answer
	int passive, promoter;          // the lowest score of these classes
	int questions;
	double least, most;             // of the score
	int decimals;                   // it is shown with
};
extern const struct survey_scale survey_scales[SURVEY_KINDS];

// SURVEY_KINDS when there is no such code.
enum survey_kind survey_kind_of(const char *code);
enum answer_class answer_class_of(enum survey_kind kind, int score);

// A score as a sample has it: each answer counts as a value (100, 0, -100 of nps), this is their mean.
struct score {
	enum survey_kind kind;
	int64_t n;
	double value, variance; // of the values; 0 where n is 0
};

int64_t answers_count(const struct answers *answers);
int64_t answers_in_class(const struct answers *answers, enum survey_kind kind, enum answer_class class);
void answers_add(struct answers *sum, const struct answers *more);
// All but a part of them: what that part is held against.
struct answers answers_rest(const struct answers *whole, const struct answers *part);

struct score score_of(enum survey_kind kind, const struct answers *answers);
// Too few answers to show a score of: SAMPLE_LEAST are needed.
bool score_is_suppressed(const struct score *score);
double score_error(const struct score *score); // the standard error; n > 0
double score_margin(const struct score *score); // that many to both sides hold 95 %
// The same where N members could have been asked at all, N >= n > 0: the nearer to all of them, the surer.
double score_margin_of(const struct score *score, int64_t population);
// With the answers ¾, 1½ and ¾ added to the lowest, the middle and the highest value: of some width even where all
// said the same.
struct interval score_adjusted(const struct score *score);
// Value and margin, never beyond what a score can be; adjusted where all said the same.
struct interval score_interval(const struct score *score);
// How many answers of such a variance give a margin of that many.
int64_t score_needed(double variance, double margin);

// The first less the second, of independent samples, both n > 0.
struct score_change {
	double value, margin;
	double z, p;   // p: how likely so large a difference is by chance
	bool is_told;  // it is more than chance (p < 5 %)
};
struct score_change score_change(const struct score *now, const struct score *before);

// A cli as an index from 0 to 100.
double score_index(const struct score *score);
// Per cent who replied of those asked; below 0: nobody was asked.
double response_rate(int64_t replied, int64_t invited);

enum { SCORE_TEXT = 32 };
// "33.5", "4.11", "-7.0". Returns out.
const char *score_text(enum survey_kind kind, double value, char out[SCORE_TEXT]);
#endif
