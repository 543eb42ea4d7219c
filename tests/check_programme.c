// Documents: those that are right are read, those that are wrong are refused with line, path and reason.
#include "model/engine/scenario.h"
#include "tests/documents.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(all_programmes_are_read)
{
	int count;
	const struct programme *const *all = programmes_all(&count);
	ck_assert_int_ge(count, 24);
	for (int i = 0; i < count; i++)
		ck_assert_ptr_eq(programmes_find(NULL, all[i]->code), all[i]);
}
END_TEST

// A faulty document's first line tells what must be found: "# refuse: LINE PATH ID".
static bool mistake_is_named(const struct document_file *file, const struct document_errors *errors)
{
	int line = -1;
	char path[256] = "", id[4] = "";
	const char *mark = memmem(file->text, file->length, "# refuse: ", 10);
	ck_assert_msg(mark != NULL, "%s does not tell its mistake", file->path);
	int fields = sscanf(mark + 10, "%d %255s %3s", &line, path, id);
	ck_assert_int_eq(fields, 3);
	for (int i = 0; i < errors->count; i++) {
		const struct document_error *error = &errors->errors[i];
		if (error->line == line && strcmp(error->path, path) == 0 && strcmp(error->id, id) == 0)
			return true;
	}
	return false;
}

static void document_refuse(const struct document_file *file)
{
	struct document_errors errors;
	char line[640] = "nothing";
	document_errors_init(&errors);
	if (strstr(file->path, "/scen_") != NULL) {
		struct scenario scenario;
		ck_assert_msg(!scenario_read(&scenario, file->path, file->text, file->length, programmes_find,
				      NULL, &errors),
			"%s is read", file->path);
		scenario_free(&scenario);
	} else {
		ck_assert_msg(programme_read(file->path, file->text, file->length, &errors) == NULL,
			"%s is read", file->path);
	}
	if (errors.count > 0)
		document_error_line(&errors.errors[0], line, sizeof line);
	ck_assert_msg(mistake_is_named(file, &errors), "instead: %s", line);
	ck_assert_msg(errors.count == 1, "one mistake, but %d are told; first: %s", errors.count, line);
	document_errors_free(&errors);
}

START_TEST(faulty_documents_are_refused_by_name)
{
	int count;
	struct document_file *files = documents_load("tests/refuse", &count);
	ck_assert_int_ge(count, 45);
	for (int i = 0; i < count; i++)
		document_refuse(&files[i]);
	documents_free(files, count);
}
END_TEST

// A document cut anywhere, or with a byte changed anywhere, is read or refused, and nothing else.
START_TEST(damaged_documents_do_no_harm)
{
	int count;
	struct document_file *files = documents_load("tests/golden/programmes", &count);
	for (int i = 0; i < count; i++) {
		for (size_t at = 0; at < files[i].length; at += 7) {
			struct document_errors errors;
			char old = files[i].text[at];
			files[i].text[at] = "\"{}();,=/*0L"[at % 12];
			document_errors_init(&errors);
			struct programme *changed =
				programme_read("changed", files[i].text, files[i].length, &errors);
			ck_assert_int_eq(changed == NULL, errors.count > 0);
			files[i].text[at] = old;
			programme_free(changed);
			programme_free(programme_read("cut", files[i].text, at, &errors));
			document_errors_free(&errors);
		}
	}
	documents_free(files, count);
}
END_TEST

Suite *programme_suite(void);

Suite *programme_suite(void)
{
	Suite *suite = suite_create("programme");
	TCase *cases = tcase_create("programme");
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, all_programmes_are_read);
	tcase_add_test(cases, faulty_documents_are_refused_by_name);
	tcase_add_test(cases, damaged_documents_do_no_harm);
	suite_add_tcase(suite, cases);
	return suite;
}
