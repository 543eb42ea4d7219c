// The result of a what-if as a person reads it, as JSON and as CSV.
#include "app/output.h"
#include "app/what_if.h"

#include "db/text.h"
#include "model/amount.h"
#include "model/engine/day.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 200, COLUMNS_MAX = 34, TIERS_SHOWN = COLUMNS_MAX - 2 };

// Rows of cells, printed once all widths are known. The first column stands left, the others right.
struct grid {
	char (*cells)[CELL];
	int columns, count, capacity;
	int left; // columns that stand left
};

static char *cell_next(struct grid *grid)
{
	ARRAY_RESERVE(grid->cells, grid->capacity, grid->count + 1);
	return memset(grid->cells[grid->count++], 0, CELL);
}

static void cell_text(struct grid *grid, const char *text)
{
	neutral_text(cell_next(grid), CELL, text);
}

static void grid_print(struct grid *grid)
{
	int widths[COLUMNS_MAX] = {0};
	for (int i = 0; i < grid->count; i++) {
		int width = output_width(grid->cells[i]);
		if (width > widths[i % grid->columns])
			widths[i % grid->columns] = width;
	}
	for (int i = 0; i < grid->count; i++) {
		int column = i % grid->columns, blanks = widths[column] - output_width(grid->cells[i]);
		bool is_last = column + 1 == grid->columns, is_left = column < grid->left;
		printf("%*s%s%*s%s", is_left ? 0 : blanks, "", grid->cells[i],
			is_left && !is_last ? blanks : 0, "", is_last ? "\n" : "  ");
	}
	free(grid->cells);
}

// "1,200", and of an estimate "1,200 (900 to 1,500)".
static const char *figure_text(
	char out[CELL], const struct what_if_figure *figure, int decimals, const char *money, unsigned style)
{
	char value[AMOUNT_SIZE], low[AMOUNT_SIZE], high[AMOUNT_SIZE];
	if (money) {
		amount_money(value, figure->value, money, style);
		amount_money(low, figure->low, money, style);
		amount_money(high, figure->high, money, style);
	} else {
		amount_points(value, figure->value, decimals, style);
		amount_points(low, figure->low, decimals, style);
		amount_points(high, figure->high, decimals, style);
	}
	if (figure->is_vague)
		snprintf(out, CELL, figure->value ? "%s (too few drawn to say)" : "%s (none drawn)", value);
	else if (figure->low == figure->high)
		snprintf(out, CELL, "%s", value);
	else
		snprintf(out, CELL, "%s (%s to %s)", value, low, high);
	return out;
}

static const char *count_text(char out[CELL], const struct what_if_figure *figure)
{
	return figure_text(out, figure, 0, NULL, AMOUNT_PLAIN);
}

static void cell_figure(struct grid *grid, const struct what_if_figure *figure, int decimals,
	const char *money, unsigned style)
{
	figure_text(cell_next(grid), figure, decimals, money, style);
}

static void heading_print(const char *name, const struct what_if_result *result, int64_t elapsed_ms)
{
	char safe[CELL], from[DAY_SIZE], to[DAY_SIZE], members[CELL], drawn[AMOUNT_SIZE], ids[AMOUNT_SIZE];
	neutral_text(safe, sizeof safe, name);
	if (result->kind == WHAT_IF_STANDINGS)
		printf("%s from %s: standings on that day", safe, day_format(result->from, from));
	else
		printf("%s over %s to %s: journals replayed, standings at the end", safe,
			day_format(result->from, from), day_format(result->to, to));
	printf("\n%s, %s members, %.1f s\n",
		result->is_exact ? "exact" : "estimate, each number with its 95 % interval",
		count_text(members, &result->members), (double)elapsed_ms / 1000);
	if (!result->is_exact)
		printf("from %s of %s member ids drawn\n",
			amount_points(drawn, result->drawn, 0, AMOUNT_PLAIN),
			amount_points(ids, result->ids, 0, AMOUNT_PLAIN));
	if (result->unjudged)
		printf("%" PRId64 " members could not be judged: loyalty verify --replay 100 tells why\n",
			result->unjudged);
}

static void moves_print(const struct what_if_ladder *ladder)
{
	int shown = ladder->tier_count < TIERS_SHOWN ? ladder->tier_count : TIERS_SHOWN;
	struct grid grid = {.columns = shown + 1, .left = 1};
	char label[CELL];
	snprintf(label, sizeof label, "%s: from, to", ladder->code);
	cell_text(&grid, label);
	for (int to = 0; to < shown; to++)
		cell_text(&grid, ladder->tiers[to]);
	for (int from = 0; from < shown; from++) {
		cell_text(&grid, ladder->tiers[from]);
		for (int to = 0; to < shown; to++)
			cell_figure(
				&grid, &ladder->moves[from * ladder->tier_count + to], 0, NULL, AMOUNT_PLAIN);
	}
	putchar('\n');
	grid_print(&grid);
}

static void ladder_print(const struct what_if_ladder *ladder)
{
	char up[CELL], down[CELL], kept[CELL];
	moves_print(ladder);
	printf("up %s, down %s, protected %s\n", count_text(up, &ladder->up), count_text(down, &ladder->down),
		count_text(kept, &ladder->kept));
	for (int held = 0; held < ladder->tier_count; held++)
		for (int other = 0; other < held; other++) {
			const struct what_if_figure *figure =
				&ladder->protection[held * ladder->tier_count + other];
			if (figure->value > 0)
				printf("  %s keep %s until it ends; the draft would give them %s\n",
					count_text(up, figure), ladder->tiers[held], ladder->tiers[other]);
		}
}

static void currencies_print(const struct what_if_result *result)
{
	struct grid grid = {.columns = 4, .left = 1};
	cell_text(&grid, "outstanding");
	cell_text(&grid, "now");
	cell_text(&grid, "draft");
	cell_text(&grid, "change");
	for (int i = 0; i < result->currency_count; i++) {
		const struct what_if_currency *currency = &result->currencies[i];
		cell_text(&grid, currency->code);
		cell_figure(&grid, &currency->points_now, currency->decimals, NULL, AMOUNT_PLAIN);
		cell_figure(&grid, &currency->points_draft, currency->decimals, NULL, AMOUNT_PLAIN);
		cell_figure(&grid, &currency->points_change, currency->decimals, NULL, AMOUNT_SIGNED);
		if (!currency->is_valued)
			continue;
		snprintf(cell_next(&grid), CELL, "%s, liability", currency->code);
		cell_figure(&grid, &currency->money_now, 2, result->money, AMOUNT_FIXED);
		cell_figure(&grid, &currency->money_draft, 2, result->money, AMOUNT_FIXED);
		cell_figure(&grid, &currency->money_change, 2, result->money, AMOUNT_FIXED | AMOUNT_SIGNED);
	}
	putchar('\n');
	grid_print(&grid);
}

static void rules_print(const struct what_if_result *result)
{
	struct grid grid = {.columns = 5, .left = 2};
	char events[CELL], denied[CELL], admitted[CELL];
	cell_text(&grid, "rule");
	cell_text(&grid, "gives");
	cell_text(&grid, "posted");
	cell_text(&grid, "draft");
	cell_text(&grid, "change");
	for (int i = 0; i < result->rule_count; i++) {
		const struct what_if_rule *rule = &result->rules[i];
		cell_text(&grid, rule->id);
		cell_text(&grid, rule->currency);
		cell_figure(&grid, &rule->posted, rule->decimals, NULL, AMOUNT_PLAIN);
		cell_figure(&grid, &rule->draft, rule->decimals, NULL, AMOUNT_PLAIN);
		cell_figure(&grid, &rule->change, rule->decimals, NULL, AMOUNT_SIGNED);
	}
	putchar('\n');
	grid_print(&grid);
	printf("%s events in the period; the draft denies %s that were accepted and accepts %s that were "
	       "denied\n",
		count_text(events, &result->events), count_text(denied, &result->denied),
		count_text(admitted, &result->admitted));
}

static void member_row(struct grid *grid, const struct what_if_member *member, const char *money)
{
	char now[AMOUNT_SIZE], draft[AMOUNT_SIZE], line[CELL];
	snprintf(cell_next(grid), CELL, "%" PRId64, member->number);
	cell_text(grid, member->name);
	snprintf(line, sizeof line, "%s%s%s", member->ladder ? member->tier_now : "",
		member->ladder ? " to " : "", member->ladder ? member->tier_draft : "");
	cell_text(grid, line);
	line[0] = '\0';
	if (member->currency)
		snprintf(line, sizeof line, "%s to %s %s",
			amount_points(now, member->points_now, member->decimals, 0),
			amount_points(draft, member->points_draft, member->decimals, 0), member->currency);
	cell_text(grid, line);
	cell_text(grid, amount_money(now, member->money_change, money, AMOUNT_FIXED | AMOUNT_SIGNED));
}

static void largest_print(const struct what_if_result *result)
{
	struct grid grid = {.columns = 5, .left = 3};
	if (result->largest_count == 0) {
		puts("\nnothing would change for anybody");
		return;
	}
	printf("\nlargest changes%s\n", result->is_exact ? "" : " among those drawn");
	cell_text(&grid, "member");
	cell_text(&grid, "name");
	cell_text(&grid, "tier");
	cell_text(&grid, "points");
	cell_text(&grid, "liability");
	for (int i = 0; i < result->largest_count; i++)
		member_row(&grid, &result->largest[i], result->money);
	grid_print(&grid);
}

static void text_print(const char *name, const struct what_if_result *result, int64_t elapsed_ms)
{
	heading_print(name, result, elapsed_ms);
	for (int i = 0; i < result->ladder_count; i++)
		ladder_print(&result->ladders[i]);
	currencies_print(result);
	if (result->kind == WHAT_IF_PERIOD)
		rules_print(result);
	largest_print(result);
	putchar('\n');
}

void what_if_print(
	enum format format, const char *name, const struct what_if_result *result, int64_t elapsed_ms)
{
	if (format == FORMAT_TEXT)
		text_print(name, result, elapsed_ms);
	else if (format == FORMAT_JSON)
		what_if_print_json(name, result);
	else
		what_if_print_csv(result);
}
