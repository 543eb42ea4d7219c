// The editor of programme documents: what is set reads back, the rest keeps every byte, every change has an
// inverse.
#include "model/programme/programme_edit.h"
#include "tests/documents.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

Suite *programme_edit_suite(void);

static struct document_file *files;
static int file_count;
static char why[EDIT_WHY];

static void load(void)
{
	files = documents_load("db/programmes", &file_count);
	const char *given = getenv("CHECK_SEED");
	unsigned seed =
		given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL) ^ (unsigned)getpid();
	printf("programme_edit: CHECK_SEED=%u CK_RUN_SUITE=programme_edit build/check\n", seed);
	srand(seed);
}

static void unload(void)
{
	documents_free(files, file_count);
}

static void edit_open(struct programme_edit *edit, const struct document_file *file)
{
	ck_assert_msg(programme_edit_init(edit, file->text, file->length), "%s: %s", file->path,
		edit->errors.count ? edit->errors.errors[0].text : "no document");
	ck_assert_ptr_nonnull(edit->programme);
}

static void edit_text(struct programme_edit *edit, const char *text)
{
	ck_assert_msg(programme_edit_init(edit, text, strlen(text)), "%s",
		edit->errors.count ? edit->errors.errors[0].text : "no document");
}

static void path_of(const struct outline *outline, int place, char *out, size_t size)
{
	const struct place *p = &outline->places[place];
	char part[80];
	if (p->parent < 0) {
		out[0] = '\0';
		return;
	}
	path_of(outline, p->parent, out, size);
	if (p->name_length > 0)
		snprintf(part, sizeof part, "%.*s", (int)p->name_length, outline->text + p->name);
	else
		snprintf(part, sizeof part, "[%d]", p->index);
	size_t used = strlen(out);
	snprintf(out + used, size - used, "%s%s", used ? "." : "", part);
}

// Every setting of every preset is found by its path; set to what it is, no byte changes.
START_TEST(every_setting_is_found_and_set)
{
	for (int i = 0; i < file_count; i++) {
		struct programme_edit edit;
		int scalars = 0;
		edit_open(&edit, &files[i]);
		for (int place = 1; place < edit.outline.count; place++) {
			char path[EDIT_PATH], value[400];
			path_of(&edit.outline, place, path, sizeof path);
			ck_assert_int_eq(outline_find(&edit.outline, path), place);
			enum node_type type = edit.outline.places[place].type;
			if (type == NODE_GROUP || type == NODE_LIST ||
				!edit.outline.places[place].name_length)
				continue;
			outline_value(&edit.outline, place, value, sizeof value);
			ck_assert_msg(programme_edit_set(&edit, path, value, why), "%s: %s: %s",
				files[i].path, path, why);
			ck_assert_str_eq(edit.outline.text, files[i].text);
			scalars++;
		}
		ck_assert_int_gt(scalars, 5);
		programme_edit_free(&edit);
	}
}
END_TEST

// Another threshold: reads back, everything before and behind the value keeps its bytes, undo brings all
// back.
START_TEST(a_threshold_changes_its_own_bytes_only)
{
	for (int i = 0; i < file_count; i++) {
		struct programme_edit edit;
		edit_open(&edit, &files[i]);
		for (int place = 1; place < edit.outline.count; place++) {
			char path[EDIT_PATH], value[40];
			path_of(&edit.outline, place, path, sizeof path);
			size_t length = strlen(path);
			if (!strstr(path, "].tiers.[") || strcmp(path + length - 3, ".at") != 0)
				continue;
			struct place before = edit.outline.places[place];
			snprintf(value, sizeof value, "%d", rand() % 100000);
			ck_assert_msg(programme_edit_set(&edit, path, value, why), "%s", why);
			ck_assert(outline_value_is(&edit.outline, outline_find(&edit.outline, path), value));
			struct place after = edit.outline.places[place];
			ck_assert_int_eq(memcmp(edit.outline.text, files[i].text, before.value), 0);
			ck_assert_str_eq(
				edit.outline.text + after.value_end, files[i].text + before.value_end);
			ck_assert_ptr_nonnull(programme_edit_undo(&edit));
			ck_assert_str_eq(edit.outline.text, files[i].text);
		}
		programme_edit_free(&edit);
	}
}
END_TEST

// Between any two tiers of any ladder: the document stays right, and taking the tier out again restores every
// byte.
START_TEST(insert_then_remove_is_the_original)
{
	int inserted = 0;
	for (int i = 0; i < file_count; i++) {
		struct programme_edit edit;
		edit_open(&edit, &files[i]);
		for (int ladder = 0; ladder < edit.programme->ladder_count; ladder++)
			for (int tier = 1; tier < edit.programme->ladders[ladder].tier_count; tier++) {
				char at[40];
				const struct tier *tiers = edit.programme->ladders[ladder].tiers;
				int64_t middle = (tiers[tier - 1].at + tiers[tier].at) / 2;
				bool has_versions =
					tiers[tier - 1].version_count || tiers[tier].version_count;
				snprintf(at, sizeof at, "%lld", (long long)middle / 100);
				ck_assert_msg(programme_edit_insert_tier(
						      &edit, ladder, tier, "between_two", "Between", at, why),
					"%s: %s", files[i].path, why);
				ck_assert_msg(edit.errors.count == 0 || has_versions, "%s: %s %s",
					files[i].path, edit.errors.errors[0].path,
					edit.errors.errors[0].text);
				ck_assert_msg(
					programme_edit_remove_tier(&edit, ladder, tier, why), "%s", why);
				ck_assert_str_eq(edit.outline.text, files[i].text);
				ck_assert_ptr_nonnull(edit.programme);
				inserted++;
			}
		programme_edit_free(&edit);
	}
	ck_assert_int_gt(inserted, 20);
}
END_TEST

// What the tier below has, the new tier has: rates, rewards, expiry, gifts.
START_TEST(a_new_tier_has_what_the_one_below_has)
{
	struct programme_edit edit;
	for (int i = 0; i < file_count; i++) {
		if (!strstr(files[i].path, "starbucks_us_2026"))
			continue;
		edit_open(&edit, &files[i]);
		ck_assert(programme_edit_insert_tier(&edit, 0, 2, "plus", "", "1500", why));
		ck_assert_ptr_nonnull(edit.programme);
		const struct ladder *ladder = &edit.programme->ladders[0];
		ck_assert_str_eq(ladder->tiers[2].code, "plus");
		ck_assert_int_eq(edit.programme->earn[0].award.rates[2], 12000);
		ck_assert(edit.programme->currencies[0].expiry.unless_tier[2]);
		ck_assert_int_eq(edit.programme->grants[0].by_tier[2].validity.count, 7);
		programme_edit_free(&edit);
		return;
	}
	ck_abort_msg("the preset is missing");
}
END_TEST

// Random elements and settings put in anywhere and taken out again.
START_TEST(add_then_remove_restores_every_byte)
{
	for (int i = 0; i < file_count; i++) {
		struct outline outline = {0};
		ck_assert(outline_read(&outline, files[i].text, files[i].length));
		for (int round = 0; round < 200; round++) {
			int parent = rand() % outline.count;
			enum node_type type = outline.places[parent].type;
			if (parent == 0 || (type != NODE_GROUP && type != NODE_LIST && type != NODE_ARRAY))
				continue;
			int after = rand() % (outline.places[parent].count + 1) - 1;
			ck_assert(outline_add(&outline, parent, outline_element(&outline, parent, after),
				type == NODE_GROUP ? "added" : NULL,
				type == NODE_LIST ? "{ a = 1; }" : "\"x\""));
			int added = outline_element(&outline, parent, after + 1);
			ck_assert_int_ge(added, 0);
			ck_assert(outline_remove(&outline, added));
			ck_assert_str_eq(outline.text, files[i].text);
		}
		outline_free(&outline);
	}
}
END_TEST

static const char COMMENTED[] =
	"# ours\nprogramme = {\n"
	"  code = \"p\"; name = \"P\"; money = \"USD\"; effective_from = \"2026-01-01\";\n"
	"  ladders = ( {\n"
	"    code = \"l\"; metric = { kind = \"spend\" };\n"
	"    window = { kind = \"year\"; };  // the calendar's\n"
	"    validity = { kind = \"window_end\"; };\n"
	"    tiers = (\n"
	"      { code = \"base\"; at = 0; },  # everybody\n"
	"      { code = \"gold\"; at = \"500\"; }  /* told in 2024 */\n"
	"    );\n"
	"  } );\n"
	"};\n";

START_TEST(comments_and_layout_stay)
{
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].returns", "revoke", why));
	ck_assert_ptr_nonnull(strstr(edit.outline.text, "    );\n    returns = \"revoke\";\n  } );"));
	ck_assert(programme_edit_insert_tier(&edit, 0, 1, "silver", "Silver", "250", why));
	ck_assert_ptr_nonnull(strstr(edit.outline.text, "at = 0; },  # everybody\n      { code = \"silver\"; "
							"name = \"Silver\"; at = \"250\"; },\n      { code"));
	ck_assert(programme_edit_insert_tier(&edit, 0, 3, "top", "", "900", why));
	ck_assert_ptr_nonnull(strstr(edit.outline.text,
		"at = \"500\"; },\n      { code = \"top\"; at = \"900\"; }  /* told in 2024 */"));
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].window.start", "04-01", why));
	ck_assert_ptr_nonnull(
		strstr(edit.outline.text, "{ kind = \"year\"; start = \"04-01\"; };  // the calendar's"));
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].tiers.[0].at", "0", why));
	ck_assert_ptr_nonnull(strstr(edit.outline.text, "at = 0; }"));
	ck_assert_ptr_nonnull(edit.programme);
	while (programme_edit_undo(&edit))
		;
	ck_assert_str_eq(edit.outline.text, COMMENTED);
	ck_assert(!programme_edit_changed(&edit));
	programme_edit_free(&edit);
}
END_TEST

START_TEST(a_wrong_form_is_refused)
{
	static const struct {
		const char *path, *value, *part;
	} wrong[] = {
		{"tiers.[1].at", "five", "at"},
		{"tiers.[1].at", "5.123", "at"},
		{"tiers.[1].at", "", "at is required"},
		{"window.start", "02-30", "start"},
		{"window.months", "two", "whole number"},
		{"returns", "perhaps", "returns"},
		{"tiers.[1].code", "a b", "code"},
		{"nonsense", "1", "no setting"},
		{"tiers.[7].at", "1", "cannot stand there"},
		{"tiers.[1].name", "a\001b", ""},
	};
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char path[EDIT_PATH];
		snprintf(path, sizeof path, "programme.ladders.[0].%s", wrong[i].path);
		ck_assert_msg(!programme_edit_set(&edit, path, wrong[i].value, why), "%s took %s", path,
			wrong[i].value);
		ck_assert_msg(strstr(why, wrong[i].part) != NULL, "%s: %s", path, why);
		ck_assert_str_eq(edit.outline.text, COMMENTED);
		ck_assert_ptr_null(programme_edit_undo(&edit));
	}
	programme_edit_free(&edit);
}
END_TEST

// What settings demand of each other may be broken on the way, and is told at its place.
START_TEST(a_broken_relation_is_told_at_its_path)
{
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_insert_tier(&edit, 0, 2, "top", "", "900", why));
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].tiers.[1].at", "1000", why));
	ck_assert_ptr_null(edit.programme);
	ck_assert_ptr_nonnull(programme_edit_error(&edit, "programme.ladders.[0].tiers.[2].at"));
	ck_assert_ptr_null(programme_edit_error(&edit, "programme.ladders.[0].tiers.[1].at"));
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].tiers.[2].at", "2000", why));
	ck_assert_int_eq(edit.errors.count, 0);
	ck_assert_ptr_nonnull(edit.programme);
	programme_edit_free(&edit);
}
END_TEST

START_TEST(windows_take_what_fits_them)
{
	static const char *const kinds[] = {
		"rolling", "lifetime", "month", "membership_year", "rolling", "year"};
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2027-01-01", "600", why));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		ck_assert_msg(programme_edit_window(&edit, 0, kinds[i], why), "%s: %s", kinds[i], why);
		ck_assert_msg(edit.programme != NULL, "%s: %s", kinds[i], edit.errors.errors[0].text);
	}
	ck_assert(!programme_edit_window(&edit, 0, "fortnight", why));
	programme_edit_free(&edit);
}
END_TEST

START_TEST(thresholds_by_date)
{
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2028-01-01", "700", why));
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2027-01-01", "600", why));
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2028-01-01", "750", why));
	ck_assert_ptr_nonnull(strstr(edit.outline.text, "versions = ( { from = \"2027-01-01\"; at = \"600\"; "
							"}, { from = \"2028-01-01\"; at = \"750\"; } )"));
	ck_assert_int_eq(edit.programme->ladders[0].tiers[1].version_count, 2);
	ck_assert(!programme_edit_threshold(&edit, 0, 1, "2027-02-30", "1", why));
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2028-01-01", "", why));
	ck_assert(programme_edit_threshold(&edit, 0, 1, "2027-01-01", "", why));
	ck_assert_str_eq(edit.outline.text, COMMENTED);
	programme_edit_free(&edit);
}
END_TEST

START_TEST(benefits_and_their_list_come_and_go)
{
	const struct benefit_words lounge = {"lounge", "Lounge", "access", ""},
				   sale = {"sale", "", "discount_pct", "10"};
	struct programme_edit edit;
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_add_benefit(&edit, 0, 1, &lounge, why));
	ck_assert_ptr_nonnull(
		strstr(edit.outline.text, "benefits = ( { code = \"lounge\"; name = \"Lounge\"; kind = "
					  "\"access\"; ladder = \"l\"; tier = [\"gold\"]; } );"));
	ck_assert(programme_edit_add_benefit(&edit, 0, 0, &sale, why));
	ck_assert_int_eq(edit.programme->benefit_count, 2);
	ck_assert(edit.programme->benefits[1].tiers[0] && edit.programme->benefits[1].tiers[1]);
	ck_assert(!programme_edit_add_benefit(
		&edit, 0, 0, &(struct benefit_words){"x", "", "discount_pct", ""}, why));
	ck_assert(
		!programme_edit_add_benefit(&edit, 0, 0, &(struct benefit_words){"x", "", "party", ""}, why));
	ck_assert(programme_edit_remove(&edit, "programme.benefits.[1]", why));
	ck_assert(programme_edit_remove(&edit, "programme.benefits.[0]", why));
	ck_assert_str_eq(edit.outline.text, COMMENTED);
	ck_assert(!programme_edit_remove(&edit, "programme.benefits.[0]", why));
	programme_edit_free(&edit);
}
END_TEST

START_TEST(undo_and_redo_go_both_ways)
{
	struct programme_edit edit;
	char after[2000];
	edit_text(&edit, COMMENTED);
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].tiers.[1].at", "600", why));
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].tiers.[1].at", "700", why));
	snprintf(after, sizeof after, "%s", edit.outline.text);
	ck_assert_str_eq(programme_edit_undo(&edit), "programme.ladders.[0].tiers.[1].at");
	ck_assert_ptr_nonnull(programme_edit_undo(&edit));
	ck_assert_ptr_null(programme_edit_undo(&edit));
	ck_assert_str_eq(edit.outline.text, COMMENTED);
	ck_assert_ptr_nonnull(programme_edit_redo(&edit));
	ck_assert_ptr_nonnull(programme_edit_redo(&edit));
	ck_assert_ptr_null(programme_edit_redo(&edit));
	ck_assert_str_eq(edit.outline.text, after);
	programme_edit_undo(&edit);
	ck_assert(programme_edit_set(&edit, "programme.ladders.[0].returns", "keep", why));
	ck_assert_ptr_null(programme_edit_redo(&edit));
	ck_assert(programme_edit_changed(&edit));
	programme_edit_keep(&edit, edit.outline.text);
	ck_assert(!programme_edit_changed(&edit));
	programme_edit_free(&edit);
}
END_TEST

// What the engine's guard and libconfig refuse never becomes an edit; what they take, the outline reads.
START_TEST(damaged_documents_do_no_harm)
{
	for (int i = 0; i < file_count; i++)
		for (size_t at = (size_t)(rand() % 23); at < files[i].length; at += 23) {
			struct programme_edit edit;
			struct document_errors errors;
			char old = files[i].text[at];
			files[i].text[at] = "\"{}();,=/*0L#\\[]"[at % 16];
			document_errors_init(&errors);
			struct programme *programme =
				programme_read("damaged", files[i].text, files[i].length, &errors);
			bool is_good = programme_edit_init(&edit, files[i].text, files[i].length);
			ck_assert_msg(!programme || is_good, "%s at %zu", files[i].path, at);
			programme_free(programme);
			document_errors_free(&errors);
			programme_edit_free(&edit);
			files[i].text[at] = old;
		}
}
END_TEST

Suite *programme_edit_suite(void)
{
	Suite *suite = suite_create("programme_edit");
	TCase *cases = tcase_create("programme_edit");
	tcase_set_timeout(cases, 60);
	tcase_add_unchecked_fixture(cases, load, unload);
	tcase_add_test(cases, every_setting_is_found_and_set);
	tcase_add_test(cases, a_threshold_changes_its_own_bytes_only);
	tcase_add_test(cases, insert_then_remove_is_the_original);
	tcase_add_test(cases, a_new_tier_has_what_the_one_below_has);
	tcase_add_test(cases, add_then_remove_restores_every_byte);
	tcase_add_test(cases, comments_and_layout_stay);
	tcase_add_test(cases, a_wrong_form_is_refused);
	tcase_add_test(cases, a_broken_relation_is_told_at_its_path);
	tcase_add_test(cases, windows_take_what_fits_them);
	tcase_add_test(cases, thresholds_by_date);
	tcase_add_test(cases, benefits_and_their_list_come_and_go);
	tcase_add_test(cases, undo_and_redo_go_both_ways);
	tcase_add_test(cases, damaged_documents_do_no_harm);
	suite_add_tcase(suite, cases);
	return suite;
}
