// The catalogue of rewards: what there is of each, what became of those issued, and how much more there may
// be.
#include "model/reward/reward_stock.h"

#include "model/reward/reward_code.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVED_AT_ONCE = 1000, DIGITS_MAX = 13 };

void reward_catalogue(struct ask *ask)
{
	ask_init(ask,
		"SELECT r.code AS reward, r.name, r.kind, trim_scale(r.cost / power(10::numeric, "
		"c.decimals)) AS cost, c.code AS currency, r.offered AND loyalty.business_day() BETWEEN "
		"coalesce(r.first_day, '-infinity') AND coalesce(r.last_day, 'infinity') AS offered, "
		"r.first_day, r.last_day, "
		"CASE WHEN s.is_pool THEN 'pool' WHEN s.reward_id IS NOT NULL THEN 'number' ELSE 'no limit' "
		"END AS stock, "
		"s.total, s.free, s.held, coalesce(t.issued, 0) AS issued, coalesce(t.redeemed, 0) AS "
		"redeemed, "
		"coalesce(t.donated, 0) AS donated, coalesce(t.expired, 0) AS expired, coalesce(t.cancelled, "
		"0) AS cancelled, "
		"loyalty.stock_waiting(r.reward_id) AS waiting "
		"FROM loyalty.reward r LEFT JOIN loyalty.currency c USING (currency_id) LEFT JOIN "
		"loyalty.reward_stock s USING (reward_id) "
		"LEFT JOIN (SELECT t.reward_id, sum(t.issued)::bigint AS issued, sum(t.redeemed)::bigint AS "
		"redeemed, "
		"sum(t.donated)::bigint AS donated, sum(t.expired)::bigint AS expired, "
		"sum(t.cancelled)::bigint AS cancelled "
		"FROM loyalty.reward_tally t GROUP BY 1) t USING (reward_id) ORDER BY r.offered DESC, "
		"r.reward_id");
}

struct result *reward_list(struct session *session, struct error *error)
{
	struct ask ask;
	reward_catalogue(&ask);
	return ask_session(session, &ask, error);
}

void reward_line_read(const struct result *result, int row, struct reward_line *line)
{
	enum {
		CODE,
		NAME,
		KIND,
		COST,
		CURRENCY,
		OFFERED,
		FIRST_DAY,
		LAST_DAY,
		STOCK,
		TOTAL,
		FREE,
		HELD,
		ISSUED,
		REDEEMED,
		DONATED,
		EXPIRED,
		CANCELLED,
		WAITING
	};
	*line = (struct reward_line){
		.code = result_text(result, row, CODE),
		.name = result_text(result, row, NAME),
		.cost = result_text(result, row, COST),
		.currency = result_text(result, row, CURRENCY),
		.is_offered = result_bool(result, row, OFFERED),
		.is_counted = !result_is_null(result, row, TOTAL),
		.is_pool = strcmp(result_text(result, row, STOCK), "pool") == 0,
		.total = result_int64(result, row, TOTAL),
		.free = result_int64(result, row, FREE),
		.held = result_int64(result, row, HELD),
		.issued = result_int64(result, row, ISSUED),
		.redeemed = result_int64(result, row, REDEEMED),
		.donated = result_int64(result, row, DONATED),
		.expired = result_int64(result, row, EXPIRED),
		.cancelled = result_int64(result, row, CANCELLED),
		.waiting = result_int64(result, row, WAITING),
	};
}

// An array in PostgreSQL's syntax of `count` codes, to be freed.
static char *codes_draw(int64_t count, struct error *error)
{
	char *text = malloc((size_t)count * (REWARD_CODE_LENGTH + 1) + 3), *at = text;
	char code[REWARD_CODE_LENGTH + 1];
	bool is_good = text != NULL || error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	for (int64_t i = 0; is_good && i < count; i++) {
		is_good = reward_code_make(code, error);
		at += sprintf(at, "%c%s", i ? ',' : '{', code);
	}
	if (is_good) {
		strcpy(at, "}");
		return text;
	}
	free(text);
	return NULL;
}

void reward_stock_waiting(struct ask *ask, const char *reward)
{
	ask_init(ask, "SELECT loyalty.stock_serve($1, NULL)");
	ask_text(ask, reward);
}

bool reward_stock_codes(
	struct ask *ask, const char *reward, int64_t waiting, char **codes, struct error *error)
{
	*codes = codes_draw(waiting < SERVED_AT_ONCE ? waiting : SERVED_AT_ONCE, error);
	ask_init(ask, "SELECT loyalty.stock_serve($1, $2::text[])");
	ask_text(ask, reward);
	ask_text(ask, *codes);
	return *codes != NULL;
}

bool reward_stock_total(struct ask *ask, const char *reward, const char *total, struct error *error)
{
	bool is_none = strcmp(total, "none") == 0;
	if (!is_none && (!*total || strlen(total) > DIGITS_MAX || total[strspn(total, "0123456789")]))
		return error_set(error, ERROR_USAGE, "the stock of a reward", "give a number, or none",
			"\"%.40s\" is no number", total);
	ask_init(ask, "SELECT loyalty.stock_set($1, $2::bigint)");
	ask_text(ask, reward);
	ask_text(ask, is_none ? NULL : total);
	return true;
}

static bool number_ask(struct session *session, const struct ask *ask, int64_t *number, struct error *error)
{
	struct result *result = ask_session(session, ask, error);
	*number = result ? result_int64(result, 0, 0) : 0;
	result_free(result);
	return result != NULL;
}

bool reward_stock_serve(struct session *session, const char *reward, int64_t *served, struct error *error)
{
	int64_t waiting = 0, given = 1;
	struct ask ask;
	for (*served = 0; given > 0; *served += given) {
		char *codes;
		reward_stock_waiting(&ask, reward);
		if (!number_ask(session, &ask, &waiting, error))
			return false;
		if (waiting == 0)
			return true;
		if (!reward_stock_codes(&ask, reward, waiting, &codes, error))
			return false;
		bool is_good = number_ask(session, &ask, &given, error);
		free(codes);
		if (!is_good)
			return false;
	}
	return true;
}

bool reward_stock_set(
	struct session *session, const char *reward, const char *total, int64_t *served, struct error *error)
{
	struct ask ask;
	int64_t nothing;
	return reward_stock_total(&ask, reward, total, error) && number_ask(session, &ask, &nothing, error) &&
	       reward_stock_serve(session, reward, served, error);
}
