// What stands around a case: who else has it open, what it has to do with, what is still to be done, the text one has begun.
#ifndef MODEL_DESK_CASE_AROUND_H
#define MODEL_DESK_CASE_AROUND_H
#include "model/desk/case.h"

struct case_around {
	char others[200];    // "Bora writes, Suzan"; "": nobody
	char relations[400]; // "linked 1002764/3 Stars missing (open); ..."
	char said[300];      // how it went, as the member said, or why nothing is said; "": nobody was asked
	int pleased;         // -1: not said, else 0 to 2, the best class
	char undone[400];    // lines of the checklist that are not ticked, "; " between
	int checks;          // lines altogether
	bool is_followed;    // by whoever asks
};
void case_around(struct ask *ask, struct case_id id);
void case_around_read(const struct result *result, struct case_around *around);

// Says that one is here, writing or not, or has gone. Holds as long as the connection.
void case_here(struct ask *ask, struct case_id id, bool is_here, bool is_writing);

// One's own draft of a case: at most one row.
struct case_draft {
	enum article_kind kind;
	int64_t age_s;
	const char *body, *key; // borrowed from the result
};
void case_draft(struct ask *ask, struct case_id id);
bool case_draft_read(const struct result *result, struct case_draft *draft); // false: none
// Saved as typed; an empty body takes it away. body and key are borrowed until sent.
void case_draft_save(struct ask *ask, struct case_id id, enum article_kind kind, const char *body, const char *key);

// Lists to choose from: code, name (and body as it reads for the case); lines of the checklist: name, whether done.
void case_texts(struct ask *ask, struct case_id id);
void case_macros(struct ask *ask);
void case_checklist(struct ask *ask, struct case_id id);
// The other cases of the member that are worked on: number, title.
void case_siblings(struct ask *ask, struct case_id id);

void case_macro_run(struct ask *ask, struct case_id id, int64_t version, const char *key, const char *macro);
void case_tick(struct ask *ask, struct case_id id, const char *name);
void case_follow(struct ask *ask, struct case_id id, bool is_on);
void case_merge(struct ask *ask, struct case_id id, int64_t version, int into);
void case_unmerge(struct ask *ask, struct case_id id);
void case_split(struct ask *ask, struct case_id id, int article_no, const char *key, const char *title);
void case_link(struct ask *ask, struct case_id id, const char *other); // other: MEMBER/NO
// NULL: left as it is, whoever changed it meanwhile.
struct case_edit {
	const char *title, *priority, *group, *tags;
};
void case_edit(struct ask *ask, struct case_id id, int64_t version, const struct case_edit *edit);
#endif
