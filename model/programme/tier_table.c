// Builds the table of a ladder from the places of its document.
#include "model/engine/decimal.h"
#include "model/engine/programme.h"
#include "model/engine/programme_form.h"
#include "model/programme/tier_table.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 240, DATES_MAX = 32 };

struct builder {
	struct tier_table *table;
	const struct outline *outline;
	char base[40]; // path of the ladder
};

static const char *keep(struct builder *b, const char *text)
{
	return arena_copy(&b->table->arena, text);
}

static const char *format(struct builder *b, const char *pattern, ...) __attribute__((format(printf, 2, 3)));
static const char *format(struct builder *b, const char *pattern, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;
	va_start(arguments, pattern);
	vsnprintf(text, sizeof text, pattern, arguments);
	va_end(arguments);
	return keep(b, text);
}

static const char *value_of(struct builder *b, int place)
{
	char text[TEXT_SIZE];
	return keep(b, outline_value(b->outline, place, text, sizeof text));
}

static const char *child_value(struct builder *b, int group, const char *name)
{
	return value_of(b, outline_child(b->outline, group, name));
}

static struct tier_row *row_add(struct builder *b, const struct tier_row *row)
{
	struct tier_table *table = b->table;
	ARRAY_RESERVE(table->rows, table->capacity, table->count + 1);
	struct tier_row *added = &table->rows[table->count++];
	*added = *row;
	int cells = row->kind == TIER_HEADING ? 0 : row->is_wide ? 1 : table->tier_count;
	added->cells = arena_alloc(&table->arena, (size_t)(cells + 1) * sizeof *added->cells);
	return added;
}

static void heading_add(struct builder *b, const char *label)
{
	row_add(b, &(struct tier_row){.kind = TIER_HEADING, .key = label, .label = label, .help = ""});
}

static void heading_drop(struct builder *b)
{
	if (b->table->rows[b->table->count - 1].kind == TIER_HEADING)
		b->table->count--;
}

// A cell of the setting at path; unset, `otherwise` holds.
static void cell_read(struct builder *b, struct tier_cell *cell, const char *path, const char *otherwise)
{
	int place = outline_find(b->outline, path);
	*cell = (struct tier_cell){
		.path = path, .value = place < 0 ? otherwise : value_of(b, place), .is_set = place >= 0};
}

static void wide_add(struct builder *b, const struct tier_row *row, const char *path, const char *otherwise)
{
	struct tier_row wide = *row;
	wide.is_wide = true;
	cell_read(b, &row_add(b, &wide)->cells[0], path, otherwise);
}

static void tiers_add(struct builder *b, const char *name, const char *label, const char *help)
{
	struct tier_row *row = row_add(b,
		&(struct tier_row){
			.kind = TIER_TEXT, .key = format(b, "tiers.%s", name), .label = label, .help = help});
	bool is_name = strcmp(name, "name") == 0;
	for (int i = 0; i < b->table->tier_count; i++)
		cell_read(b, &row->cells[i], format(b, "%s.tiers.[%d].%s", b->base, i, name),
			is_name ? b->table->tiers[i] : "");
}

static void map_add(struct builder *b, const struct tier_row *like, const char *map, const char *setting)
{
	struct tier_row *row = row_add(b, like);
	for (int i = 0; i < b->table->tier_count; i++)
		cell_read(b, &row->cells[i],
			format(b, "%s.%s%s%s", map, b->table->tiers[i], setting ? "." : "",
				setting ? setting : ""),
			"");
}

static void switches_add(struct builder *b, const struct tier_row *like, const char *array)
{
	struct tier_row *row = row_add(b, like);
	int place = outline_find(b->outline, array);
	for (int i = 0; i < b->table->tier_count; i++) {
		bool is_on = outline_word(b->outline, place, b->table->tiers[i]) >= 0;
		row->cells[i] =
			(struct tier_cell){.path = array, .value = is_on ? "yes" : "", .is_set = is_on};
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The days from which some tier has a threshold of its own, in order, each once.
static int dates_of(struct builder *b, const char *extra, const char *dates[DATES_MAX])
{
	int count = 0, once = 0;
	if (extra)
		dates[count++] = keep(b, extra);
	for (int i = 0; i < b->table->tier_count; i++) {
		int versions = outline_find(b->outline, format(b, "%s.tiers.[%d].versions", b->base, i));
		for (int v = outline_element(b->outline, versions, 0); v >= 0 && count < DATES_MAX;
			v = b->outline->places[v].next)
			dates[count++] = child_value(b, v, "from");
	}
	qsort(dates, (size_t)count, sizeof *dates, by_text);
	for (int i = 0; i < count; i++)
		if (once == 0 || strcmp(dates[once - 1], dates[i]) != 0)
			dates[once++] = dates[i];
	return once;
}

static void dated_cell(struct builder *b, struct tier_cell *cell, int tier, const char *from)
{
	const char *versions = format(b, "%s.tiers.[%d].versions", b->base, tier);
	*cell = (struct tier_cell){.path = versions, .value = ""};
	int place = outline_find(b->outline, versions);
	for (int v = outline_element(b->outline, place, 0); v >= 0; v = b->outline->places[v].next)
		if (strcmp(child_value(b, v, "from"), from) == 0)
			cell_read(
				b, cell, format(b, "%s.[%d].at", versions, b->outline->places[v].index), "");
}

static void thresholds_add(struct builder *b, const char *extra_date)
{
	const char *dates[DATES_MAX];
	int count = dates_of(b, extra_date, dates);
	tiers_add(b, "name", "Name", "What members call the tier");
	tiers_add(b, "at", "Threshold",
		"From how much on a member reaches the tier; it must rise from tier to tier");
	for (int i = 0; i < count; i++) {
		struct tier_row *row = row_add(b, &(struct tier_row){.kind = TIER_DATED,
							  .key = format(b, "tiers.from.%s", dates[i]),
							  .label = format(b, "from %s", dates[i]),
							  .help = "The threshold of windows that begin on "
								  "this day or later; empty: as above",
							  .from = dates[i]});
		for (int tier = 0; tier < b->table->tier_count; tier++)
			dated_cell(b, &row->cells[tier], tier, dates[i]);
	}
}

static bool window_is(struct builder *b, int kind)
{
	int place = outline_find(b->outline, format(b, "%s.window.kind", b->base));
	return outline_value_is(b->outline, place, window_words[kind]);
}

static void part_add(struct builder *b, const char *name, const char *label, const char *help,
	const char *const *words, const char *otherwise)
{
	wide_add(b,
		&(struct tier_row){.kind = words ? TIER_WORD : TIER_TEXT,
			.key = keep(b, name),
			.label = label,
			.help = help,
			.words = words},
		format(b, "%s.%s", b->base, name), otherwise);
}

static void metric_add(struct builder *b)
{
	int kind = outline_find(b->outline, format(b, "%s.metric.kind", b->base));
	int currency = outline_find(b->outline, format(b, "%s.metric.currency", b->base));
	part_add(b, "metric.kind", "Counts",
		"What leads to a tier: a currency's points, money spent, or visits", metric_words, "");
	if (currency >= 0 || outline_value_is(b->outline, kind, metric_words[METRIC_CURRENCY]))
		part_add(b, "metric.currency", "of currency", "Whose points lead to a tier", NULL, "");
}

static void window_add(struct builder *b)
{
	wide_add(b,
		&(struct tier_row){.kind = TIER_WINDOW,
			.key = "window.kind",
			.label = "Window",
			.help = "Over what time it is counted; validity follows it",
			.words = window_words},
		format(b, "%s.window.kind", b->base), "");
	if (window_is(b, WINDOW_YEAR))
		part_add(b, "window.start", "starts on", "Month and day the year begins, as 01-01", NULL,
			"01-01");
	if (window_is(b, WINDOW_ROLLING)) {
		part_add(b, "window.months", "months", "How many months back it is counted", NULL, "");
		part_add(b, "validity.months", "Valid for months",
			"How long a tier lasts once reached; not shorter than the window", NULL, "");
		part_add(b, "downgrade", "Downgrade",
			"At its end: to what was earned, or never more than one tier down", downgrade_words,
			"to_earned");
		return;
	}
	if (!window_is(b, WINDOW_LIFETIME)) {
		part_add(b, "validity.extra_months", "Valid after it, months",
			"How long a tier lasts behind the end of the window it was earned in", NULL, "0");
		part_add(b, "rollover", "Rollover",
			"Whether what was earned above the threshold counts in the next window",
			rollover_words, "none");
	}
	part_add(b, "returns", "Returned goods", "Whether a tier stays when goods that led to it come back",
		returns_words, "keep");
}

static bool names_ladder(struct builder *b, int group)
{
	return outline_value_is(b->outline, outline_child(b->outline, group, "ladder"), b->table->code);
}

static const char *plain(struct builder *b, const char *integer)
{
	char out[DECIMAL_SIZE];
	return keep(b, decimal_format(strtoll(*integer ? integer : "100", NULL, 10), 2, out));
}

// "2 STAR per 1": what the rule gives, without its rate.
static const char *award_label(struct builder *b, int award, const char *id)
{
	bool has_units =
		outline_value_is(b->outline, outline_child(b->outline, award, "use_quantity"), "true");
	const char *currency = child_value(b, award, "currency"), *per = child_value(b, award, "per");
	if (outline_child(b->outline, award, "fixed") >= 0)
		return format(b, "%s: %s", id, currency);
	return format(b, "%s: %s per %s", id, currency, has_units ? *per ? per : "100" : plain(b, per));
}

// Whom a rule or multiplier is for, if it asks for this ladder's tiers.
static void when_add(struct builder *b, const char *path, const char *key, const char *label)
{
	int when = outline_find(b->outline, format(b, "%s.when", path));
	if (names_ladder(b, when) && outline_child(b->outline, when, "tier") >= 0)
		switches_add(b,
			&(struct tier_row){.kind = TIER_SWITCH,
				.key = format(b, "%s.when", key),
				.label = format(b, "%s is for", label),
				.help = "Which tiers it is for: Enter says yes or no"},
			format(b, "%s.when.tier", path));
}

static void multipliers_add(struct builder *b, const char *path, const char *id)
{
	int list = outline_find(b->outline, format(b, "%s.multipliers", path));
	for (int m = outline_element(b->outline, list, 0); m >= 0; m = b->outline->places[m].next) {
		const char *own = child_value(b, m, "id"), *label = format(b, "%s x %s", id, own);
		const char *key = format(b, "earn.%s.%s", id, own);
		const char *place = format(b, "%s.multipliers.[%d]", path, b->outline->places[m].index);
		wide_add(b,
			&(struct tier_row){.kind = TIER_TEXT,
				.key = key,
				.label = label,
				.help = "By how much the rule's points are multiplied when it applies"},
			format(b, "%s.factor", place), "");
		when_add(b, place, key, label);
	}
}

static void rule_add(struct builder *b, int rule)
{
	const char *id = child_value(b, rule, "id"), *key = format(b, "earn.%s", id);
	const char *path = format(b, "programme.earn.[%d]", b->outline->places[rule].index);
	int award = outline_child(b->outline, rule, "award");
	struct tier_row row = {.kind = TIER_TEXT, .key = key, .label = award_label(b, award, id)};
	bool is_for_tiers = names_ladder(b, outline_child(b->outline, rule, "when"));
	row.help = "How many points the rule gives";
	if (names_ladder(b, award))
		map_add(b, &row, format(b, "%s.award.by_tier", path), NULL);
	else if (is_for_tiers && outline_child(b->outline, award, "rate") >= 0)
		wide_add(b, &row, format(b, "%s.award.rate", path), "");
	else if (is_for_tiers && outline_child(b->outline, award, "fixed") >= 0)
		wide_add(b, &row, format(b, "%s.award.fixed", path), "");
	when_add(b, path, key, id);
	multipliers_add(b, path, id);
}

static void benefit_add(struct builder *b, int benefit)
{
	const char *code = child_value(b, benefit, "code"), *name = child_value(b, benefit, "name");
	const char *path = format(b, "programme.benefits.[%d]", b->outline->places[benefit].index);
	if (!names_ladder(b, benefit))
		return;
	switches_add(b,
		&(struct tier_row){.kind = TIER_SWITCH,
			.key = format(b, "benefit.%s", code),
			.label = *name ? name : code,
			.help = "Which tiers have this benefit: Enter says yes or no"},
		format(b, "%s.tier", path));
	if (outline_child(b->outline, benefit, "value") >= 0)
		wide_add(b,
			&(struct tier_row){.kind = TIER_TEXT,
				.key = format(b, "benefit.%s.value", code),
				.label = format(b, "%s: value", code),
				.help = "Per cent of a discount, else money"},
			format(b, "%s.value", path), "");
}

static void reward_add(struct builder *b, int reward)
{
	const char *code = child_value(b, reward, "code");
	const char *path = format(b, "programme.rewards.[%d]", b->outline->places[reward].index);
	if (!names_ladder(b, reward))
		return;
	if (outline_child(b->outline, reward, "tier") >= 0)
		switches_add(b,
			&(struct tier_row){.kind = TIER_SWITCH,
				.key = format(b, "reward.%s", code),
				.label = format(b, "reward %s", code),
				.help = "Which tiers may redeem this reward: Enter says yes or no"},
			format(b, "%s.tier", path));
	if (outline_child(b->outline, reward, "discount_pct_by_tier") >= 0)
		map_add(b,
			&(struct tier_row){.kind = TIER_TEXT,
				.key = format(b, "reward.%s.discount", code),
				.label = format(b, "reward %s: %% off", code),
				.help = "Per cent off the reward's cost; empty: none"},
			format(b, "%s.discount_pct_by_tier", path), NULL);
}

static bool any_tier_has(struct builder *b, const char *map, const char *setting)
{
	for (int i = 0; i < b->table->tier_count; i++)
		if (outline_find(b->outline, format(b, "%s.%s.%s", map, b->table->tiers[i], setting)) >= 0)
			return true;
	return false;
}

static void grant_add(struct builder *b, int grant)
{
	static const char *const settings[] = {"none", "reward", "amount", "valid_days", "valid_months",
		"valid_to", "expires_on", "expires_years"};
	const char *id = child_value(b, grant, "id");
	const char *map = format(b, "programme.grants.[%d].by_tier", b->outline->places[grant].index);
	if (!names_ladder(b, grant))
		return;
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (any_tier_has(b, map, settings[i]))
			map_add(b,
				&(struct tier_row){.kind = TIER_TEXT,
					.key = format(b, "grant.%s.%s", id, settings[i]),
					.label = format(b, "gift %s: %s", id, settings[i]),
					.help = "Of what the tier is given; empty: as the gift itself says"},
				map, settings[i]);
}

static void currency_add(struct builder *b, int currency)
{
	const char *code = child_value(b, currency, "code");
	int expiry = outline_child(b->outline, currency, "expiry");
	if (names_ladder(b, expiry) && outline_child(b->outline, expiry, "unless_tier") >= 0)
		switches_add(b,
			&(struct tier_row){.kind = TIER_SWITCH,
				.key = format(b, "currency.%s", code),
				.label = format(b, "%s never expires", code),
				.help = "Whose points do not expire while the tier is held: Enter says yes "
					"or no"},
			format(b, "programme.currencies.[%d].expiry.unless_tier",
				b->outline->places[currency].index));
}

static void each(struct builder *b, const char *list, void (*add)(struct builder *, int))
{
	int place = outline_child(b->outline, outline_find(b->outline, "programme"), list);
	for (int i = outline_element(b->outline, place, 0); i >= 0; i = b->outline->places[i].next)
		add(b, i);
}

static void rows_add(struct builder *b, const char *extra_date)
{
	thresholds_add(b, extra_date);
	heading_add(b, "How a tier is reached and kept");
	metric_add(b);
	window_add(b);
	heading_add(b, "What earns points");
	each(b, "earn", rule_add);
	heading_drop(b);
	heading_add(b, "What a tier brings");
	each(b, "benefits", benefit_add);
	each(b, "rewards", reward_add);
	each(b, "grants", grant_add);
	each(b, "currencies", currency_add);
	heading_drop(b);
}

static void tiers_read(struct builder *b, int tiers)
{
	struct tier_table *table = b->table;
	size_t size = (size_t)(b->outline->places[tiers].count + 1) * sizeof *table->tiers;
	table->tiers = arena_alloc(&table->arena, size);
	table->names = arena_alloc(&table->arena, size);
	for (int i = outline_element(b->outline, tiers, 0); i >= 0; i = b->outline->places[i].next) {
		const char *name = child_value(b, i, "name");
		table->tiers[table->tier_count] = child_value(b, i, "code");
		table->names[table->tier_count] = *name ? name : table->tiers[table->tier_count];
		table->tier_count++;
	}
}

void tier_table_free(struct tier_table *table)
{
	free(table->rows);
	arena_free(&table->arena);
	*table = (struct tier_table){0};
}

bool tier_table_init(
	struct tier_table *table, const struct outline *outline, int ladder, const char *extra_date)
{
	*table = (struct tier_table){.ladder = ladder};
	struct builder b = {.table = table, .outline = outline};
	snprintf(b.base, sizeof b.base, "programme.ladders.[%d]", ladder);
	int tiers = outline_find(outline, format(&b, "%s.tiers", b.base));
	if (tiers < 0) {
		tier_table_free(table);
		return false;
	}
	table->code = child_value(&b, outline_find(outline, b.base), "code");
	tiers_read(&b, tiers);
	rows_add(&b, extra_date);
	return true;
}

int tier_table_ladder(const struct outline *outline, const char *code)
{
	int list = outline_find(outline, "programme.ladders");
	for (int i = outline_element(outline, list, 0); i >= 0; i = outline->places[i].next)
		if (outline_value_is(outline, outline_child(outline, i, "code"), code))
			return outline->places[i].index;
	return -1;
}

int tier_table_tier(const struct tier_table *table, const char *code)
{
	for (int i = 0; i < table->tier_count; i++)
		if (strcmp(table->tiers[i], code) == 0)
			return i;
	return -1;
}

const struct tier_cell *tier_table_find(const struct tier_table *table, const char *key, const char *tier)
{
	for (int i = 0; i < table->count; i++) {
		const struct tier_row *row = &table->rows[i];
		if (row->kind == TIER_HEADING || strcmp(row->key, key) != 0)
			continue;
		int column = row->is_wide ? 0 : tier_table_tier(table, tier);
		return column < 0 ? NULL : &row->cells[column];
	}
	return NULL;
}

enum tier_difference tier_table_compare(const struct tier_table *table, int row, int tier,
	const struct tier_table *before, const char **value_before)
{
	*value_before = "";
	if (!before || table->rows[row].kind == TIER_HEADING)
		return TIER_SAME;
	const struct tier_cell *now = &table->rows[row].cells[table->rows[row].is_wide ? 0 : tier];
	const struct tier_cell *old = tier_table_find(before, table->rows[row].key, table->tiers[tier]);
	*value_before = old ? old->value : "";
	if (strcmp(now->value, *value_before) == 0)
		return TIER_SAME;
	if (**value_before == '\0')
		return TIER_ADDED;
	return *now->value == '\0' ? TIER_GONE : TIER_CHANGED;
}
