// Statements about the lists of the desk.
#include "model/desk/desk_report.h"

void inbox_list(struct ask *ask, const struct page *page)
{
	ask_init(ask,
		"SELECT inbox_no, what, by_name, member, title, age_s, number, member_id, case_no, is_read"
		" FROM loyalty.desk_inbox_page($1, $2, $3)");
	page_ask(ask, page);
}

void inbox_row_read(const struct result *r, int row, struct inbox_row *out)
{
	*out = (struct inbox_row){
		.key = result_text(r, row, 0),
		.what = result_text(r, row, 1),
		.by = result_text(r, row, 2),
		.member = result_text(r, row, 3),
		.title = result_text(r, row, 4),
		.age_s = result_int64(r, row, 5),
		.number = result_int64(r, row, 6),
		.id = {result_int64(r, row, 7), (int)result_int64(r, row, 8)},
		.is_read = result_bool(r, row, 9),
	};
}

void inbox_read(struct ask *ask, struct case_id id)
{
	ask_init(ask, "SELECT loyalty.desk_inbox_read(nullif($1::bigint, 0), $2)");
	ask_number(ask, id.member_id);
	ask_number(ask, id.case_no);
}

void case_job_start(struct ask *ask, const struct case_job *job)
{
	ask_init(ask, "SELECT loyalty.case_job_start($1, $2, $3, $4, $5, $6)");
	ask_text(ask, job->key);
	ask_text(ask, job->word);
	ask_text(ask, job->value);
	ask_text(ask, job->also);
	ask_text(ask, job->filter);
	ask_text(ask, job->cases);
}

// clang-format off
void case_job_preview(struct ask *ask, const char *filter, const char *cases)
{
	ask_init(ask, cases
		? "SELECT m.number || '/' || c.case_no, c.title FROM regexp_split_to_table(btrim($1), '\\s+') x"
		  " JOIN loyalty.member_case c ON c.member_id = split_part(x, '|', 1)::bigint AND c.case_no = split_part(x, '|', 2)::int"
		  " JOIN loyalty.member m ON m.member_id = c.member_id ORDER BY m.number, c.case_no LIMIT $2"
		: "SELECT p.number || '/' || p.case_no, p.title FROM loyalty.case_page($1, 'first', NULL, $2::int) p");
	ask_text(ask, cases ? cases : filter);
	ask_number(ask, CASE_JOB_SHOWN);
}
// clang-format on

void case_job_undo(struct ask *ask, int64_t job_no)
{
	ask_init(ask, "SELECT loyalty.case_job_undo($1)");
	ask_number(ask, job_no);
}

void case_job_look(struct ask *ask, int64_t job_no)
{
	ask_init(ask, "SELECT total, done, failed, undone, state, why FROM loyalty.case_jobs(1000) WHERE job_no = $1");
	ask_number(ask, job_no);
}

bool case_job_state_read(const struct result *r, struct case_job_state *state)
{
	if (!result_rows(r))
		return false;
	*state = (struct case_job_state){
		.total = result_int64(r, 0, 0),
		.done = result_int64(r, 0, 1),
		.failed = result_int64(r, 0, 2),
		.undone = result_int64(r, 0, 3),
		.state = result_text(r, 0, 4),
		.why = result_text(r, 0, 5),
	};
	return true;
}

void figures(struct ask *ask, const char *from, const char *to, const char *each)
{
	ask_init(ask,
		"SELECT who, resolved::text, answer_median_s, answer_p90_s, solution_median_s, solution_p90_s, late_answer::text,"
		" late_update::text, late_solution::text, reopened::text, first_contact::text, kept::text, lost::text, saved::text,"
		" rated::text, pleased::text"
		" FROM loyalty.desk_figures(coalesce($1::date, loyalty.business_day() - 30),"
		" coalesce($2::date, loyalty.business_day()), $3)");
	ask_text(ask, from);
	ask_text(ask, to);
	ask_text(ask, each);
}

static int64_t seconds(const struct result *r, int row, int column)
{
	return result_is_null(r, row, column) ? -1 : result_int64(r, row, column);
}

void figure_row_read(const struct result *r, int row, struct figure_row *out)
{
	*out = (struct figure_row){
		.who = result_text(r, row, 0),
		.resolved = result_text(r, row, 1),
		.answer_s = {seconds(r, row, 2), seconds(r, row, 3)},
		.solution_s = {seconds(r, row, 4), seconds(r, row, 5)},
		.kept = result_text(r, row, 11),
		.lost = result_text(r, row, 12),
		.saved = result_text(r, row, 13),
		.rated = result_text(r, row, 14),
		.pleased = result_text(r, row, 15),
	};
	for (int i = 0; i < 5; i++)
		out->percent[i] = result_text(r, row, 6 + i);
}

void audit_log_list(struct ask *ask, const struct audit_filter *filter, const struct page *page)
{
	ask_init(ask,
		"SELECT key, at, login, application, client, action, object, changed, coalesce(number::text, ''), member_id"
		" FROM loyalty.audit_page($1, $2, loyalty.member_of($3), $4::date, $5::date, $6, $7, $8, $9)");
	ask_text(ask, filter->login);
	ask_text(ask, filter->action);
	ask_text(ask, filter->member);
	ask_text(ask, filter->from);
	ask_text(ask, filter->to);
	ask_text(ask, filter->reads ? "true" : "false");
	page_ask(ask, page);
}

void audit_line_read(const struct result *r, int row, struct audit_line *out)
{
	*out = (struct audit_line){
		.key = result_text(r, row, 0),
		.at = result_text(r, row, 1),
		.login = result_text(r, row, 2),
		.application = result_text(r, row, 3),
		.client = result_text(r, row, 4),
		.action = result_text(r, row, 5),
		.object = result_text(r, row, 6),
		.changed = result_text(r, row, 7),
		.member = result_text(r, row, 8),
		.member_id = result_int64(r, row, 9),
	};
}

void audit_log_check(struct ask *ask)
{
	ask_init(ask, "SELECT count(*), coalesce(min(b.member_id), 0) FROM loyalty.audit_broken(0, 9223372036854775807) b");
}
