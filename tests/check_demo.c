// The demo's made-up people: the same everywhere, nobody twice, and what they do is what an import takes.
#include "app/demo_data.h"
#include "model/import/csv.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 3000 };

static uint64_t digest(int64_t members, uint64_t seed, bool has_events, size_t piece)
{
	uint64_t hash = 14695981039346656037U;
	struct error error;
	struct demo_data data;
	char buffer[5000];
	size_t got;
	ck_assert(demo_data_init(&data, members, seed, has_events, &error));
	while (demo_data_read(&data, buffer, piece, &got, &error) && got)
		for (size_t i = 0; i < got; i++)
			hash = (hash ^ (unsigned char)buffer[i]) * 1099511628211U;
	demo_data_free(&data);
	return hash;
}

START_TEST(the_same_on_every_machine)
{
	ck_assert_uint_eq(digest(100, 1, false, 5000), 8008906962914622291U);
	ck_assert_uint_eq(digest(100, 1, true, 5000), 5086214779211520248U);
	ck_assert_uint_eq(digest(100, 1, true, 7), digest(100, 1, true, 5000));
	ck_assert_uint_ne(digest(100, 2, true, 5000), digest(100, 1, true, 5000));
}
END_TEST

static int text_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void nobody_twice(char **values, int count)
{
	qsort(values, (size_t)count, sizeof *values, text_compare);
	for (int i = 0; i < count; i++) {
		ck_assert_msg(i == 0 || strcmp(values[i - 1], values[i]) != 0, "%s is there twice", values[i]);
		if (i)
			free(values[i - 1]);
	}
	free(values[count - 1]);
}

// Numbers, cards, e-mails and phones name one member each; all the languages are there.
START_TEST(members_differ)
{
	enum { NUMBER, GIVEN, FAMILY, BORN, EMAIL, PHONE, CARD, ENROLLED, CHANNEL, CITY, LANGUAGE, FLAGS, CONSENTS, FIELDS };
	static const int unique[] = {NUMBER, EMAIL, PHONE, CARD};
	static char *values[4][MEMBERS];
	int counts[4] = {0}, turks = 0, read = 0;
	struct error error;
	struct demo_data data;
	struct csv csv;
	ck_assert(demo_data_init(&data, MEMBERS, 1, false, &error));
	ck_assert(csv_init(&csv, ',', demo_data_read, &data));
	ck_assert_int_eq(csv_next(&csv, &error), 1);
	while (csv_next(&csv, &error) == 1) {
		ck_assert_str_eq(csv.problem, "");
		ck_assert_int_eq(csv.count, FIELDS);
		for (int i = 0; i < 4; i++)
			if (*csv.fields[unique[i]])
				values[i][counts[i]++] = strdup(csv.fields[unique[i]]);
		turks += strcmp(csv.fields[LANGUAGE], "tr") == 0;
		read++;
	}
	ck_assert_int_eq(read, MEMBERS);
	ck_assert_int_gt(turks, MEMBERS * 40 / 100);
	ck_assert_int_lt(turks, MEMBERS * 50 / 100);
	for (int i = 0; i < 4; i++)
		nobody_twice(values[i], counts[i]);
	csv_free(&csv);
	demo_data_free(&data);
}
END_TEST

// Each member's days do not go back, none lies after the last.
START_TEST(events_are_in_order)
{
	enum { SOURCE, EXTERNAL_ID, MEMBER, TYPE, DATE, FIELDS = 14 };
	char member[24] = "", last[24], date[24] = "";
	int read = 0;
	struct error error;
	struct demo_data data;
	struct csv csv;
	day_format(demo_last_day(), last);
	ck_assert(demo_data_init(&data, 500, 7, true, &error));
	ck_assert(csv_init(&csv, ',', demo_data_read, &data));
	ck_assert_int_eq(csv_next(&csv, &error), 1);
	for (; csv_next(&csv, &error) == 1; read++) {
		ck_assert_str_eq(csv.problem, "");
		ck_assert_int_eq(csv.count, FIELDS);
		ck_assert_int_le(strcmp(csv.fields[DATE], last), 0);
		if (strcmp(member, csv.fields[MEMBER]) == 0)
			ck_assert_int_ge(strcmp(csv.fields[DATE], date), 0);
		snprintf(member, sizeof member, "%.20s", csv.fields[MEMBER]);
		snprintf(date, sizeof date, "%.20s", csv.fields[DATE]);
	}
	ck_assert_int_gt(read, 2000);
	csv_free(&csv);
	demo_data_free(&data);
}
END_TEST

Suite *demo_suite(void);

Suite *demo_suite(void)
{
	Suite *suite = suite_create("demo");
	TCase *tcase = tcase_create("demo");
	tcase_add_test(tcase, the_same_on_every_machine);
	tcase_add_test(tcase, members_differ);
	tcase_add_test(tcase, events_are_in_order);
	suite_add_tcase(suite, tcase);
	return suite;
}
