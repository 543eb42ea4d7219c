// Any bytes as a scenario over a programme that has one of everything: refused, or read and run.
#include "model/engine/scenario.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static const char PROGRAMME[] =
	"format = 2; programme = { code = \"p\"; name = \"P\"; money = \"EUR\"; effective_from = \"2026-01-01\";\n"
	"currencies = ( { code = \"PT\"; kind = \"redeemable\"; decimals = 1;\n"
	"  transfers = { min = \"0.5\"; }; expiry = { policy = \"inactivity\"; months = 2; }; } );\n"
	"segments = ( { code = \"s\"; days = 30; } );\n"
	"ladders = ( { code = \"l\"; metric = { kind = \"spend\"; };\n"
	"  window = { kind = \"rolling\"; months = 1; };\n"
	"  validity = { kind = \"months\"; months = 2; };\n"
	"  tiers = ( { code = \"base\"; at = \"0\"; }, { code = \"top\"; at = \"10\"; } ); } );\n"
	"earn = ( { id = \"e\"; on = \"purchase\"; award = { currency = \"PT\"; rate = \"1.5\"; }; } );\n"
	"rewards = ( { code = \"r\"; kind = \"item\"; currency = \"PT\"; cost = \"2\"; value = \"1\";\n"
	"  valid_days = 3; } );\n"
	"plans = ( { code = \"c\"; months = 1; refund = \"none\";\n"
	"  prices = ( { from = \"2026-01-01\"; price = 500; } ); } );\n"
	"benefits = ( { plan = \"c\"; kind = \"discount_pct\"; code = \"b\"; value = \"7.5\"; } ); };\n";

// Read once and kept.
static const struct programme *programme_find(void *context, const char *code)
{
	static const struct programme *programme;
	(void)context;
	if (programme == NULL) {
		struct document_errors errors;
		document_errors_init(&errors);
		programme = programme_read("p", PROGRAMME, sizeof PROGRAMME - 1, &errors);
		FUZZ_HOLDS(programme != NULL);
		document_errors_free(&errors);
	}
	return strcmp(code, "p") == 0 ? programme : NULL;
}

static void check_heard(void *context, const struct scenario_case *scenario_case,
	const struct scenario_row *row, const struct check *check, const char *seen, bool passed)
{
	(void)context;
	(void)scenario_case;
	FUZZ_HOLDS(row->is_check && strlen(seen) < CHECK_TEXT_SIZE);
	FUZZ_HOLDS(passed == (strcmp(seen, check->wanted) == 0));
}

void fuzz_scenario(const uint8_t *data, size_t size)
{
	struct document_errors errors;
	struct scenario scenario;
	document_errors_init(&errors);
	bool is_read =
		scenario_read(&scenario, "fuzz", (const char *)data, size, programme_find, NULL, &errors);
	FUZZ_HOLDS(is_read == (errors.count == 0));
	for (int i = 0; is_read && i < scenario.case_count; i++)
		scenario_case_run(&scenario.cases[i], check_heard, NULL);
	if (is_read)
		scenario_free(&scenario);
	document_errors_free(&errors);
}
