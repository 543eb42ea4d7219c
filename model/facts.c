// Reads the facts of house and programme.
#include "db/migrate.h"
#include "model/facts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char PERSON_SQL[] =
	"SELECT session_user AS login, coalesce(s.name, session_user) AS person, loyalty.caller_role() AS "
	"role,"
	" current_database() || coalesce('@' || host(inet_server_addr()), '') AS database,"
	" coalesce(p.cluster_word, '') AS environment, p.code, p.name, p.money, p.timezone,"
	" loyalty.business_day() - date '2000-01-01' AS today, current_setting('server_version') AS server"
	" FROM (SELECT) one LEFT JOIN loyalty.programme p ON true"
	" LEFT JOIN loyalty.staff s ON s.login = session_user";

// The numbers in front are those of enum fact_kind.
static const char CODES_SQL[] =
	"SELECT 0 AS list, currency_id::int AS id, code, code AS name, kind, 0 AS parent, decimals::int AS "
	"number,"
	" -1::bigint AS cost, true AS offered FROM loyalty.currency"
	" UNION ALL SELECT 1, ladder_id, code, code, '', 0, 0, -1, true FROM loyalty.ladder"
	" UNION ALL SELECT 2, tier_id, code, code, '', ladder_id, rank, -1, true FROM loyalty.tier"
	" UNION ALL SELECT 3, rule_id, code, code, kind, 0, 0, -1, true FROM loyalty.rule"
	" UNION ALL SELECT 4, reward_id, code, name, kind, coalesce(currency_id, 0), 0, coalesce(cost, -1), "
	"offered"
	" FROM loyalty.reward"
	" UNION ALL SELECT 5, account_id, code, code, '', 0, 0, -1, true FROM loyalty.account"
	" UNION ALL SELECT 6, row_number() OVER (ORDER BY login), login, name, role, 0, 0, -1, true FROM "
	"loyalty.staff"
	" WHERE active AND role IN ('support', 'manager', 'admin')"
	" UNION ALL SELECT 7, segment_id, code, name, '', 0, 0, -1, true FROM loyalty.verified_segment"
	" UNION ALL SELECT 8, survey_id, code, name, kind, 0, 0, -1, true FROM loyalty.survey"
	" ORDER BY 1, 2";

void facts_ask(struct statement statements[FACTS_STATEMENTS])
{
	statements[0] = (struct statement){.sql = MIGRATE_APPLIED_SQL};
	statements[1] = (struct statement){.sql = PERSON_SQL};
	statements[2] = (struct statement){.sql = CODES_SQL};
}

static void copy(char *out, size_t size, const struct result *result, int row, const char *column)
{
	snprintf(out, size, "%s", result_text(result, row, result_column(result, column)));
}

static enum staff_role role_of(const char *word)
{
	static const char *const words[] = {[STAFF_SUPPORT] = "support",
		[STAFF_MARKETING] = "marketing",
		[STAFF_MANAGER] = "manager",
		[STAFF_ADMIN] = "admin"};
	for (int role = 0; role < STAFF_OTHER; role++)
		if (strcmp(words[role], word) == 0)
			return (enum staff_role)role;
	return STAFF_OTHER;
}

static void take_person(struct facts *facts, const struct result *r)
{
	copy(facts->login, sizeof facts->login, r, 0, "login");
	copy(facts->person, sizeof facts->person, r, 0, "person");
	copy(facts->role_word, sizeof facts->role_word, r, 0, "role");
	facts->role = role_of(facts->role_word);
	copy(facts->database, sizeof facts->database, r, 0, "database");
	copy(facts->environment, sizeof facts->environment, r, 0, "environment");
	copy(facts->programme, sizeof facts->programme, r, 0, "code");
	copy(facts->programme_name, sizeof facts->programme_name, r, 0, "name");
	copy(facts->money, sizeof facts->money, r, 0, "money");
	copy(facts->timezone, sizeof facts->timezone, r, 0, "timezone");
	copy(facts->server, sizeof facts->server, r, 0, "server");
	facts->business_day = (int32_t)result_int64(r, 0, result_column(r, "today"));
}

static void take_code(struct fact *fact, const struct result *r, int row)
{
	fact->id = (int)result_int64(r, row, 1);
	copy(fact->code, sizeof fact->code, r, row, "code");
	copy(fact->name, sizeof fact->name, r, row, "name");
	copy(fact->kind, sizeof fact->kind, r, row, "kind");
	fact->parent = (int)result_int64(r, row, result_column(r, "parent"));
	fact->number = (int)result_int64(r, row, result_column(r, "number"));
	fact->cost = result_int64(r, row, result_column(r, "cost"));
	fact->is_offered = result_bool(r, row, result_column(r, "offered"));
}

static int count_kind(const struct result *r, int kind)
{
	int count = 0;
	for (int row = 0; row < result_rows(r); row++)
		count += result_int64(r, row, 0) == kind;
	return count;
}

// Rows of one kind follow each other.
static bool take_codes(struct facts *facts, const struct result *r)
{
	int row = 0;
	for (int kind = 0; kind < FACT_KINDS; kind++) {
		int count = count_kind(r, kind);
		struct fact *list = calloc(count ? (size_t)count : 1, sizeof *list);
		if (!list)
			return false;
		free(facts->list[kind].at);
		facts->list[kind] = (struct fact_list){.at = list, .count = count};
		for (int i = 0; i < count; i++)
			take_code(&list[i], r, row++);
	}
	return true;
}

bool facts_take(struct facts *facts, struct result *const *results)
{
	for (int i = 0; i < FACTS_STATEMENTS; i++)
		if (!results[i] || !result_good(results[i]))
			return false;
	if (!result_rows(results[1]) || !take_codes(facts, results[2]))
		return false;
	struct migrate_status status;
	facts->migration = (int)result_int64(results[0], 0, 0);
	migrate_state_of(facts->migration, &status);
	facts->migrations = status.known;
	take_person(facts, results[1]);
	facts->is_known = true;
	return true;
}

bool facts_load(struct facts *facts, struct session *session, struct error *error)
{
	struct statement statements[FACTS_STATEMENTS];
	struct result *results[FACTS_STATEMENTS] = {NULL};
	bool is_good = true;
	*facts = (struct facts){0};
	facts_ask(statements);
	for (int i = 0; is_good && i < FACTS_STATEMENTS; i++) {
		results[i] = session_query(session, statements[i].sql, NULL, 0, error);
		is_good = results[i] != NULL;
	}
	if (is_good && !facts_take(facts, results))
		is_good = error_set(error, ERROR_FAILED, "the programme cannot be read", "", "out of memory");
	for (int i = 0; i < FACTS_STATEMENTS; i++)
		result_free(results[i]);
	return is_good;
}

bool facts_schema_fits(int migration, struct error *error)
{
	struct migrate_status status = {0};
	migrate_state_of(migration, &status);
	return migrate_complain(&status, error);
}

void facts_free(struct facts *facts)
{
	for (int kind = 0; kind < FACT_KINDS; kind++)
		free(facts->list[kind].at);
	*facts = (struct facts){0};
}

const struct fact *facts_find(const struct facts *facts, enum fact_kind kind, int id)
{
	for (int i = 0; i < facts->list[kind].count; i++)
		if (facts->list[kind].at[i].id == id)
			return &facts->list[kind].at[i];
	return NULL;
}

const struct fact *facts_by_code(const struct facts *facts, enum fact_kind kind, const char *code)
{
	for (int i = 0; i < facts->list[kind].count; i++)
		if (strcmp(facts->list[kind].at[i].code, code) == 0)
			return &facts->list[kind].at[i];
	return NULL;
}

const char *facts_code(const struct facts *facts, enum fact_kind kind, int id)
{
	const struct fact *fact = facts_find(facts, kind, id);
	return fact ? fact->code : "?";
}

const struct fact *facts_main_currency(const struct facts *facts)
{
	const struct fact_list *list = &facts->list[FACT_CURRENCY];
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->at[i].kind, "redeemable") == 0)
			return &list->at[i];
	return list->count ? list->at : NULL;
}
