// The members that a condition means: how many, who, and in a file.
#ifndef MODEL_SEGMENT_AUDIENCE_H
#define MODEL_SEGMENT_AUDIENCE_H
#include "db/error.h"
#include "db/session.h"
#include "model/ask.h"
#include "model/member/member.h"
#include "model/page.h"
#include "model/segment/compile.h"
#include "model/what_if/sample.h"

// A statement about a condition, with all that it borrows. Must not be copied; audience_free() when it was
// sent.
struct audience {
	struct ask ask;
	struct condition_sql sql;
};
void audience_free(struct audience *audience); // zeroed is fine

// Each of these fills the audience to be sent as its ask. False: the condition is too long for one statement.

// The exact number.
bool audience_count(struct audience *audience, const struct member_condition *condition);
int64_t audience_count_read(const struct result *result);

// The same from a sample, which takes no longer however many members there are.
bool audience_estimate(struct audience *audience, const struct member_condition *condition);
struct audience_estimate {
	int64_t members;
	struct interval interval; // of 95 %
	bool is_exact;            // there were so few that all were looked at
};
struct audience_estimate audience_estimate_read(const struct result *result);

// Who is meant at all, then how many of them are left after each clause of the outermost `and`, in one pass.
bool audience_steps(struct audience *audience, const struct member_condition *condition);
int64_t audience_step_read(const struct result *result, int step); // 0: who is meant at all

// A page of the members' list (model/member/member.h), of those that fit. Whoever may not see names gets
// none, and them by number.
bool audience_page(struct audience *audience, const struct member_condition *condition,
	enum member_order order, const struct page *page);

// A table of those that fit, at most so many: number, names (for whoever may see them), status, tier, its
// end, balance of points, last purchase, enrolment, language and channel, in the order of their numbers.
bool audience_list(struct audience *audience, const struct member_condition *condition, int rows);

// The same of all that fit, streamed as lines; who takes them out is written down first. False: error tells
// why.
enum export_format { EXPORT_CSV, EXPORT_JSON };
bool audience_export(struct session *session, const struct member_condition *condition,
	enum member_order order, enum export_format format, session_copy_sink *sink, void *payload,
	struct error *error);

// The error for a condition that is too long. Returns false.
bool audience_too_long(struct error *error);
#endif
