// The result of a what-if as JSON or CSV: one figure after the other.
#include "app/output.h"
#include "app/what_if.h"

#include "model/engine/day.h"
#include <inttypes.h>
#include <stdio.h>

struct line {
	const char *about;             // "members", "move", "points_now" ...
	const char *object;            // ladder, currency or rule; "" for none
	const char *tier, *other_tier; // of a move or protection; "" else
	const struct what_if_figure *figure;
	int decimals;
};
typedef void visitor(void *payload, const struct line *line);

struct visit {
	visitor *tell;
	void *payload;
};

static void tell(const struct visit *visit, const char *about, const char *object,
	const struct what_if_figure *figure, int decimals)
{
	visit->tell(visit->payload, &(struct line){.about = about,
					    .object = object,
					    .tier = "",
					    .other_tier = "",
					    .figure = figure,
					    .decimals = decimals});
}

static void cells_tell(const struct visit *visit, const char *about, const struct what_if_ladder *ladder,
	const struct what_if_figure *cells)
{
	for (int from = 0; from < ladder->tier_count; from++)
		for (int to = 0; to < ladder->tier_count; to++) {
			const struct what_if_figure *figure = &cells[from * ladder->tier_count + to];
			if (figure->value == 0 && figure->high == 0)
				continue;
			visit->tell(visit->payload, &(struct line){.about = about,
							    .object = ladder->code,
							    .tier = ladder->tiers[from],
							    .other_tier = ladder->tiers[to],
							    .figure = figure});
		}
}

static void lines_visit(const struct what_if_result *result, visitor *told, void *payload)
{
	const struct visit visit = {told, payload};
	tell(&visit, "members", "", &result->members, 0);
	tell(&visit, "changed", "", &result->changed, 0);
	for (int i = 0; i < result->ladder_count; i++) {
		const struct what_if_ladder *ladder = &result->ladders[i];
		tell(&visit, "up", ladder->code, &ladder->up, 0);
		tell(&visit, "down", ladder->code, &ladder->down, 0);
		tell(&visit, "protected", ladder->code, &ladder->kept, 0);
		cells_tell(&visit, "move", ladder, ladder->moves);
		cells_tell(&visit, "protection", ladder, ladder->protection);
	}
	for (int i = 0; i < result->currency_count; i++) {
		const struct what_if_currency *currency = &result->currencies[i];
		tell(&visit, "points_now", currency->code, &currency->points_now, currency->decimals);
		tell(&visit, "points_draft", currency->code, &currency->points_draft, currency->decimals);
		tell(&visit, "points_change", currency->code, &currency->points_change, currency->decimals);
		if (!currency->is_valued)
			continue;
		tell(&visit, "money_now", currency->code, &currency->money_now, 2);
		tell(&visit, "money_draft", currency->code, &currency->money_draft, 2);
		tell(&visit, "money_change", currency->code, &currency->money_change, 2);
	}
	for (int i = 0; i < result->rule_count; i++) {
		const struct what_if_rule *rule = &result->rules[i];
		tell(&visit, "rule_posted", rule->id, &rule->posted, rule->decimals);
		tell(&visit, "rule_draft", rule->id, &rule->draft, rule->decimals);
		tell(&visit, "rule_change", rule->id, &rule->change, rule->decimals);
	}
	if (result->kind != WHAT_IF_PERIOD)
		return;
	tell(&visit, "events", "", &result->events, 0);
	tell(&visit, "events_denied", "", &result->denied, 0);
	tell(&visit, "events_admitted", "", &result->admitted, 0);
}

static void number_print(int64_t value, int decimals)
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = 1;
	for (int i = 0; i < decimals; i++)
		one *= 10;
	printf("%s%" PRIu64, value < 0 ? "-" : "", size / one);
	if (decimals > 0)
		printf(".%0*" PRIu64, decimals, size % one);
}

static void json_line(void *payload, const struct line *line)
{
	int *count = payload;
	fputs((*count)++ ? ",\n  {\"about\": " : "\n  {\"about\": ", stdout);
	output_json_text(stdout, line->about);
	fputs(", \"object\": ", stdout);
	output_json_text(stdout, line->object);
	if (*line->tier) {
		fputs(", \"tier\": ", stdout);
		output_json_text(stdout, line->tier);
		fputs(", \"other_tier\": ", stdout);
		output_json_text(stdout, line->other_tier);
	}
	fputs(", \"value\": ", stdout);
	number_print(line->figure->value, line->decimals);
	fputs(", \"low\": ", stdout);
	number_print(line->figure->low, line->decimals);
	fputs(", \"high\": ", stdout);
	number_print(line->figure->high, line->decimals);
	printf(", \"is_vague\": %s}", line->figure->is_vague ? "true" : "false");
}

static void json_member(const struct what_if_member *member)
{
	printf("{\"member\": %" PRId64 ", \"name\": ", member->number);
	output_json_text(stdout, member->name);
	if (member->ladder) {
		fputs(", \"ladder\": ", stdout);
		output_json_text(stdout, member->ladder);
		fputs(", \"tier_now\": ", stdout);
		output_json_text(stdout, member->tier_now);
		fputs(", \"tier_draft\": ", stdout);
		output_json_text(stdout, member->tier_draft);
	}
	if (member->currency) {
		fputs(", \"currency\": ", stdout);
		output_json_text(stdout, member->currency);
		fputs(", \"points_now\": ", stdout);
		number_print(member->points_now, member->decimals);
		fputs(", \"points_draft\": ", stdout);
		number_print(member->points_draft, member->decimals);
	}
	fputs(", \"money_change\": ", stdout);
	number_print(member->money_change, 2);
	putchar('}');
}

void what_if_print_json(const char *name, const struct what_if_result *result)
{
	char day[DAY_SIZE];
	int count = 0;
	fputs("{\"draft\": ", stdout);
	output_json_text(stdout, name);
	printf(", \"kind\": \"%s\", \"from\": \"%s\"",
		result->kind == WHAT_IF_PERIOD ? "period" : "standings", day_format(result->from, day));
	printf(", \"to\": \"%s\", \"is_exact\": %s, \"ids\": %" PRId64 ", \"drawn\": %" PRId64,
		day_format(result->to, day), result->is_exact ? "true" : "false", result->ids, result->drawn);
	printf(", \"judged\": %" PRId64 ", \"unjudged\": %" PRId64 ", \"money\": \"%s\",\n \"figures\": [",
		result->judged, result->unjudged, result->money);
	lines_visit(result, json_line, &count);
	fputs("],\n \"largest\": [", stdout);
	for (int i = 0; i < result->largest_count; i++) {
		fputs(i ? ",\n  " : "\n  ", stdout);
		json_member(&result->largest[i]);
	}
	puts("]}");
}

static void csv_line(void *payload, const struct line *line)
{
	const char *const texts[] = {line->about, line->object, line->tier, line->other_tier};
	(void)payload;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		output_csv_text(stdout, texts[i]);
		putchar(',');
	}
	number_print(line->figure->value, line->decimals);
	putchar(',');
	number_print(line->figure->low, line->decimals);
	putchar(',');
	number_print(line->figure->high, line->decimals);
	fputs("\r\n", stdout);
}

void what_if_print_csv(const struct what_if_result *result)
{
	fputs("about,object,tier,other_tier,value,low,high\r\n", stdout);
	lines_visit(result, csv_line, NULL);
}
