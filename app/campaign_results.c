// The verb campaign results: what became of those whom a campaign gave something, beside those it held out.
#include "app/campaign.h"
#include "app/report.h"
#include "model/campaign/campaign_report.h"
#include "model/facts.h"
#include "model/report/builders.h"

// All that the report is made of; texts live in `line`.
struct gathered {
	struct campaign_report_source source;
	struct campaign_results results;
	int64_t received[RESULTS_DAYS_MOST + 1], held_out[RESULTS_DAYS_MOST + 1];
	struct facts facts;
	struct result *line; // owned
};

static bool groups_read(struct gathered *all, struct session *session, struct error *error)
{
	struct ask ask;
	campaign_results_ask(&ask, all->source.campaign_no, all->source.days);
	struct result *groups = ask_session(session, &ask, error);
	if (!groups)
		return false;
	campaign_results_take(&all->results, groups);
	result_free(groups);
	campaign_comeback_ask(&ask, all->source.campaign_no, all->source.days);
	struct result *days = ask_session(session, &ask, error);
	if (!days)
		return false;
	campaign_comeback_take(days, false, all->source.days, all->received);
	campaign_comeback_take(days, true, all->source.days, all->held_out);
	result_free(days);
	return true;
}

static bool gather(struct gathered *all, struct session *session, struct error *error)
{
	struct campaign_line line;
	if (!groups_read(all, session, error) || !facts_load(&all->facts, session, error))
		return false;
	all->line = campaign_fetch(session, all->source.campaign_no, &line, error);
	if (!all->line)
		return false;
	all->source.code = line.code;
	all->source.name = line.name;
	all->source.state = line.state;
	all->source.money = all->facts.money;
	all->source.currency = line.currency;
	all->source.decimals = line.decimals;
	all->source.decisions = line.decisions;
	all->source.grants = line.grants;
	all->source.results = &all->results;
	all->source.received = all->received;
	all->source.held_out = all->held_out;
	return true;
}

static int print(const struct arguments *arguments, const struct gathered *all, struct session *session)
{
	struct report report;
	struct error error = {0};
	campaign_report_make(&report, &all->source);
	int status = report_origin(&report, session, &error) ? report_print(arguments, &report) : verb_failed(&error);
	report_free(&report);
	return status;
}

int campaign_results_verb(const struct arguments *arguments)
{
	static struct gathered all;
	struct error error = {0};
	all = (struct gathered){.source = {.days = (int)option_number(arguments, "days", RESULTS_DAYS)}};
	if (all.source.days < 1 || all.source.days > RESULTS_DAYS_MOST)
		return verb_misused("--days", "1 to %d", RESULTS_DAYS_MOST);
	if (!campaign_name_read(arguments->operands[0], &all.source.campaign_no, &error))
		return verb_failed(&error);
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && gather(&all, session, &error);
	int status = is_good ? print(arguments, &all, session) : verb_failed(&error);
	session_close(session);
	result_free(all.line);
	facts_free(&all.facts);
	return status;
}
