// What members of starbucks_us_2026 do in tests: they enrol on its first day, buy, redeem and return, days
// later.
#ifndef TESTS_STORY_H
#define TESTS_STORY_H
#include "db/session.h"
#include <stdint.h>

enum { FIRST_DAY = 9565 }; // 2026-03-10

// A migrated database with the programme in force (spine_begin); the rest goes on in it. A superuser's
// session.
struct session *story_begin(const char *database);
// The same with the database PGDATABASE names, as it is.
struct session *story_resume(void);
void story_end(void);

// Each puts one event into the journal, `day` days after the first, amounts in minor units; returns its seq,
// enrol the member's id.
int64_t story_enrol(const char *number);
int64_t story_buy(int64_t member_id, const char *external_id, int day, int64_t amount_minor);
// The same told late: it happened on an earlier day.
int64_t story_buy_late(
	int64_t member_id, const char *external_id, int day, int happened_day, int64_t amount_minor);
int64_t story_redeem(int64_t member_id, const char *external_id, int day, const char *reward);
int64_t story_return(
	int64_t member_id, const char *external_id, int day, int64_t of_seq, int64_t amount_minor);

// Stars in hundredths.
int64_t story_balance(int64_t member_id);
// The number that a statement answers which says MEMBER once where the member's id belongs.
int64_t story_number(const char *format, int64_t member_id);
// Everything is proven, all members replayed; or the test fails.
void story_prove(void);
#endif
