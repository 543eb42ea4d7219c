// Puts the difference between two versions of a ladder into sentences.
#include "model/amount.h"
#include "model/programme/tier_words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct teller {
	FILE *out;
	const struct programme *before, *after;
	const struct ladder *old, *new;
	bool is_higher; // something is asked for that was not before: what present members keep is told
	bool is_lower;
};

const char *day_words(day_t day, char out[DAY_WORDS])
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"};
	struct day_parts parts = day_split(day);
	snprintf(out, DAY_WORDS, "%d %s %d", parts.day, months[parts.month - 1], parts.year);
	return out;
}

// Whole amounts of money without their decimals: "$500.00" becomes "$500".
static void decimals_drop(char *amount)
{
	char *point = strstr(amount, ".00");
	if (point && (point[3] == '\0' || point[3] == ' '))
		memmove(point, point + 3, strlen(point + 3) + 1);
}

// "500 STAR", "$500", "12 visits".
static const char *amount_words(const struct programme *p, const struct ladder *ladder, int64_t at, char *out)
{
	char number[AMOUNT_SIZE];
	if (ladder->metric == METRIC_SPEND) {
		amount_money(out, at, p->money, AMOUNT_PLAIN);
		decimals_drop(out);
		return out;
	}
	amount_points(number, at, 2, AMOUNT_PLAIN);
	snprintf(out, AMOUNT_SIZE + CODE_SIZE, "%s %s", number,
		ladder->metric == METRIC_VISITS ? "visits" : p->currencies[ladder->currency].code);
	return out;
}

static const char *window_text(const struct ladder *ladder, char *out, size_t size)
{
	static const char *const texts[] = {[WINDOW_YEAR] = "in a calendar year",
		[WINDOW_MONTH] = "in a calendar month",
		[WINDOW_MEMBERSHIP_YEAR] = "in a year of membership",
		[WINDOW_LIFETIME] = "in a lifetime"};
	bool is_calendar = ladder->window_start.month == 1 && ladder->window_start.day == 1;
	if (ladder->window == WINDOW_ROLLING)
		snprintf(out, size, "within %d months", ladder->window_months);
	else if (ladder->window == WINDOW_YEAR && !is_calendar)
		snprintf(out, size, "in a year that begins on %02d-%02d", ladder->window_start.month,
			ladder->window_start.day);
	else
		snprintf(out, size, "%s", texts[ladder->window]);
	return out;
}

static const char *window_noun(const struct ladder *ladder)
{
	return ladder->window == WINDOW_MONTH ? "month" : "year";
}

static void tell_reach(struct teller *t, const struct tier *tier, int64_t at)
{
	char amount[AMOUNT_SIZE + CODE_SIZE], window[80];
	fprintf(t->out, "%s takes %s %s", tier->name, amount_words(t->after, t->new, at, amount),
		window_text(t->new, window, sizeof window));
}

static void tell_new_tier(struct teller *t, int number)
{
	const struct tier *tiers = t->new->tiers;
	fprintf(t->out, "%s is a new tier %s %s%s%s. ", tiers[number].name,
		number + 1 < t->new->tier_count ? "between" : "above", tiers[number - 1].name,
		number + 1 < t->new->tier_count ? " and " : "",
		number + 1 < t->new->tier_count ? tiers[number + 1].name : "");
	tell_reach(t, &tiers[number], tiers[number].at);
	fprintf(t->out, ".\n");
	t->is_lower = true;
}

static void tell_threshold(struct teller *t, const struct tier *old, const struct tier *new)
{
	char amount[AMOUNT_SIZE + CODE_SIZE];
	if (old->at == new->at)
		return;
	tell_reach(t, new, new->at);
	fprintf(t->out, " instead of %s.\n", amount_words(t->before, t->old, old->at, amount));
	t->is_higher |= new->at > old->at;
	t->is_lower |= new->at < old->at;
}

static int64_t threshold_on(const struct tier *tier, day_t day)
{
	int64_t at = tier->at;
	for (int i = 0; i < tier->version_count && tier->versions[i].from <= day; i++)
		at = tier->versions[i].at;
	return at;
}

static bool has_version(const struct tier *tier, const struct threshold *version)
{
	for (int i = 0; tier && i < tier->version_count; i++)
		if (tier->versions[i].from == version->from && tier->versions[i].at == version->at)
			return true;
	return false;
}

// Thresholds with a date spare the windows that have begun before it.
static void tell_dated(struct teller *t, const struct tier *old, const struct tier *new)
{
	char day[DAY_WORDS], amount[AMOUNT_SIZE + CODE_SIZE];
	for (int i = 0; i < new->version_count; i++) {
		const struct threshold *version = &new->versions[i];
		if (has_version(old, version))
			continue;
		tell_reach(t, new, version->at);
		fprintf(t->out,
			" instead of %s if the %s begins on %s or later; one that has begun before keeps its "
			"threshold.\n",
			amount_words(t->after, t->new, threshold_on(new, version->from - 1), amount),
			window_noun(t->new), day_words(version->from, day));
	}
	for (int i = 0; old && i < old->version_count; i++)
		if (!has_version(new, &old->versions[i]) &&
			threshold_on(new, old->versions[i].from) != old->versions[i].at)
			fprintf(t->out, "The threshold of %s that was to come on %s does not come.\n",
				new->name, day_words(old->versions[i].from, day));
}

static void tell_tiers(struct teller *t)
{
	for (int i = 0; i < t->new->tier_count; i++) {
		int was = programme_tier(t->old, t->new->tiers[i].code);
		const struct tier *old = was < 0 ? NULL : &t->old->tiers[was];
		if (!old)
			tell_new_tier(t, i);
		else
			tell_threshold(t, old, &t->new->tiers[i]);
		tell_dated(t, old, &t->new->tiers[i]);
	}
	for (int i = 0; i < t->old->tier_count; i++)
		if (programme_tier(t->new, t->old->tiers[i].code) < 0)
			fprintf(t->out, "%s is no more; it can go only once no member holds it.\n",
				t->old->tiers[i].name);
}

static void tell_counting(struct teller *t)
{
	static const char *const counted[] = {
		[METRIC_CURRENCY] = "points", [METRIC_SPEND] = "money spent", [METRIC_VISITS] = "visits"};
	char now[80], was[80];
	window_text(t->new, now, sizeof now);
	window_text(t->old, was, sizeof was);
	if (t->new->metric != t->old->metric)
		fprintf(t->out, "For a tier %s count instead of %s.\n", counted[t->new->metric],
			counted[t->old->metric]);
	if (strcmp(now, was) != 0)
		fprintf(t->out, "It is counted %s instead of %s.\n", now, was);
	t->is_higher |= t->new->metric != t->old->metric || strcmp(now, was) != 0;
}

// What was promised with a date stays with a rolling ladder; the end of other tiers is worked out anew.
static void tell_validity(struct teller *t)
{
	if (t->new->window != t->old->window)
		return;
	if (t->new->window == WINDOW_ROLLING && t->new->validity_months != t->old->validity_months)
		fprintf(t->out,
			"A tier reached from then on lasts %d months instead of %d; who holds one keeps the "
			"day they were told.\n",
			t->new->validity_months, t->old->validity_months);
	if (t->new->extra_months != t->old->extra_months)
		fprintf(t->out,
			"A tier lasts %d months beyond the %s it was earned in instead of %d; this moves the "
			"end of tiers held, too.\n",
			t->new->extra_months, window_noun(t->new), t->old->extra_months);
	if (t->new->one_down != t->old->one_down)
		fprintf(t->out, "When a tier ends, a member falls %s.\n",
			t->new->one_down ? "by one tier at most"
					 : "to the tier the points give, however far");
	if (t->new->rollover != t->old->rollover)
		fprintf(t->out, "What was earned above the threshold %s in the next %s.\n",
			t->new->rollover ? "counts again" : "no longer counts", window_noun(t->new));
}

static void tell_returns(struct teller *t)
{
	static const char *const texts[] = {
		[RETURNS_KEEP] = "A tier stays even if goods that led to it come back.",
		[RETURNS_REVOKE] = "A tier is lost at once if goods that led to it come back.",
		[RETURNS_AT_WINDOW_END] = "If goods come back, it is judged anew at the end of the window "
					  "whether a tier stays."};
	if (t->new->returns != t->old->returns)
		fprintf(t->out, "%s\n", texts[t->new->returns]);
}

static const char *cell_word(const struct tier_row *row, const char *value)
{
	if (row->kind == TIER_SWITCH)
		return *value ? "yes" : "no";
	return *value ? value : "none";
}

static bool is_earning(const struct tier_row *row)
{
	return strncmp(row->key, "earn.", 5) == 0;
}

// Rows told above, by thresholds and windows, are those of tiers and of the ladder itself.
static bool is_told(const struct tier_row *row)
{
	static const char *const keys[] = {"tiers.at", "tiers.from.", "metric.", "window.", "validity.",
		"downgrade", "rollover", "returns"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strncmp(row->key, keys[i], strlen(keys[i])) == 0)
			return true;
	return row->kind == TIER_HEADING || row->kind == TIER_DATED;
}

// A new tier is told by how it differs from the one below, from which it has what it has.
static const char *value_before(const struct tier_change_words *change, const struct tier_row *row, int tier)
{
	const char *code = change->table_after->tiers[tier];
	const struct tier_cell *cell = tier_table_find(change->table_before, row->key, code);
	if (!cell && tier > 0 && !row->is_wide && tier_table_tier(change->table_before, code) < 0)
		cell = strcmp(row->key, "tiers.name") == 0 ? &row->cells[tier] : &row->cells[tier - 1];
	return cell ? cell->value : "";
}

static void tell_row(
	struct teller *t, const struct tier_change_words *change, const struct tier_row *row, bool *earns)
{
	int tiers = row->is_wide ? 1 : change->table_after->tier_count;
	for (int i = 0; i < tiers; i++) {
		const char *was = value_before(change, row, i), *now = row->cells[i].value;
		if (strcmp(was, now) == 0)
			continue;
		fprintf(t->out, "%s%s%s: %s instead of %s.\n",
			row->is_wide ? "" : change->table_after->names[i], row->is_wide ? "" : ", ",
			row->label, cell_word(row, now), cell_word(row, was));
		*earns |= is_earning(row);
	}
}

static void tell_rest(struct teller *t, const struct tier_change_words *change)
{
	bool earns = false;
	for (int i = 0; i < change->table_after->count; i++)
		if (!is_told(&change->table_after->rows[i]))
			tell_row(t, change, &change->table_after->rows[i], &earns);
	if (earns)
		fprintf(t->out, "Points earned before that day stay as they are.\n");
}

static const char *promise(const struct ladder *ladder)
{
	if (ladder->window == WINDOW_ROLLING)
		return "Whoever holds a tier that day keeps it until the day they were told, even if they "
		       "have less than "
		       "the new rules ask for; only then do the new rules decide.";
	if (ladder->returns == RETURNS_REVOKE)
		return "ATTENTION: here a tier follows the points at once, so whoever has less than the new "
		       "rules ask for "
		       "loses theirs that day. A threshold with a date of its own spares the window that is "
		       "running.";
	if (ladder->returns == RETURNS_AT_WINDOW_END)
		return "Whoever holds a tier that day keeps it until the window ends; then the new rules "
		       "decide about it.";
	if (ladder->window == WINDOW_LIFETIME)
		return "Whoever has reached a tier keeps it for good, even with less than the new rules ask "
		       "for.";
	return "Whoever has reached a tier keeps it until the end they were promised, even with less than "
	       "the new rules "
	       "ask for; whoever has not reached it yet needs the new amount.";
}

static void tell_members(struct teller *t)
{
	if (t->is_lower)
		fprintf(t->out, "Whoever has enough already moves up that day.\n");
	if (t->is_higher)
		fprintf(t->out, "%s\n", promise(t->new));
	if (t->is_higher || t->is_lower)
		fprintf(t->out, "A tier given by hand stays until its day.\n");
}

char *tier_words(const struct tier_change_words *change)
{
	char *text = NULL, day[DAY_WORDS];
	size_t length;
	struct teller t = {.before = change->before, .after = change->after};
	int old = programme_ladder(change->before, change->table_after->code);
	t.new = &change->after->ladders[change->table_after->ladder];
	t.out = open_memstream(&text, &length);
	if (!t.out)
		return NULL;
	if (old < 0) {
		fprintf(t.out, "This ladder is new: every member starts at %s.\n", t.new->tiers[0].name);
	} else {
		t.old = &change->before->ladders[old];
		fprintf(t.out, "From %s on:\n", day_words(change->from, day));
		long start = ftell(t.out);
		tell_tiers(&t);
		tell_counting(&t);
		tell_validity(&t);
		tell_returns(&t);
		tell_rest(&t, change);
		tell_members(&t);
		if (ftell(t.out) == start)
			fprintf(t.out, "Nothing changes for members in this ladder.\n");
	}
	return fclose(t.out) == 0 ? text : NULL;
}
