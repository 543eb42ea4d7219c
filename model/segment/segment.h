// Conditions saved under a name.
#ifndef MODEL_SEGMENT_SEGMENT_H
#define MODEL_SEGMENT_SEGMENT_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include "model/segment/condition.h"
#include <stdint.h>

enum { SEGMENT_USED_MAX = 40, SEGMENT_CODE_MAX = 40 };

// A page of the saved segments, in the order of their codes, which are the rows' keys.
void segment_page(struct ask *ask, const struct page *page);
// The one of that code, one row or none; NULL: all of them.
void segment_table(struct ask *ask, const char *code);

struct segment_row {
	const char *code, *condition, *written_by,
		*written_at; // borrowed from the result; moments in the programme's zone
	const char *used_by; // "the segment a, the campaign 3"; "": by nothing
	int64_t members;     // when it was last counted; -1: not counted yet
	const char *counted_at;
	int revision;
};
void segment_row_read(const struct result *result, int row, struct segment_row *segment);

// Saves a condition that was read. revision: the one that was changed, 0: it is new, -1: whatever there is.
// Sent twice it is saved once. Answers the revision it has now. SQLSTATE LY003: there is one of that name;
// LY020: someone changed it meanwhile, and the text is in result_detail().
struct segment_saving {
	struct ask ask;
	char *segments; // owned
};
void segment_save(struct segment_saving *saving, const char *code, const struct member_condition *condition,
	int revision);
void segment_saving_free(struct segment_saving *saving);

// SQLSTATE LY010: something uses it, and the message tells what.
void segment_drop(struct ask *ask, const char *code);
// Notes an exact count for the list.
void segment_counted(struct ask *ask, const char *code, int revision, int64_t members);
#endif
