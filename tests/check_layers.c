// Who may know whom: reads the #include lines of every source file and holds them against the plan of the house.
#include <check.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

Suite *layers_suite(void);

// A folder with those below it that are no layers themselves, what of ours its files may include besides their own
// layer, and what libraries beyond libc.
struct layer {
	const char *folder;
	const char *ours[8];
	const char *libraries[4];
};

static const struct layer layers[] = {
	{.folder = "app", .ours = {"screens", "screens/ui", "model", "model/engine", "db"}, .libraries = {"libconfig.h"}},
	{.folder = "screens", .ours = {"screens/ui", "model", "model/engine", "db/error.h", "db/connection.h", "db/result.h"}},
	{.folder = "screens/ui", .libraries = {"curses.h", "term.h"}},
	{.folder = "model", .ours = {"model/engine", "db"}, .libraries = {"openssl/"}},
	{.folder = "model/engine", .libraries = {"libconfig.h"}},
	{.folder = "db", .libraries = {"libpq-fe.h", "libpq-events.h", "openssl/"}},
};

// Headers that only one layer may include; any other <header> counts as libc.
static const char *const guarded[] = {"libpq", "postgres", "curses", "ncurses", "term.h", "libconfig", "openssl/", "form.h", "panel.h"};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool library_allowed(const struct layer *layer, const char *header)
{
	bool is_guarded = false;
	for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++)
		is_guarded |= begins(header, guarded[i]);
	for (size_t i = 0; i < 4 && layer->libraries[i]; i++)
		if (begins(header, layer->libraries[i]))
			return true;
	return !is_guarded;
}

static bool is_below(const char *path, const char *folder)
{
	return begins(path, folder) && path[strlen(folder)] == '/';
}

// The innermost that a file stands in; NULL where none does, as every include of ours is written from the top.
static const struct layer *layer_of(const char *path)
{
	const struct layer *found = NULL;
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		if (is_below(path, layers[i].folder) &&
			(!found || strlen(found->folder) < strlen(layers[i].folder)))
			found = &layers[i];
	return found;
}

static bool ours_allowed(const struct layer *layer, const char *header)
{
	const struct layer *other = layer_of(header);
	if (!other || other == layer)
		return other == layer;
	for (size_t i = 0; i < 8 && layer->ours[i]; i++)
		if (strcmp(other->folder, layer->ours[i]) == 0 || strcmp(header, layer->ours[i]) == 0)
			return true;
	return false;
}

static int file_faults(const struct layer *layer, const char *path)
{
	char line[512], header[256];
	int faults = 0;
	FILE *file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot read %s", path);
	for (int number = 1; fgets(line, sizeof line, file); number++) {
		bool good = true;
		if (sscanf(line, "#include \"%255[^\"]\"", header) == 1)
			good = ours_allowed(layer, header);
		else if (sscanf(line, "#include <%255[^>]>", header) == 1)
			good = library_allowed(layer, header);
		if (!good) {
			fprintf(stderr, "%s:%d: %s may not include %s\n", path, number, layer->folder, header);
			faults++;
		}
	}
	fclose(file);
	return faults;
}

static int layer_faults(const struct layer *layer)
{
	static const char *const depths[] = {"*.[ch]", "*/*.[ch]"};
	int faults = 0;
	for (size_t depth = 0; depth < 2; depth++) {
		char pattern[128];
		glob_t found;
		snprintf(pattern, sizeof pattern, "%s/%s", layer->folder, depths[depth]);
		if (glob(pattern, 0, NULL, &found) != 0)
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (layer_of(found.gl_pathv[i]) == layer)
				faults += file_faults(layer, found.gl_pathv[i]);
		globfree(&found);
	}
	return faults;
}

START_TEST(includes_follow_the_plan)
{
	ck_assert_int_eq(layer_faults(&layers[_i]), 0);
}
END_TEST

START_TEST(a_planted_fault_is_seen)
{
	const struct layer *screens = &layers[1], *ui = &layers[2], *model = &layers[3], *engine = &layers[4];
	ck_assert(!library_allowed(screens, "libpq-fe.h"));
	ck_assert(!library_allowed(model, "curses.h"));
	ck_assert(!ours_allowed(ui, "db/error.h"));
	ck_assert(!ours_allowed(engine, "model/member/member.h"));
	ck_assert(!ours_allowed(model, "screens/desk.h"));
	ck_assert(ours_allowed(model, "model/engine/day.h"));
}
END_TEST

// Only one file of the engine reads documents through libconfig.
START_TEST(libconfig_stands_in_one_file_of_the_engine)
{
	char line[512];
	int files = 0;
	glob_t found;
	ck_assert_int_eq(glob("model/engine/*.[ch]", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *file = fopen(found.gl_pathv[i], "r");
		while (fgets(line, sizeof line, file))
			files += begins(line, "#include <libconfig.h>");
		fclose(file);
	}
	globfree(&found);
	ck_assert_int_eq(files, 1);
}
END_TEST

// Statements in capitals, as all of ours are; what people are shown never begins with one of these words.
static int sql_lines(const char *pattern)
{
	static const char *const words[] = {"\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH ", "\"SET ", "\"CALL "};
	char line[512];
	int lines = 0;
	glob_t found;
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *file = fopen(found.gl_pathv[i], "r");
		while (fgets(line, sizeof line, file))
			for (size_t word = 0; word < sizeof words / sizeof *words; word++)
				lines += strstr(line, words[word]) != NULL;
		fclose(file);
	}
	globfree(&found);
	return lines;
}

START_TEST(sql_stands_in_model_and_db)
{
	ck_assert_int_gt(sql_lines("model/member/*.c"), 0);
	ck_assert_int_eq(sql_lines("app/*.c"), 0);
	ck_assert_int_eq(sql_lines("screens/*.c"), 0);
	ck_assert_int_eq(sql_lines("screens/*/*.c"), 0);
}
END_TEST

// What reads conditions and makes SQL of them knows no database, so that any bytes may be given to it (tests/fuzz).
START_TEST(conditions_are_read_without_a_database)
{
	static const char *const askers[] = {"audience", "names", "segment"};
	char line[512];
	glob_t found;
	ck_assert_int_eq(glob("model/segment/*.[ch]", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		bool asks = false;
		for (size_t a = 0; a < sizeof askers / sizeof *askers; a++)
			asks |= begins(found.gl_pathv[i] + strlen("model/segment/"), askers[a]);
		FILE *file = fopen(found.gl_pathv[i], "r");
		while (!asks && fgets(line, sizeof line, file))
			ck_assert_msg(!begins(line, "#include \"db/") && !begins(line, "#include \"model/ask"), "%s: %s",
				found.gl_pathv[i], line);
		fclose(file);
	}
	globfree(&found);
}
END_TEST

Suite *layers_suite(void)
{
	Suite *suite = suite_create("layers");
	TCase *tcase = tcase_create("includes");
	tcase_add_loop_test(tcase, includes_follow_the_plan, 0, sizeof layers / sizeof *layers);
	tcase_add_test(tcase, a_planted_fault_is_seen);
	tcase_add_test(tcase, libconfig_stands_in_one_file_of_the_engine);
	tcase_add_test(tcase, sql_stands_in_model_and_db);
	tcase_add_test(tcase, conditions_are_read_without_a_database);
	suite_add_tcase(suite, tcase);
	return suite;
}
