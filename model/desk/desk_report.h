// Lists of the desk: one's inbox, jobs over many cases, the work figures, the audit log.
#ifndef MODEL_DESK_DESK_REPORT_H
#define MODEL_DESK_DESK_REPORT_H
#include "model/desk/case.h"
#include "model/page.h"

// Newest first. Texts are borrowed from the result. key: of the page.
struct inbox_row {
	const char *key, *what, *by, *member, *title;
	int64_t age_s, number;
	struct case_id id;
	bool is_read;
};
void inbox_list(struct ask *ask, const struct page *page);
void inbox_row_read(const struct result *result, int row, struct inbox_row *out);
// Marks what was told of a case as read; member_id 0: everything.
void inbox_read(struct ask *ask, struct case_id id);

// One thing to many cases: those named ("12|3 14|1", ids of member and case), or where that is NULL all of the filter.
struct case_job {
	const char *key, *word, *value, *also, *filter, *cases; // borrowed until sent
};
void case_job_start(struct ask *ask, const struct case_job *job); // answers its number
// Which cases that would be: the first CASE_JOB_SHOWN of them, as the name of each (1002764/3) and what it is about.
enum { CASE_JOB_SHOWN = 6 };
void case_job_preview(struct ask *ask, const char *filter, const char *cases);
void case_job_undo(struct ask *ask, int64_t job_no);
// One row: how far the job is.
struct case_job_state {
	int64_t total, done, failed, undone;
	const char *state, *why; // borrowed from the result
};
void case_job_look(struct ask *ask, int64_t job_no);
bool case_job_state_read(const struct result *result, struct case_job_state *state); // false: no such job of theirs

// The work figures of a period (days as 2026-11-01, or NULL: from 30 days ago, to today); each: all, group or person.
struct figure_row {
	const char *who, *resolved;
	int64_t answer_s[2], solution_s[2]; // the median, and what nine of ten did not exceed; -1: none
	const char *percent[5]; // late answer, update, solution; reopened; first contact
	const char *kept, *lost, *saved;
	const char *rated, *pleased; // how many members said how it went; per cent of them in the best class, "": nobody said
};
void figures(struct ask *ask, const char *from, const char *to, const char *each);
void figure_row_read(const struct result *result, int row, struct figure_row *out);

// The audit log, newest first. NULL: whatever.
struct audit_filter {
	const char *login, *action, *member, *from, *to;
	bool reads; // who read personal data, alone
};
struct audit_line {
	const char *key, *at, *login, *application, *client, *action, *object, *changed, *member; // borrowed from the result
	int64_t member_id; // 0: of no one member
};
void audit_log_list(struct ask *ask, const struct audit_filter *filter, const struct page *page);
void audit_line_read(const struct result *result, int row, struct audit_line *out);
// One row: how many links of its chains are broken, and the first member of those.
void audit_log_check(struct ask *ask);
#endif
