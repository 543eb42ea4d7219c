// The list's window over a table it never holds: exact moves, requests put, selection kept; no terminal
// needed.
#include "screens/ui/list.h"
#include "screens/ui/ui.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A table of the numbers 0 .. size - 1, some of them deleted, that answers when told to.
static struct {
	int size;
	bool gone[100001];
	struct rows_request last;
	int asked;
	bool due;
} table;

static struct ui ui;
static struct screen_ops ops = {.name = "test"};
static struct screen screen;
static struct list list;

static void on_ask(struct list *l, const struct rows_request *request)
{
	(void)l;
	table.last = *request;
	table.due = true;
	table.asked++;
}

static const struct column columns[] = {{"number", 8, 0, 0, ALIGN_LEFT}};
static const struct list_spec spec = {
	.columns = columns, .column_count = 1, .what = "numbers", .ask = on_ask};

static void put(struct rows *rows, int number)
{
	char key[16];

	snprintf(key, sizeof key, "%06d", number);
	ck_assert(rows_add(rows, key, ROLE_TEXT, (const char *const[]){key}, 1));
}

// Rows going up from `from`, or down and then turned round, as a reversed index scan gives them.
static void scan(struct rows *rows, int from, int step, int count)
{
	int found[LIST_ASK_MAX], n = 0;

	for (int i = from; i >= 0 && i < table.size && n < count; i += step)
		if (!table.gone[i])
			found[n++] = i;
	for (int i = 0; i < n; i++)
		put(rows, found[step > 0 ? i : n - 1 - i]);
}

static void answer(void)
{
	struct rows rows = {0};
	const struct rows_request r = table.last;
	int key = atoi(r.key);

	ck_assert(table.due);
	table.due = false;
	switch (r.ask) {
	case ROWS_FIRST:
		scan(&rows, 0, 1, r.count);
		break;
	case ROWS_LAST:
		scan(&rows, table.size - 1, -1, r.count);
		break;
	case ROWS_AFTER:
		scan(&rows, key + 1, 1, r.count);
		break;
	case ROWS_BEFORE:
		scan(&rows, key - 1, -1, r.count);
		break;
	case ROWS_FROM:
		scan(&rows, key, 1, r.count);
	}
	ck_assert(list_answer(&list, r.ticket, &rows));
}

static void settle(void)
{
	for (int turns = 0; turns < 1000; turns++) {
		list_layout(&list, (struct area){0, 0, 21, 80});
		if (!table.due)
			return;
		answer();
	}
	ck_abort_msg("the list never stops asking");
}

static void open_table(int size)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	memset(&table, 0, sizeof table);
	table.size = size;
	ui = (struct ui){0};
	screen = (struct screen){.ops = &ops, .ui = &ui, .area = {0, 0, 21, 80}};
	ui.top = &screen;
	ck_assert(list_init(&list, &spec, &screen, NULL));
	settle();
}

static void start(void)
{
	open_table(100000);
}

static void finish(void)
{
	list_free(&list);
	ck_assert_int_eq(ui.loop.busy, 0);
}

static void act(int action, int count)
{
	ck_assert_int_eq(list_act(&list, action, count), DID);
}

static int at(void)
{
	return list_selected_key(&list) ? atoi(list_selected_key(&list)) : -1;
}

START_TEST(starts_with_three_pages)
{
	ck_assert_int_eq(table.asked, 1);
	ck_assert_int_eq(list.rows.count, 63);
	ck_assert_int_eq(at(), 0);
}
END_TEST

START_TEST(five_hundred_downs_in_one_write_are_exact)
{
	for (int i = 0; i < 500; i++)
		act(ACTION_DOWN, 0);
	ck_assert_int_eq(table.asked, 2); // one request for all of them
	settle();
	ck_assert_int_eq(at(), 500);
	for (int i = 0; i < 123; i++)
		act(ACTION_UP, 0);
	settle();
	ck_assert_int_eq(at(), 377);
}
END_TEST

START_TEST(page_down_held_is_one_request)
{
	for (int i = 0; i < 40; i++)
		act(ACTION_PAGE_DOWN, 0);
	ck_assert_int_eq(table.asked, 2);
	settle();
	ck_assert_int_eq(at(), 40 * 20);
	ck_assert_int_le(table.asked, 4);
}
END_TEST

START_TEST(counts_move_far)
{
	act(ACTION_DOWN, 5);
	ck_assert_int_eq(at(), 5);
	act(ACTION_DOWN, 5000);
	settle();
	ck_assert_int_eq(at(), 5005);
	act(ACTION_UP, 99999);
	settle();
	ck_assert_int_eq(at(), 0);
}
END_TEST

START_TEST(ends_in_one_request)
{
	int before = table.asked;

	act(ACTION_LAST, 0);
	answer();
	ck_assert_int_eq(table.asked, before + 1);
	ck_assert_int_eq(at(), 99999);
	settle();
	act(ACTION_DOWN, 0);
	ck_assert_int_eq(at(), 99999);
	act(ACTION_FIRST, 0);
	settle();
	ck_assert_int_eq(at(), 0);
	act(ACTION_UP, 0);
	ck_assert_int_eq(at(), 0);
}
END_TEST

START_TEST(moves_after_a_jump_start_from_there)
{
	act(ACTION_LAST, 0);
	act(ACTION_UP, 40);
	act(ACTION_PAGE_UP, 0);
	settle();
	ck_assert_int_eq(at(), 99999 - 40 - 20);
	act(ACTION_FIRST, 0);
	act(ACTION_DOWN, 700);
	settle();
	ck_assert_int_eq(at(), 700);
	act(ACTION_LAST, 0);
	act(ACTION_FIRST, 0); // changed my mind
	settle();
	ck_assert_int_eq(at(), 0);
}
END_TEST

START_TEST(memory_stays_flat)
{
	for (int i = 0; i < 300; i++) {
		act(ACTION_PAGE_DOWN, 0);
		settle();
		ck_assert_int_le(list.rows.count, LIST_WINDOW_MAX + LIST_ASK_MAX);
	}
	ck_assert_int_eq(at(), 6000);
	ck_assert_int_le(list.rows.count, LIST_WINDOW_MAX);
	for (int i = 0; i < 300; i++) {
		act(ACTION_PAGE_UP, 0);
		settle();
	}
	ck_assert_int_eq(at(), 0);
	ck_assert(list.at_start);
	ck_assert_int_eq((int)list.before, 0);
}
END_TEST

START_TEST(refresh_keeps_the_selection)
{
	act(ACTION_DOWN, 30);
	for (int i = 0; i < 20; i++)
		table.gone[i] = true; // rows before it vanish
	list_refresh(&list);
	settle();
	ck_assert_int_eq(at(), 30);
	table.gone[30] = true; // it vanishes itself: what stood behind it takes its place
	list_refresh(&list);
	settle();
	ck_assert_int_eq(at(), 31);
	act(ACTION_LAST, 0);
	settle();
	list_refresh(&list);
	settle();
	ck_assert_int_eq(at(), 99999);
}
END_TEST

START_TEST(refresh_while_loading_is_done_afterwards)
{
	act(ACTION_DOWN, 100);
	list_refresh(&list);
	int before = table.asked;
	answer();
	ck_assert_int_eq(table.asked, before + 1);
	settle();
	ck_assert_int_eq(at(), 100);
}
END_TEST

START_TEST(everything_deleted)
{
	act(ACTION_LAST, 0);
	settle();
	memset(table.gone, true, sizeof table.gone);
	list_refresh(&list);
	settle();
	ck_assert_ptr_null(list_selected_key(&list));
	act(ACTION_DOWN, 0);
	act(ACTION_PAGE_UP, 0);
	act(ACTION_MARK, 0);
	act(ACTION_COPY, 0);
	table.gone[7] = false;
	list_refresh(&list);
	settle();
	ck_assert_int_eq(at(), 7);
}
END_TEST

START_TEST(stale_answers_are_dropped)
{
	struct rows rows = {0};
	uint32_t old;

	act(ACTION_DOWN, 100);
	old = table.last.ticket;
	act(ACTION_LAST, 0);
	put(&rows, 1);
	ck_assert(!list_answer(&list, old, &rows));
	ck_assert_int_eq(rows.count, 0);
	settle();
	ck_assert_int_eq(at(), 99999);
}
END_TEST

START_TEST(a_failure_does_not_ask_again_by_itself)
{
	act(ACTION_DOWN, 100);
	list_failed(&list, table.last.ticket);
	table.due = false;
	int before = table.asked;
	list_layout(&list, (struct area){0, 0, 21, 80});
	ck_assert_int_eq(table.asked, before);
	ck_assert_int_eq(ui.loop.busy, 0);
	act(ACTION_DOWN, 100);
	settle();
	ck_assert_int_gt(at(), 100);
}
END_TEST

START_TEST(goes_to_a_key)
{
	list_go_to(&list, "050000");
	settle();
	ck_assert_int_eq(at(), 50000);
	act(ACTION_UP, 0);
	settle();
	ck_assert_int_eq(at(), 49999);
}
END_TEST

START_TEST(marks_survive_paging)
{
	act(ACTION_MARK, 0);
	act(ACTION_DOWN, 3000);
	settle();
	act(ACTION_MARK, 0);
	ck_assert_int_eq(list.marked_count, 2);
	ck_assert(list_is_marked(&list, "000000"));
	act(ACTION_FIRST, 0);
	settle();
	act(ACTION_MARK, 0);
	ck_assert_int_eq(list.marked_count, 1);
	ck_assert_int_eq(list_act(&list, ACTION_BACK, 0), DID); // Esc takes the marks away first
	ck_assert_int_eq(list.marked_count, 0);
	ck_assert_int_eq(list_act(&list, ACTION_BACK, 0), NOT_MINE);
}
END_TEST

START_TEST(tells_where_it_is)
{
	char text[96];

	ck_assert_str_eq(list_position(&list, text, sizeof text), "row 1");
	list_set_total(&list, 25012345, true);
	act(ACTION_DOWN, 40);
	ck_assert_str_eq(list_position(&list, text, sizeof text), "row 41 of ~25.0 M");
	list_set_total(&list, 100000, false);
	ck_assert_str_eq(list_position(&list, text, sizeof text), "row 41 of 100,000");
	act(ACTION_LAST, 0);
	settle();
	ck_assert_str_eq(list_position(&list, text, sizeof text), "row 100,000 of 100,000");
}
END_TEST

START_TEST(a_short_table_counts_itself)
{
	char text[96];

	list_free(&list);
	open_table(7);
	ck_assert_int_eq(table.asked, 1);
	ck_assert_str_eq(list_position(&list, text, sizeof text), "row 1 of 7");
	act(ACTION_PAGE_DOWN, 0);
	ck_assert_int_eq(at(), 6);
}
END_TEST

START_TEST(wrong_keys_are_refused)
{
	struct rows rows = {0};
	char key[ROW_KEY_MAX + 1];

	memset(key, 'x', sizeof key - 1);
	key[sizeof key - 1] = 0;
	ck_assert(!rows_add(&rows, key, ROLE_TEXT, NULL, 0));
	ck_assert_int_eq(rows.count, 0);
	rows_free(&rows);
}
END_TEST

// Moves back and forth, several of one kind before an answer comes: the list agrees with a model that has the
// table.
START_TEST(random_walks_agree_with_a_model)
{
	static const int actions[] = {
		ACTION_DOWN, ACTION_UP, ACTION_DOWN, ACTION_UP, ACTION_FIRST, ACTION_LAST};
	const char *given = getenv("CHECK_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

	srand(seed);
	for (int round = 0; round < 60; round++) {
		int size = 1 + rand() % 3000, model = 0;
		list_free(&list);
		open_table(size);
		for (int step = 0; step < 100; step++) {
			int action = actions[rand() % (step % 20 ? 4 : 6)];
			for (int times = 1 + rand() % 5; times; times--) {
				int count = rand() % 4 ? 0 : rand() % 700, rows = count ? count : 1;
				act(action, count);
				model = action == ACTION_FIRST  ? 0
					: action == ACTION_LAST ? size - 1
					: action == ACTION_DOWN ? model + rows
								: model - rows;
			}
			settle();
			model = model < 0 ? 0 : model >= size ? size - 1 : model;
			if (at() != model)
				ck_abort_msg("at %d, not %d; CHECK_SEED=%u CK_RUN_SUITE=list build/check",
					at(), model, seed);
		}
		ck_assert_int_ge(list.selected, list.top);
		ck_assert_int_lt(list.selected, list.top + list.page);
		for (int i = 1; i < list.rows.count; i++)
			ck_assert_int_eq(atoi(list.rows.row[i]->key), atoi(list.rows.row[i - 1]->key) + 1);
		if (list.before >= 0)
			ck_assert_int_eq(list.before, atoi(list.rows.row[0]->key));
	}
}
END_TEST

Suite *list_suite(void);
Suite *list_suite(void)
{
	Suite *suite = suite_create("list");
	TCase *cases = tcase_create("list");

	tcase_add_checked_fixture(cases, start, finish);
	tcase_add_test(cases, starts_with_three_pages);
	tcase_add_test(cases, five_hundred_downs_in_one_write_are_exact);
	tcase_add_test(cases, page_down_held_is_one_request);
	tcase_add_test(cases, counts_move_far);
	tcase_add_test(cases, ends_in_one_request);
	tcase_add_test(cases, moves_after_a_jump_start_from_there);
	tcase_add_test(cases, memory_stays_flat);
	tcase_add_test(cases, refresh_keeps_the_selection);
	tcase_add_test(cases, refresh_while_loading_is_done_afterwards);
	tcase_add_test(cases, everything_deleted);
	tcase_add_test(cases, stale_answers_are_dropped);
	tcase_add_test(cases, a_failure_does_not_ask_again_by_itself);
	tcase_add_test(cases, goes_to_a_key);
	tcase_add_test(cases, marks_survive_paging);
	tcase_add_test(cases, tells_where_it_is);
	tcase_add_test(cases, a_short_table_counts_itself);
	tcase_add_test(cases, wrong_keys_are_refused);
	tcase_add_test(cases, random_walks_agree_with_a_model);
	suite_add_tcase(suite, cases);
	return suite;
}
