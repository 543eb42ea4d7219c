// The catalogue of rewards: what there is of each, what became of those issued, and how much more there may
// be.
#ifndef MODEL_REWARD_STOCK_H
#define MODEL_REWARD_STOCK_H
#include "db/session.h"
#include <stdint.h>

// Columns reward, name, kind, cost, currency, offered, stock ('no limit', 'number' or 'pool'), total, free,
// held (by redemptions under way), issued (of all time), redeemed, donated, expired, cancelled, waiting
// (issued, and without stock for a code).
struct result *reward_list(struct session *session, struct error *error);

// How many of a reward there may be from now on; "none": no limit. Then gives codes to those that wait;
// *served: how many.
bool reward_stock_set(
	struct session *session, const char *reward, const char *total, int64_t *served, struct error *error);

// Gives codes to the issued rewards that wait for stock, as far as there is some.
bool reward_stock_serve(struct session *session, const char *reward, int64_t *served, struct error *error);
#endif
