// What a verb of the command line is: one table of them feeds dispatch, --help, man page and completion.
#ifndef APP_VERB_H
#define APP_VERB_H
#include "app/config.h"
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>

enum option_kind {
	OPTION_SWITCH, // has no value
	OPTION_TEXT,
	OPTION_FILE,   // completed by file name
	OPTION_NUMBER, // a whole number, 0 or more
	OPTION_DAY,    // YYYY-MM-DD
	OPTION_CHOICE, // one of `value`, separated by |
};

struct option {
	const char *name; // without its dashes; NULL ends a table
	enum option_kind kind;
	const char *value; // what stands for the value in help
	const char *help;  // one line
};

struct arguments;

// To add a verb: write its function, declare it below, and give it one line in the table of app/verbs.c.
struct verb {
	const char *name; // one word or two ("import events"); "" is what runs without a verb; NULL ends the table
	const char *operands; // as in help: "NUMBER", "TYPE KEY=VALUE..."; "" for none
	int least, most;      // how many operands; most -1: any number
	const char *help;     // one line
	const char *details;  // for its own --help; NULL for none
	const struct option *options; // NULL for none beyond GLOBAL_OPTIONS
	// Returns the exit status (db/error.h). What failed was told by verb_failed().
	int (*run)(const struct arguments *arguments);
};
extern const struct verb VERBS[];
// Whether it takes --format html.
bool verb_has_page(const struct verb *verb);
extern const struct option GLOBAL_OPTIONS[];

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML };

// The command line, read and checked against the verb's table. Texts live as long as the process.
struct arguments {
	const struct verb *verb;
	const struct config *config;
	const char *database; // libpq connection string; "" for libpq's own defaults
	enum format format;
	bool read_only, no_color, ascii; // asked for here or in the configuration
	const char *const *operands; // behind the verb, in words
	const char **words;          // owned
	int count; // of operands
	struct given_option {
		const struct option *option;
		const char *value; // "" for a switch
	} *given;
	int given_count;
};

// The last value given for an option, or NULL; for a switch "" when given.
const char *option_value(const struct arguments *arguments, const char *name);
bool option_given(const struct arguments *arguments, const char *name);
// The number given, or fallback.
long long option_number(const struct arguments *arguments, const char *name, long long fallback);
// Walks an option that may be given more than once: start with *at = 0; NULL after the last value.
const char *option_next(const struct arguments *arguments, const char *name, int *at);

// Opens a session as the command line and configuration say, asking for a password on the terminal where the
// server wants one, and makes sure that the schema is the one of this program. NULL: error tells why.
struct session *verb_session(const struct arguments *arguments, struct error *error);
// The same without a look at the schema.
struct session *verb_session_any(const struct arguments *arguments, struct error *error);

struct ask;
struct result;

// Sends one statement over a session of its own. Returns 0, and *result is the caller's to free; or the exit
// status, after telling what is wrong.
int verb_ask(const struct arguments *arguments, const struct ask *ask, struct result **result);
// The same, and prints the answer as a table.
int verb_ask_table(const struct arguments *arguments, const struct ask *ask);
// Prints a named part below a record that was printed; text leaves out what has no rows, and JSON is within the
// record's object.
bool verb_ask_part(struct session *session, const struct arguments *arguments, const char *name,
	const struct ask *ask, struct error *error);

// Prints "loyalty: what: why; what to do" on standard error; returns the exit status for it.
int verb_failed(const struct error *error);
// The same for a wrong use found by the verb itself; returns 2.
int verb_misused(const char *what, const char *why, ...) __attribute__((format(printf, 2, 3)));

int tui_verb(const struct arguments *arguments);
int migrate_verb(const struct arguments *arguments);
int worker_verb(const struct arguments *arguments);
int verify_verb(const struct arguments *arguments);
int rehearse_verb(const struct arguments *arguments);
int programme_check_verb(const struct arguments *arguments);
int programme_load_verb(const struct arguments *arguments);
int programme_list_verb(const struct arguments *arguments);
int programme_show_verb(const struct arguments *arguments);
int programme_diff_verb(const struct arguments *arguments);
int programme_export_verb(const struct arguments *arguments);
int programme_submit_verb(const struct arguments *arguments);
int programme_approve_verb(const struct arguments *arguments);
int programme_refuse_verb(const struct arguments *arguments);
int programme_drop_verb(const struct arguments *arguments);
int programme_retire_verb(const struct arguments *arguments);
int what_if_verb(const struct arguments *arguments);
int submit_verb(const struct arguments *arguments);
int event_failed_verb(const struct arguments *arguments);
int event_retry_verb(const struct arguments *arguments);
int event_cancel_verb(const struct arguments *arguments);
int member_verb(const struct arguments *arguments);
int member_find_verb(const struct arguments *arguments);
int claim_verb(const struct arguments *arguments);
int claim_list_verb(const struct arguments *arguments);
int claim_window_verb(const struct arguments *arguments);
int member_as_of_print(const struct arguments *arguments, const char *day); // member --as-of
int member_duplicates_verb(const struct arguments *arguments);
int member_change_verb(const struct arguments *arguments);
int member_past_verb(const struct arguments *arguments);
int member_block_verb(const struct arguments *arguments);
int member_unblock_verb(const struct arguments *arguments);
int member_note_verb(const struct arguments *arguments);
int member_export_verb(const struct arguments *arguments);
int member_erase_verb(const struct arguments *arguments);
int card_block_verb(const struct arguments *arguments);
int card_replace_verb(const struct arguments *arguments);
int member_merge_verb(const struct arguments *arguments);
int member_unmerge_verb(const struct arguments *arguments);
int attribute_declare_verb(const struct arguments *arguments);
int attribute_list_verb(const struct arguments *arguments);
int attribute_drop_verb(const struct arguments *arguments);
int consent_verb(const struct arguments *arguments);
int consent_give_verb(const struct arguments *arguments);
int consent_withdraw_verb(const struct arguments *arguments);
int import_members_verb(const struct arguments *arguments);
int import_events_verb(const struct arguments *arguments);
int import_codes_verb(const struct arguments *arguments);
int import_responses_verb(const struct arguments *arguments);
int household_create_verb(const struct arguments *arguments);
int household_add_verb(const struct arguments *arguments);
int household_set_verb(const struct arguments *arguments);
int household_remove_verb(const struct arguments *arguments);
int household_show_verb(const struct arguments *arguments);
int household_close_verb(const struct arguments *arguments);
int reward_list_verb(const struct arguments *arguments);
int reward_stock_verb(const struct arguments *arguments);
int reward_show_verb(const struct arguments *arguments);
int reward_reserve_verb(const struct arguments *arguments);
int reward_release_verb(const struct arguments *arguments);
int reward_use_verb(const struct arguments *arguments);
int reward_donate_verb(const struct arguments *arguments);
int reward_cancel_verb(const struct arguments *arguments);
int plan_due_verb(const struct arguments *arguments);
int plan_paid_verb(const struct arguments *arguments);
int plan_failed_verb(const struct arguments *arguments);
int plan_refunded_verb(const struct arguments *arguments);
int plan_import_verb(const struct arguments *arguments);
int outbox_list_verb(const struct arguments *arguments);
int outbox_show_verb(const struct arguments *arguments);
int outbox_retry_verb(const struct arguments *arguments);
int outbox_cancel_verb(const struct arguments *arguments);
int partner_list_verb(const struct arguments *arguments);
int partner_show_verb(const struct arguments *arguments);
int partner_set_verb(const struct arguments *arguments);
int partner_approve_verb(const struct arguments *arguments);
int partner_refuse_verb(const struct arguments *arguments);
int partner_settle_verb(const struct arguments *arguments);
int partner_transfers_verb(const struct arguments *arguments);
int report_settlement_verb(const struct arguments *arguments);
int report_programme_verb(const struct arguments *arguments);
int report_liability_verb(const struct arguments *arguments);
int report_cases_verb(const struct arguments *arguments);
int report_schedule_verb(const struct arguments *arguments);
int report_send_verb(const struct arguments *arguments);
int report_scheduled_verb(const struct arguments *arguments);
int report_unschedule_verb(const struct arguments *arguments);
int campaign_check_verb(const struct arguments *arguments);
int campaign_load_verb(const struct arguments *arguments);
int campaign_list_verb(const struct arguments *arguments);
int campaign_show_verb(const struct arguments *arguments);
int campaign_copy_verb(const struct arguments *arguments);
int campaign_results_verb(const struct arguments *arguments);
int campaign_dry_run_verb(const struct arguments *arguments);
int campaign_verify_verb(const struct arguments *arguments);
int campaign_policy_verb(const struct arguments *arguments);
int campaign_submit_verb(const struct arguments *arguments);
int campaign_approve_verb(const struct arguments *arguments);
int campaign_refuse_verb(const struct arguments *arguments);
int campaign_pause_verb(const struct arguments *arguments);
int campaign_resume_verb(const struct arguments *arguments);
int campaign_stop_verb(const struct arguments *arguments);
int campaign_trigger_verb(const struct arguments *arguments);
int survey_list_verb(const struct arguments *arguments);
int survey_show_verb(const struct arguments *arguments);
int survey_create_verb(const struct arguments *arguments);
int survey_close_verb(const struct arguments *arguments);
int survey_invite_verb(const struct arguments *arguments);
int survey_answer_verb(const struct arguments *arguments);
int survey_letter_verb(const struct arguments *arguments);
int survey_after_case_verb(const struct arguments *arguments);
int survey_rules_verb(const struct arguments *arguments);
int survey_answers_verb(const struct arguments *arguments);
int survey_phrases_verb(const struct arguments *arguments);
int survey_tags_verb(const struct arguments *arguments);
int survey_tag_verb(const struct arguments *arguments);
int survey_untag_verb(const struct arguments *arguments);
int report_nps_verb(const struct arguments *arguments);
int segment_count_verb(const struct arguments *arguments);
int segment_list_verb(const struct arguments *arguments);
int segment_explain_verb(const struct arguments *arguments);
int segment_save_verb(const struct arguments *arguments);
int segment_show_verb(const struct arguments *arguments);
int segment_drop_verb(const struct arguments *arguments);
int export_members_verb(const struct arguments *arguments);
int desk_verb(const struct arguments *arguments); // all of case and desk
int demo_data_verb(const struct arguments *arguments);
int insight_list_verb(const struct arguments *arguments);
int insight_show_verb(const struct arguments *arguments);
int insight_pin_verb(const struct arguments *arguments);
int insight_set_verb(const struct arguments *arguments);
int insight_sales_verb(const struct arguments *arguments);
int insight_recompute_verb(const struct arguments *arguments);
int staff_add_verb(const struct arguments *arguments);
int staff_list_verb(const struct arguments *arguments);
int staff_disable_verb(const struct arguments *arguments);
#endif
