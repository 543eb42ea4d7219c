// The catalogue of rewards: what there is of each, what became of those issued, and how much more there may
// be.
#ifndef MODEL_REWARD_STOCK_H
#define MODEL_REWARD_STOCK_H
#include "db/session.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// Columns reward, name, kind, cost, currency, offered (today), first_day, last_day, stock ('no limit',
// 'number' or 'pool'), total, free, held (by redemptions under way), issued (of all time), redeemed, donated,
// expired, cancelled, waiting (issued, and without stock for a code).
void reward_catalogue(struct ask *ask);
struct result *reward_list(struct session *session, struct error *error);

// A row of it; texts are borrowed from the result.
struct reward_line {
	const char *code, *name, *cost, *currency; // cost in points, "": cannot be redeemed
	bool is_offered, is_counted, is_pool;
	int64_t total, free, held, issued, redeemed, donated, expired, cancelled, waiting;
};
void reward_line_read(const struct result *result, int row, struct reward_line *line);

// How many of a reward there may be from now on; "none": no limit. False: total is neither that nor a number.
bool reward_stock_total(struct ask *ask, const char *reward, const char *total, struct error *error);
// One row, one number: of the issued rewards that wait for a code, how many the stock suffices for.
void reward_stock_waiting(struct ask *ask, const char *reward);
// Gives codes to as many of them as one statement takes. One row, one number: how many got theirs; 0: none
// waits any more. codes is to be freed when the ask was sent. False: none could be drawn.
bool reward_stock_codes(
	struct ask *ask, const char *reward, int64_t waiting, char **codes, struct error *error);

// All of that over a session: sets the stock, then gives codes to those that wait;
// *served: how many.
bool reward_stock_set(
	struct session *session, const char *reward, const char *total, int64_t *served, struct error *error);

// Gives codes to the issued rewards that wait for stock, as far as there is some.
bool reward_stock_serve(struct session *session, const char *reward, int64_t *served, struct error *error);
#endif
