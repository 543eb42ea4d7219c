// What every screen has to know about house and programme: who sits here, and what the small numbers in the
// tables mean.
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H
#include "db/connection.h"
#include "db/error.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum staff_role { STAFF_SUPPORT, STAFF_MARKETING, STAFF_MANAGER, STAFF_ADMIN, STAFF_OTHER };

// A numbered code of the programme.
struct fact {
	int id;
	char code[33];
	char name[64];   // of a reward or segment; else the code
	char kind[16];   // of a currency, rule, reward or survey
	int parent;      // ladder of a tier, currency of a reward (0: none)
	int number;      // decimals of a currency, rank of a tier
	int64_t cost;    // of a reward, in units of 10^-decimals of its currency; -1: cannot be redeemed
	bool is_offered; // of a reward
};

enum fact_kind {
	FACT_CURRENCY,
	FACT_LADDER,
	FACT_TIER,
	FACT_RULE,
	FACT_REWARD,
	FACT_ACCOUNT,
	FACT_STAFF,
	FACT_SEGMENT,
	FACT_SURVEY,
	FACT_KINDS
};
struct fact_list {
	struct fact *at; // by kind in the order of their ids
	int count;
};

struct facts {
	bool is_known; // false until the first answer; then everything below is filled
	char login[64], person[128], role_word[16];
	enum staff_role role;
	char database[64];
	char environment[24]; // PRODUCTION, TEST, DEMO; "": none named
	char programme[33], programme_name[128], money[8], timezone[64];
	int32_t business_day;      // days since 2000-01-01 (day_t), in the programme's time zone
	char server[64];           // version of the database server
	int migration, migrations; // number of the newest one applied, and of the newest this program knows
	struct fact_list list[FACT_KINDS]; // FACT_STAFF: code is the login, name the person, kind the role
};

// The statements that bring the facts, FACTS_STATEMENTS of them, to be sent before others in one round trip.
// The first fails with SQLSTATE 42P01 on a database without any migration.
enum { FACTS_STATEMENTS = 3 };
void facts_ask(struct statement statements[FACTS_STATEMENTS]);
// Takes their results, borrowed. What was known before is replaced. False: out of memory or a result is
// missing; then what is_known says stays as it was.
bool facts_take(struct facts *facts, struct result *const *results);
// All of that over a session, which has to be one of staff. False: error tells why; there is nothing to free.
bool facts_load(struct facts *facts, struct session *session, struct error *error);
// Whether the program fits a database with that migration as its newest (0: none); otherwise error says what
// to do.
bool facts_schema_fits(int migration, struct error *error);
void facts_free(struct facts *facts);

// NULL when there is none of that number or code.
const struct fact *facts_find(const struct facts *facts, enum fact_kind kind, int id);
const struct fact *facts_by_code(const struct facts *facts, enum fact_kind kind, const char *code);
// Code of that number, "?" when it is not known.
const char *facts_code(const struct facts *facts, enum fact_kind kind, int id);
// The currency members spend: the first redeemable one, else the first. NULL: none.
const struct fact *facts_main_currency(const struct facts *facts);
#endif
