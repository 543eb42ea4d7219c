// Partners: what we charge each other for points, and settlements, in which it is billed.
#ifndef MODEL_PARTNER_H
#define MODEL_PARTNER_H
#include "db/session.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

// Prices are decimals of whole money for a whole point; days are YYYY-MM-DD. All may be NULL where said so.
// Who may do it, and what is refused, tells the database (db/schema/0017_partners.sql).

// Columns partner, name, since (the day of the prices in force), issued, sent, waiting (the number of a price
// that waits for approval), settled_to, open (entries that no settlement has yet).
void partner_list(struct ask *ask);
// One row of the same of that partner; none: there is no such.
void partner_find(struct ask *ask, const char *partner);
// Columns number, from, issued, sent, state, author, decided_by, remark; the newest first.
void partner_prices(struct ask *ask, const char *partner);
// Columns number, from, to, entries, they_owe, we_owe, net, settled_by, settled; the newest first.
void partner_settlements(struct ask *ask, const char *partner);
// Columns kind, currency, points, price, money of one settlement.
void partner_settlement_lines(struct ask *ask, const char *partner, const char *number);

// Answers the number of the price that waits now, "" when none was given. All but the partner may be NULL.
void partner_set(struct ask *ask, const char *partner, const char *name, const char *issued, const char *sent,
	const char *from);
// A reason refuses, NULL approves.
void partner_price_decide(struct ask *ask, const char *partner, const char *number, const char *reason);
// Answers the settlement's number. The same day again is the same settlement.
void partner_settle(struct ask *ask, const char *partner, const char *to);

// Columns member, reference, day, points, currency, gives, into_currency, state (to tell, told, cancelled),
// file. since NULL: all; file not NULL: marks what no file has told as told by this one, and answers that.
void partner_transfers(struct ask *ask, const char *partner, const char *since, const char *file);

// Columns partner, name, currency, events, issued, returns, taken_back, sent, they_owe, we_owe, net, no_price
// (points for which no price is agreed), a row for each partner and currency of the period. partner NULL:
// all.
void partner_report(struct ask *ask, const char *partner, const char *from, const char *to);
#endif
