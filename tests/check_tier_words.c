// Ladders as tables, two documents beside each other, and what a change means in sentences.
#include "model/programme/programme_edit.h"
#include "model/programme/programme_sides.h"
#include "model/programme/tier_words.h"
#include "tests/documents.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *tier_words_suite(void);

static const char BEFORE[] =
	"programme = { code = \"p\"; name = \"P\"; money = \"USD\"; effective_from = \"2026-01-01\";\n"
	"currencies = ( { code = \"PT\"; kind = \"redeemable\"; } );\n"
	"ladders = ( { code = \"l\"; metric = { kind = \"spend\"; }; window = { kind = \"year\"; };\n"
	"  validity = { kind = \"window_end\"; extra_months = 12; };\n"
	"  tiers = ( { code = \"base\"; name = \"Base\"; at = 0; }, { code = \"gold\"; name = \"Gold\"; at = "
	"500; },\n"
	"            { code = \"top\"; name = \"Top\"; at = 900; } ); } );\n"
	"earn = ( { id = \"buy\"; on = \"purchase\"; award = { currency = \"PT\"; ladder = \"l\"; by_tier = "
	"{ base = 1; "
	"gold = 2; top = 3; }; }; } );\n"
	"benefits = ( { code = \"lounge\"; name = \"Lounge\"; kind = \"access\"; ladder = \"l\"; tier = "
	"[\"top\"]; } );\n"
	"};\n";

static struct programme_edit old, new;
static struct tier_table old_table, new_table;
static char *words;
static char why[EDIT_WHY];

static void start(void)
{
	ck_assert(programme_edit_init(&old, BEFORE, strlen(BEFORE)));
	ck_assert(programme_edit_init(&new, BEFORE, strlen(BEFORE)));
	ck_assert(tier_table_init(&old_table, &old.outline, 0, NULL));
	words = NULL;
}

static void finish(void)
{
	free(words);
	programme_edit_free(&old);
	programme_edit_free(&new);
	tier_table_free(&old_table);
	tier_table_free(&new_table);
}

static void tell(void)
{
	ck_assert_msg(new.programme != NULL, "%s", new.errors.errors[0].text);
	ck_assert(tier_table_init(&new_table, &new.outline, 0, NULL));
	words = tier_words(&(struct tier_change_words){.before = old.programme,
		.after = new.programme,
		.table_before = &old_table,
		.table_after = &new_table,
		.from = day_make(2027, 3, 1)});
}

static void says(const char *sentence)
{
	ck_assert_msg(strstr(words, sentence) != NULL, "\"%s\" is not in:\n%s", sentence, words);
}

static void hides(const char *part)
{
	ck_assert_msg(strstr(words, part) == NULL, "\"%s\" is in:\n%s", part, words);
}

static void set(const char *path, const char *value)
{
	ck_assert_msg(programme_edit_set(&new, path, value, why), "%s: %s", path, why);
}

START_TEST(nothing_changed)
{
	tell();
	says("From 1 March 2027 on:\nNothing changes for members in this ladder.\n");
}
END_TEST

START_TEST(a_higher_threshold_spares_who_has_it)
{
	set("programme.ladders.[0].tiers.[1].at", "600");
	tell();
	says("Gold takes $600 in a calendar year instead of $500.\n");
	says("Whoever has reached a tier keeps it until the end they were promised");
	says("A tier given by hand stays until its day.\n");
	hides("moves up");
}
END_TEST

START_TEST(a_lower_threshold_lifts_at_once)
{
	set("programme.ladders.[0].tiers.[1].at", "400");
	tell();
	says("Gold takes $400 in a calendar year instead of $500.\nWhoever has enough already moves up that "
	     "day.\n");
	hides("keeps it");
}
END_TEST

START_TEST(a_ladder_that_follows_the_points_warns)
{
	set("programme.ladders.[0].returns", "revoke");
	set("programme.ladders.[0].tiers.[1].at", "600");
	tell();
	says("A tier is lost at once if goods that led to it come back.");
	says("ATTENTION: here a tier follows the points at once");
}
END_TEST

START_TEST(a_threshold_with_a_date_spares_the_year_that_runs)
{
	ck_assert(programme_edit_threshold(&new, 0, 1, "2028-01-01", "600", why));
	tell();
	says("Gold takes $600 in a calendar year instead of $500 if the year begins on 1 January 2028 or "
	     "later; one that has "
	     "begun before keeps its threshold.\n");
	hides("promised");
}
END_TEST

START_TEST(a_new_tier_is_told_by_the_one_below)
{
	ck_assert(programme_edit_insert_tier(&new, 0, 2, "plus", "Plus", "700", why));
	set("programme.earn.[0].award.by_tier.plus", "2.5");
	tell();
	says("Plus is a new tier between Gold and Top. Plus takes $700 in a calendar year.\n");
	says("Plus, buy: PT per 1: 2.5 instead of 2.\n");
	says("moves up that day");
	hides("Lounge");
}
END_TEST

START_TEST(a_tier_that_goes)
{
	ck_assert(programme_edit_switch(&new, "programme.benefits.[0].tier", "gold", true, why));
	ck_assert(programme_edit_remove_tier(&new, 0, 2, why));
	tell();
	says("Top is no more; it can go only once no member holds it.\n");
	says("Gold, Lounge: yes instead of no.\n");
}
END_TEST

START_TEST(the_only_tier_of_a_benefit_cannot_go)
{
	ck_assert(!programme_edit_remove_tier(&new, 0, 2, why));
	ck_assert_msg(strstr(why, "tier") != NULL, "%s", why);
	ck_assert_str_eq(new.outline.text, BEFORE);
}
END_TEST

START_TEST(window_and_validity)
{
	set("programme.ladders.[0].validity.extra_months", "6");
	tell();
	says("A tier lasts 6 months beyond the year it was earned in instead of 12; this moves the end of "
	     "tiers held, too.");
	free(words);
	tier_table_free(&new_table);
	ck_assert(programme_edit_window(&new, 0, "rolling", why));
	tell();
	says("It is counted within 12 months instead of in a calendar year.");
	says("keeps it until the day they were told");
}
END_TEST

START_TEST(rates_say_that_the_past_stays)
{
	set("programme.earn.[0].award.by_tier.gold", "2.2");
	tell();
	says("Gold, buy: PT per 1: 2.2 instead of 2.\nPoints earned before that day stay as they are.\n");
}
END_TEST

// Every cell that shows a setting leads to it, in every ladder of every preset.
START_TEST(cells_lead_to_their_settings)
{
	int count, cells = 0;
	char value[300];
	struct document_file *files = documents_load("db/programmes", &count);
	for (int i = 0; i < count; i++) {
		struct outline outline = {0};
		struct tier_table table;
		ck_assert(outline_read(&outline, files[i].text, files[i].length));
		for (int ladder = 0; tier_table_init(&table, &outline, ladder, NULL); ladder++) {
			for (int r = 0; r < table.count; r++)
				for (int t = 0; table.rows[r].kind != TIER_HEADING &&
						table.rows[r].kind != TIER_SWITCH &&
						t < (table.rows[r].is_wide ? 1 : table.tier_count);
					t++) {
					const struct tier_cell *cell = &table.rows[r].cells[t];
					int place = outline_find(&outline, cell->path);
					ck_assert_int_eq(place >= 0, cell->is_set);
					if (cell->is_set)
						ck_assert_str_eq(
							outline_value(&outline, place, value, sizeof value),
							cell->value);
					cells += cell->is_set;
				}
			tier_table_free(&table);
		}
		outline_free(&outline);
	}
	documents_free(files, count);
	ck_assert_int_gt(cells, 100);
}
END_TEST

static const struct side_line *side(const struct programme_sides *sides, const char *label)
{
	for (int i = 0; i < sides->count; i++)
		if (strcmp(sides->lines[i].label, label) == 0)
			return &sides->lines[i];
	ck_abort_msg("no line %s", label);
}

START_TEST(sides_show_every_difference_once)
{
	struct programme_sides sides;
	ck_assert(programme_edit_insert_tier(&new, 0, 2, "plus", "Plus", "700", why));
	set("programme.ladders.[0].tiers.[1].at", "600");
	set("programme.currencies.[0].decimals", "2");
	ck_assert(programme_sides_init(&sides, BEFORE, new.outline.text));
	ck_assert_int_eq(side(&sides, "Gold: Threshold")->difference, TIER_CHANGED);
	ck_assert_str_eq(side(&sides, "Gold: Threshold")->left, "500");
	ck_assert_int_eq(side(&sides, "Plus: Threshold")->difference, TIER_ADDED);
	ck_assert_int_eq(side(&sides, "Top: Threshold")->difference, TIER_SAME);
	ck_assert_int_eq(side(&sides, "currencies.PT.decimals")->difference, TIER_ADDED);
	ck_assert_int_eq(sides.differences, 5); // and name and rate of Plus
	programme_sides_free(&sides);
	ck_assert(programme_sides_init(&sides, new.outline.text, BEFORE));
	ck_assert_int_eq(side(&sides, "Plus: Threshold")->difference, TIER_GONE);
	ck_assert_int_eq(sides.differences, 5);
	programme_sides_free(&sides);
	ck_assert(programme_sides_init(&sides, BEFORE, BEFORE));
	ck_assert_int_eq(sides.differences, 0);
	programme_sides_free(&sides);
}
END_TEST

Suite *tier_words_suite(void)
{
	Suite *suite = suite_create("tier_words");
	TCase *cases = tcase_create("tier_words");
	tcase_add_checked_fixture(cases, start, finish);
	tcase_add_test(cases, nothing_changed);
	tcase_add_test(cases, a_higher_threshold_spares_who_has_it);
	tcase_add_test(cases, a_lower_threshold_lifts_at_once);
	tcase_add_test(cases, a_ladder_that_follows_the_points_warns);
	tcase_add_test(cases, a_threshold_with_a_date_spares_the_year_that_runs);
	tcase_add_test(cases, a_new_tier_is_told_by_the_one_below);
	tcase_add_test(cases, a_tier_that_goes);
	tcase_add_test(cases, the_only_tier_of_a_benefit_cannot_go);
	tcase_add_test(cases, window_and_validity);
	tcase_add_test(cases, rates_say_that_the_past_stays);
	tcase_add_test(cases, cells_lead_to_their_settings);
	tcase_add_test(cases, sides_show_every_difference_once);
	suite_add_tcase(suite, cases);
	return suite;
}
