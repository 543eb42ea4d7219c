// The Rewards screen: how many there may be of a reward, set by whoever may; who waits gets a code; what is
// not offered today.
#include "tests/tui/house.h"
#include <check.h>

Suite *catalogue_suite(void);

static struct vt *vt;

static void start(void)
{
	house_open("house_catalogue");
}

static void open_rewards(const char *login)
{
	vt = house_screens(login, NULL, 24, 80);
	house_keys(vt, "V");
	house_shows(vt, "The selected reward");
}

START_TEST(the_stock_is_set)
{
	open_rewards("max");
	house_shows(vt, "s:stock");
	house_keys(vt, "gs");
	house_shows(vt, "How many may there be?");
	house_keys(vt, "many\023");
	house_shows(vt, "is no number");
	house_keys(vt, "\0255\023");
	house_shows(vt, "The stock of mod25 is set");
	house_shows(vt, "5: 5 left");
	house_keys(vt, "s");
	house_keys(vt, "\025\023");
	house_shows(vt, "no limit");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.reward_stock"), 0);
	ck_assert_int_eq(
		house_number("SELECT count(*) FROM loyalty.audit_log WHERE action = 'reward.stock'"), 2);
}
END_TEST

START_TEST(who_waits_gets_a_code)
{
	house_sql(NULL, "INSERT INTO loyalty.issued_reward (member_id, reward_no, seq, reward_id, issued_on, value_minor)"
			" SELECT m, 1, 0, r.reward_id, current_date, 0 FROM generate_series(1, 3) m,"
			" loyalty.reward r WHERE r.code = 'birthday'");
	open_rewards("mona");
	house_keys(vt, "G");
	house_shows(vt, "3 issued ones wait for more");
	house_keys(vt, "s\0252\023");
	house_shows(vt, "who waited for it has codes now");
	house_shows(vt, "1 issued ones wait for more");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.issued_reward WHERE code IS NOT NULL"), 2);
}
END_TEST

START_TEST(support_only_looks)
{
	open_rewards("deniz");
	house_shows(vt, "o:whose code");
	house_hides(vt, "s:stock");
	house_keys(vt, "s");
	house_shows(vt, "marketing, managers and administrators set stock");
	house_keys(vt, ":set-sto\t");
	house_hides(vt, "set-stock");
}
END_TEST

// The first reward is over, the third comes: in the document and in the tables, as a version does it.
static const char WINDOWS_SQL[] =
	"UPDATE loyalty.programme_version SET document = 'format = 2;' || replace(replace(document, "
	"'code = \"mod25\";', 'code = \"mod25\"; last_day = \"2020-01-31\";'), "
	"'code = \"brew100\";', 'code = \"brew100\"; first_day = \"2099-01-01\";'); "
	"UPDATE loyalty.reward SET last_day = '2020-01-31' WHERE code = 'mod25'; "
	"UPDATE loyalty.reward SET first_day = '2099-01-01' WHERE code = 'brew100'";

START_TEST(what_is_not_offered_today_is_marked)
{
	house_sql(NULL, WINDOWS_SQL);
	open_rewards("deniz");
	house_shows(vt, "over 2020-01-31");
	house_shows(vt, "from 2099-01-01");
	house_shows(vt, "up to 2020-01-31; not today: nobody can redeem it");
	house_keys(vt, "j");
	house_shows(vt, "Offered    always");
	house_keys(vt, "j");
	house_shows(vt, "from 2099-01-01; not today");
}
END_TEST

START_TEST(what_is_not_offered_today_is_not_redeemed)
{
	house_sql(NULL, WINDOWS_SQL);
	vt = house_screens("deniz", NULL, 24, 100);
	house_keys(vt, "/1000012\r");
	house_shows(vt, "1 Timeline");
	house_keys(vt, "d");
	house_shows(vt, "25 STAR   only up to 2020-01-31");
	house_shows(vt, "100 STAR   only from 2099-01-01");
	house_keys(vt, "jj\r");
	house_shows(vt, "brew100 cannot be redeemed today: it is offered from 2099-01-01");
	ck_assert_int_eq(house_number("SELECT count(*) FROM loyalty.journal WHERE type = 'redeem'"), 0);
}
END_TEST

Suite *catalogue_suite(void)
{
	Suite *suite = suite_create("catalogue");
	TCase *tests = tcase_create("catalogue");
	tcase_add_checked_fixture(tests, start, house_close);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, the_stock_is_set);
	tcase_add_test(tests, who_waits_gets_a_code);
	tcase_add_test(tests, support_only_looks);
	tcase_add_test(tests, what_is_not_offered_today_is_marked);
	tcase_add_test(tests, what_is_not_offered_today_is_not_redeemed);
	suite_add_tcase(suite, tests);
	return suite;
}
