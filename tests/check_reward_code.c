// Codes of issued rewards: every single slip and every exchange of neighbours shows; what looks alike reads
// alike.
#include "model/reward/reward_code.h"
#include "tests/database.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *reward_code_suite(void);

enum { CODES = 2000 };
static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *code_draw(void)
{
	static char code[REWARD_CODE_LENGTH + 1];
	struct error error = {0};
	ck_assert_msg(reward_code_make(code, &error), "%s", error.why);
	return code;
}

START_TEST(codes_are_whole)
{
	for (int i = 0; i < CODES; i++) {
		const char *code = code_draw();
		ck_assert_uint_eq(strspn(code, ALPHABET), REWARD_CODE_LENGTH);
		ck_assert_msg(reward_code_is_right(code), "%s", code);
	}
}
END_TEST

START_TEST(every_substitution_shows)
{
	for (int i = 0; i < CODES / 10; i++) {
		char code[REWARD_CODE_LENGTH + 1];
		strcpy(code, code_draw());
		for (int place = 0; place < REWARD_CODE_LENGTH; place++) {
			char was = code[place];
			for (const char *other = ALPHABET; *other; other++) {
				code[place] = *other;
				ck_assert_msg(reward_code_is_right(code) == (*other == was),
					"%s, was %c at %d", code, was, place);
			}
			code[place] = was;
		}
	}
}
END_TEST

START_TEST(every_exchange_of_neighbours_shows)
{
	for (int i = 0; i < CODES; i++) {
		char code[REWARD_CODE_LENGTH + 1];
		strcpy(code, code_draw());
		for (int place = 0; place + 1 < REWARD_CODE_LENGTH; place++) {
			char left = code[place], right = code[place + 1];
			code[place] = right;
			code[place + 1] = left;
			ck_assert_msg(left == right || !reward_code_is_right(code), "%s, at %d", code, place);
			code[place] = left;
			code[place + 1] = right;
		}
	}
}
END_TEST

static int order(const void *left, const void *right)
{
	return strcmp(left, right);
}

// Each place uses the whole alphabet, and no two codes are the same: what a random draw looks like.
START_TEST(codes_are_random)
{
	static char codes[CODES][REWARD_CODE_LENGTH + 1];
	static int seen[REWARD_CODE_LENGTH][128];
	memset(seen, 0, sizeof seen);
	for (int i = 0; i < CODES; i++) {
		strcpy(codes[i], code_draw());
		for (int place = 0; place < REWARD_CODE_LENGTH; place++)
			seen[place][(int)codes[i][place]]++;
	}
	qsort(codes, CODES, sizeof *codes, order);
	for (int i = 1; i < CODES; i++)
		ck_assert_str_ne(codes[i - 1], codes[i]);
	for (int place = 0; place < REWARD_CODE_LENGTH; place++)
		for (const char *at = ALPHABET; *at;
			at++) // 62 of each are expected; 12 would be six sigma off
			ck_assert_msg(seen[place][(int)*at] > 12, "%c at %d: %d times", *at, place,
				seen[place][(int)*at]);
}
END_TEST

// What was typed, and how it is looked up.
static const struct {
	const char *typed, *normal;
} READINGS[] = {
	{"0A1B-2C3D-4E5F-6G7H", "0A1B2C3D4E5F6G7H"},
	{"0a1b 2c3d 4e5f 6g7h", "0A1B2C3D4E5F6G7H"},
	{"oAib2c3d4e5f6g7h", "0A1B2C3D4E5F6G7H"},
	{"OALB.2C3D/4E5F_6G7H\n", "0A1B2C3D4E5F6G7H"},
	{"  x ", "X"},
	{"caf\xc3\xa9 7", "CAF7"},
};

START_TEST(typing_is_forgiven)
{
	char code[REWARD_CODE_TYPED + 1], many[200];
	for (size_t i = 0; i < sizeof READINGS / sizeof *READINGS; i++) {
		ck_assert_msg(reward_code_normal(READINGS[i].typed, code), "%s", READINGS[i].typed);
		ck_assert_str_eq(code, READINGS[i].normal);
	}
	ck_assert(!reward_code_normal("", code));
	ck_assert(!reward_code_normal("- -", code));
	memset(many, 'A', sizeof many);
	many[REWARD_CODE_TYPED] = '\0';
	ck_assert(reward_code_normal(many, code));
	many[REWARD_CODE_TYPED] = 'A';
	many[REWARD_CODE_TYPED + 1] = '\0';
	ck_assert(!reward_code_normal(many, code));
}
END_TEST

START_TEST(codes_print_in_groups)
{
	char printed[REWARD_CODE_TYPED + 1], code[REWARD_CODE_TYPED + 1];
	ck_assert_str_eq(
		reward_code_print("0A1B2C3D4E5F6G7H", printed, sizeof printed), "0A1B-2C3D-4E5F-6G7H");
	ck_assert_uint_eq(strlen(printed), REWARD_CODE_PRINTED);
	ck_assert(reward_code_normal(printed, code));
	ck_assert_str_eq(code, "0A1B2C3D4E5F6G7H");
	ck_assert_str_eq(reward_code_print("PARTNER7", printed, sizeof printed), "PARTNER7");
	ck_assert(!reward_code_is_right("0A1B2C3D4E5F6G7"));
	ck_assert(!reward_code_is_right("0A1B2C3D4E5F6GOH"));
	ck_assert(!reward_code_is_right(""));
}
END_TEST

START_TEST(the_database_reads_alike)
{
	struct session *root = database_migrated("check_reward_code");
	struct error error = {0};
	char code[REWARD_CODE_TYPED + 1];
	for (size_t i = 0; i < sizeof READINGS / sizeof *READINGS; i++) {
		const char *values[] = {READINGS[i].typed};
		struct result *result =
			session_query(root, "SELECT loyalty.code_normal($1)", values, 1, &error);
		ck_assert_msg(result != NULL, "%s", error.why);
		ck_assert(reward_code_normal(READINGS[i].typed, code));
		ck_assert_str_eq(result_text(result, 0, 0), code);
		result_free(result);
	}
	session_close(root);
}
END_TEST

Suite *reward_code_suite(void)
{
	Suite *suite = suite_create("reward_code");
	TCase *drawn = tcase_create("drawn");
	tcase_add_test(drawn, codes_are_whole);
	tcase_add_test(drawn, every_substitution_shows);
	tcase_add_test(drawn, every_exchange_of_neighbours_shows);
	tcase_add_test(drawn, codes_are_random);
	suite_add_tcase(suite, drawn);
	TCase *read = tcase_create("read");
	tcase_add_test(read, typing_is_forgiven);
	tcase_add_test(read, codes_print_in_groups);
	tcase_add_test(read, the_database_reads_alike);
	suite_add_tcase(suite, read);
	return suite;
}
