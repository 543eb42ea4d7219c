// The versions of the programme: documents in the database, from draft to approved by a second person.
#ifndef MODEL_PROGRAMME_VERSION_H
#define MODEL_PROGRAMME_VERSION_H
#include "db/error.h"
#include "db/result.h"
#include "model/ask.h"
#include "model/engine/day.h"
#include "model/engine/programme.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A version is written and submitted by marketing, approved by a manager or administrator who did neither,
// and in force from its date until the next one's. The database decides who may do what and when; its
// refusals are whole sentences. Versions follow each other: one begins after the last day anything was posted
// for, and after all that are approved. Only the newest can be retired, before its day. Whatever members
// still hold (points, a tier above the lowest, a plan, rewards issued) must stand in a new version's
// document.
enum version_state { VERSION_DRAFT, VERSION_SUBMITTED, VERSION_APPROVED, VERSION_RETIRED };

// Texts are borrowed from the result and "" where there is nothing; moments read 2026-11-22 08:15.
struct programme_version {
	int version_no; // from 1, in the order of their first loading
	enum version_state state;
	const char *state_name; // "draft", "submitted", "approved", "retired"
	day_t effective_from;
	const char *code, *author, *written_at, *submitter, *submitted_at, *approver, *approved_at;
	const char *remark;   // why it was refused or retired
	const char *sha256;   // of the document, in hex: names what was shown
	bool is_in_force;     // today
	bool is_mine;         // the one who asks wrote or submitted it, and so may not approve it
	const char *document; // "" in a list; ends with NUL
	size_t length;
};

// All versions, the newest first, without their documents; one with its document (0: the one in force today).
// No row: there is none. programme_version_name() makes a number of what a person typed, -1 if it is none.
void programme_version_list(struct ask *ask);
void programme_version_get(struct ask *ask, int version_no);
void programme_version_read(const struct result *result, int row, struct programme_version *version);
int programme_version_name(const char *text);

// All of them for printing: columns version, state ("in force" for that one), effective_from, code, author,
// submitter, approver, remark.
void programme_version_table(struct ask *ask);

// The version whose rules the given one changes: the last approved one before it. With its document; no row
// for the first.
void programme_version_before(struct ask *ask, const struct programme_version *version);

// A document on its way into the database. Texts are borrowed until the request was sent.
struct version_draft {
	int version_no;   // a draft of one's own to be rewritten; 0: a new version
	const char *name; // what error lines call the document
	const char *text; // ends with NUL
	size_t length;
	const char *effective_from; // NULL: the document's own date
};

// A change on its way: ask is to be sent, borrowing from the rest, which is freed afterwards. After false
// there is nothing to free.
struct version_request {
	struct ask ask;
	struct programme *programme; // as the document says
	char *projection;
	char effective_from[DAY_SIZE];
};
void version_request_free(struct version_request *request);

// Reads the document, which must have no mistake, and stores it. Answers the version's number: the very first
// is in force at once; later ones are drafts; the same document with the same date is the version it was.
bool programme_version_save(
	struct version_request *request, const struct version_draft *draft, struct error *error);

// version is as it was read, document included: that one and no other is meant (else LY013).
bool programme_version_submit(
	struct version_request *request, const struct programme_version *version, struct error *error);
bool programme_version_approve(
	struct version_request *request, const struct programme_version *version, struct error *error);
// Back to its author as a draft; by those who may approve, or by those who asked, for themselves.
void programme_version_refuse(struct ask *ask, const struct programme_version *version, const char *reason);
void programme_version_retire(struct ask *ask, const struct programme_version *version, const char *reason);
// Takes a draft out for good, its number with it; by its author or marketing.
void programme_version_drop(struct ask *ask, const struct programme_version *version);
#endif
