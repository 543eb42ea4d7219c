// The bytes that once broke a reader, or might: kept in tests/fuzz/corpus, given to it again. `make fuzz`
// looks for more.
#include "tests/fuzz/fuzz.h"
#include <check.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "tests/fuzz/corpus"
#define FILE_MAX (1 << 20)

static glob_t corpus;

static const struct {
	const char *name;
	void (*take)(const uint8_t *data, size_t size);
} readers[] = {
	{"programme", fuzz_programme},
	{"scenario", fuzz_scenario},
	{"csv", fuzz_csv},
	{"decimal", fuzz_decimal},
	{"day", fuzz_day},
	{"condition", fuzz_condition},
};

// Of its own size, so that the sanitizer of addresses sees what is read beyond its end.
static uint8_t *file_bytes(const char *path, size_t *size)
{
	static uint8_t whole[FILE_MAX];
	FILE *file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s", path);
	*size = fread(whole, 1, sizeof whole, file);
	fclose(file);
	uint8_t *bytes = malloc(*size > 0 ? *size : 1);
	memcpy(bytes, whole, *size);
	return bytes;
}

// "NAME" of "tests/fuzz/corpus/NAME/file".
static bool is_for(const char *path, const char *name)
{
	const char *folder = path + strlen(CORPUS "/");
	size_t length = strlen(name);
	return strncmp(folder, name, length) == 0 && folder[length] == '/';
}

START_TEST(kept_bytes_break_nothing)
{
	size_t size, readings = 0;
	uint8_t *bytes = file_bytes(corpus.gl_pathv[_i], &size);
	for (size_t r = 0; r < sizeof readers / sizeof *readers; r++)
		for (size_t length = size < 4096 ? 0 : size;
			length <= size && is_for(corpus.gl_pathv[_i], readers[r].name); length++, readings++)
			readers[r].take(bytes, length);
	free(bytes);
	ck_assert_msg(readings > 0, "nothing reads %s", corpus.gl_pathv[_i]);
}
END_TEST

START_TEST(every_reader_has_seeds)
{
	int kept = 0;
	for (size_t i = 0; i < corpus.gl_pathc; i++)
		kept += is_for(corpus.gl_pathv[i], readers[_i].name);
	ck_assert_int_ge(kept, 9);
}
END_TEST

Suite *fuzz_suite(void);

// A test a file: the number that Check tells of one that broke is its line in `ls -d tests/fuzz/corpus/*/*`,
// from 0.
Suite *fuzz_suite(void)
{
	Suite *suite = suite_create("fuzz");
	TCase *kept = tcase_create("corpus");
	tcase_set_timeout(kept, 20);
	if (glob(CORPUS "/*/*", 0, NULL, &corpus) == 0)
		tcase_add_loop_test(kept, kept_bytes_break_nothing, 0, (int)corpus.gl_pathc);
	tcase_add_loop_test(kept, every_reader_has_seeds, 0, sizeof readers / sizeof *readers);
	suite_add_tcase(suite, kept);
	return suite;
}
