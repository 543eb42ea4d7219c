// Campaigns in the database: their list, their revisions, and their way from draft to the end.
#ifndef MODEL_CAMPAIGN_LIFE_H
#define MODEL_CAMPAIGN_LIFE_H
#include "db/error.h"
#include "db/result.h"
#include "model/ask.h"
#include "model/campaign/campaign.h"
#include "model/segment/compile.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A revision is written and submitted by marketing, approved by a manager or administrator who did neither;
// the approved one runs on until the next is approved. Marketing, managers and administrators pause, resume
// and stop. The database decides who may do what and when (0024_campaigns.sql); its refusals are whole
// sentences.

// A line of the list. Texts are borrowed from the result and "" where there is nothing; moments read
// 2026-11-22 08:15.
struct campaign_line {
	int campaign_no;
	const char *code, *name;
	const char *state;              // "draft", "submitted", "scheduled", "running", "paused", "ended"
	const char *why;                // it was paused, ended or refused
	int revision_no;                // in force, 0: none yet
	int last_revision_no;           // the newest one ...
	const char *last_state;         // ... "draft", "submitted" or "approved"
	const char *author, *submitter; // of the newest
	bool is_mine;        // the one who asks wrote or submitted the newest, and so may not approve it
	const char *trigger; // its word
	day_t starts_on, ends_on;
	const char *currency; // "": it gives no points
	int decimals;
	int64_t spent_points, budget_points, spent_minor, budget_minor; // of budgets CAMPAIGN_ALL: no limit
	int64_t decisions, grants;
	const char *moved_by, *moved_at; // who moved it last
	const char *seed_sha256;         // in hex, since its first approval
	const char *sha256;              // of the newest document, in hex: names what was shown
	const char *document;            // the newest; "" in a list; ends with NUL
	size_t length;
};

// All campaigns, those that wait or run first; one with its document. No row: there is none.
void campaign_list(struct ask *ask);
void campaign_get(struct ask *ask, int campaign_no);
void campaign_line_read(const struct result *result, int row, struct campaign_line *line);
// Makes a number of what a person typed, -1 if it is none.
int campaign_name(const char *text);

// For printing: columns campaign, code, name, state, trigger, start, end, revision, grants, points,
// points_budget, money, money_budget, why; the prizes of one with what of each was given; its revisions.
void campaign_table(struct ask *ask);
void campaign_prize_table(struct ask *ask, int campaign_no);
void campaign_revision_table(struct ask *ask, int campaign_no);

// A change on its way: ask is to be sent, borrowing from the rest, which is freed afterwards. After false
// there is nothing to free.
struct campaign_request {
	struct ask ask;
	struct campaign campaign; // as the document says
	char *projection, *sql;
	struct condition_sql audience;
};
void campaign_request_free(struct campaign_request *request);

// Reads the document, which must have no mistake (else error has the first), and stores it. Answers the
// campaign's number: a new one, or that of its code, of which it becomes a new revision or the caller's own
// draft.
bool campaign_save(struct campaign_request *request, const char *name, const char *text, size_t length,
	const struct campaign_house *house, struct error *error);
// line is as it was read by campaign_get(): that document and no other is meant (else LY013). Each asks as well
// whether anybody is in the audience; the house needs names for that.
bool campaign_submit(struct campaign_request *request, const struct campaign_line *line,
	const struct campaign_house *house, struct error *error);
bool campaign_approve(struct campaign_request *request, const struct campaign_line *line,
	const struct campaign_house *house, struct error *error);
// What the database refused on a setting (LY002, "audience: nobody is in it"), as a mistake on that setting.
// False: it is none of that kind, and nothing was added.
bool campaign_refusal_add(struct document_errors *errors, const struct error *error);
// Back to its author as a draft.
void campaign_refuse(struct ask *ask, const struct campaign_line *line, const char *reason);
enum campaign_move { MOVE_PAUSE, MOVE_RESUME, MOVE_STOP };
// Stopped, a campaign has ended for good. reason NULL for resume.
void campaign_move(struct ask *ask, int campaign_no, enum campaign_move move, const char *reason);
// Triggers one whose trigger is by hand. member NULL: for everybody in its audience; else a number or card.
void campaign_call(struct ask *ask, int campaign_no, const char *member);

// The document of another campaign under a code of its own, to be freed; NULL: out of memory, or the document
// has no code on a line.
char *campaign_copy(const struct campaign_line *line, const char *code);

// What holds for all campaigns: columns cooldown_days, hold_out (per cent). NULL: it stays.
void campaign_policy(struct ask *ask);
void campaign_policy_set(struct ask *ask, const char *cooldown_days, const char *hold_out_ppm);

// The seed of one that has ended, in hex; no row before.
void campaign_seed(struct ask *ask, int campaign_no);
#endif
