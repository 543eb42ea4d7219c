// How a campaign runs: its prizes, days and revisions, and what was done to it, by people and by itself.
#include "model/campaign/campaign_runs.h"

#include "screens/campaigns/campaign_state.h"
#include "screens/ui/text.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 600, WHEN = 18 };

// In the order of the statements.
enum { PRIZES, OUTCOMES_LAST, DAYS, REVISIONS, HISTORY, TABLES };

void campaign_runs_load(struct screen *s)
{
	const struct campaign_view *c = s->state;
	struct ask asks[TABLES];
	campaign_prize_table(&asks[PRIZES], c->campaign_no);
	campaign_outcome_table(&asks[OUTCOMES_LAST], c->campaign_no);
	campaign_day_table(&asks[DAYS], c->campaign_no);
	campaign_revision_table(&asks[REVISIONS], c->campaign_no);
	campaign_history_table(&asks[HISTORY], c->campaign_no);
	desk_send(s, &(struct desk_request){.tag = TAG_RUNS,
			     .asks = {&asks[0], &asks[1], &asks[2], &asks[3], &asks[4]},
			     .is_read = true,
			     .replaces = true});
}

// --- Tables.

static void add_cells(
	struct detail *d, enum role role, const struct result *table, int row, const int widths[])
{
	char line[LINE_SIZE] = "";
	size_t used = 0;
	for (int column = 0; column < result_columns(table) && used + 1 < sizeof line; column++) {
		const char *text = row < 0 ? result_column_name(table, column) : result_text(table, row, column);
		used += (size_t)snprintf(
			line + used, sizeof line - used, "%s%*s", text, widths[column] + 2 - text_width(text), "");
	}
	detail_add(d, role, 2, NULL, line);
}

static void add_table(struct detail *d, const char *title, const struct result *table)
{
	enum { COLUMNS_MOST = 16 };
	int widths[COLUMNS_MOST] = {0};
	detail_add(d, ROLE_HEADER, 0, NULL, title);
	if (result_rows(table) == 0 || result_columns(table) > COLUMNS_MOST) {
		detail_add(d, ROLE_DIM, 2, NULL, "none yet");
		return;
	}
	for (int column = 0; column < result_columns(table); column++) {
		widths[column] = text_width(result_column_name(table, column));
		for (int row = 0; row < result_rows(table); row++)
			if (text_width(result_text(table, row, column)) > widths[column])
				widths[column] = text_width(result_text(table, row, column));
	}
	for (int row = -1; row < result_rows(table); row++)
		add_cells(d, row < 0 ? ROLE_DIM : ROLE_TEXT, table, row, widths);
}

// --- Revisions and what was done, as sentences.

static const char *text_of(const struct result *table, int row, const char *column)
{
	return result_text(table, row, result_column(table, column));
}

static void add_deed(char line[LINE_SIZE], const struct result *table, int row, const char *verb,
	const char *who, const char *when)
{
	size_t used = strlen(line);
	if (*text_of(table, row, who))
		snprintf(line + used, LINE_SIZE - used, "; %s by %s %s", verb, text_of(table, row, who),
			text_of(table, row, when));
}

static void add_revisions(struct detail *d, const struct result *table)
{
	char line[LINE_SIZE];
	detail_add(d, ROLE_HEADER, 0, NULL, "\nRevisions");
	for (int row = 0; row < result_rows(table); row++) {
		const char *refusal = text_of(table, row, "refusal");
		snprintf(line, sizeof line, "%s, %s: written by %s %s", text_of(table, row, "revision"),
			text_of(table, row, "state"), text_of(table, row, "author"),
			text_of(table, row, "written_at"));
		add_deed(line, table, row, "submitted", "submitter", "submitted_at");
		add_deed(line, table, row, "approved", "approver", "approved_at");
		detail_add(d, ROLE_TEXT, 2, NULL, line);
		if (*refusal)
			detail_format(d, ROLE_WARNING, 4, NULL, "sent back: %s", refusal);
		detail_format(d, ROLE_DIM, 4, NULL, "SHA-256 of its document: %s", text_of(table, row, "sha256"));
	}
}

static void add_history(struct detail *d, const struct result *table)
{
	enum { AT, WHO, DONE, WHY };
	detail_add(d, ROLE_HEADER, 0, NULL, "What was done");
	for (int row = 0; row < result_rows(table); row++) {
		const char *who = result_text(table, row, WHO), *why = result_text(table, row, WHY);
		detail_format(d, *who ? ROLE_TEXT : ROLE_WARNING, WHEN, result_text(table, row, AT), "%s%s%s%s%s",
			result_text(table, row, DONE), *who ? " by " : " by itself", who, *why ? ": " : "", why);
	}
	if (result_rows(table) == 0)
		detail_add(d, ROLE_DIM, 2, NULL, "nothing yet");
}

void campaign_runs_taken(struct campaign_view *c, const struct answer *answer)
{
	struct detail *d = &c->runs;
	struct result *const *tables = answer->results;
	if (answer->count < TABLES)
		return;
	detail_clear(d);
	add_history(d, tables[HISTORY]);
	add_table(d, "\nPrizes", tables[PRIZES]);
	add_table(d, "\nWhat became of the last thousand turns", tables[OUTCOMES_LAST]);
	add_table(d, "\nThe last days", tables[DAYS]);
	add_revisions(d, tables[REVISIONS]);
	if (*c->line.seed_sha256)
		detail_format(d, ROLE_TEXT, 0, NULL,
			"\nThe draw is bound to a secret seed whose SHA-256 is %s. Once the campaign has "
			"ended the seed is "
			"shown, and everybody can draw again: loyalty campaign verify %d",
			c->line.seed_sha256, c->line.campaign_no);
}
