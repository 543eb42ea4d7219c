// Points and money as people read them: "1,240", "+50.52", "$42.10", "42.10 EUR".
#ifndef MODEL_AMOUNT_H
#define MODEL_AMOUNT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AMOUNT_SIZE = 48, AMOUNT_DECIMALS_MAX = 6 };

enum amount_style {
	AMOUNT_PLAIN = 0,
	AMOUNT_SIGNED = 1, // "+" before what is above zero
	AMOUNT_FIXED = 2,  // all decimals, for columns: "5.00"; else a fraction of zero is left out: "5"
};

// Points in units of 10^-decimals (0..6), thousands grouped. Any int64_t fits. Returns out (AMOUNT_SIZE
// bytes).
const char *amount_points(char *out, int64_t points, int decimals, unsigned style);

// Money in minor units of an ISO 4217 currency ("USD"): "$1,042.10" for dollars, "1,042.10 EUR" for the
// others.
const char *amount_money(char *out, int64_t minor, const char *money, unsigned style);

// How many decimals a currency of money has: 0 for JPY, 3 for KWD, 2 for most.
int amount_money_decimals(const char *money);

// Reads what a person types: an optional sign, digits, commas or blanks between thousands, a point and at
// most `decimals` decimals. False: no such amount (nothing, letters, too many decimals, too large for |10^10|
// whole units).
bool amount_parse(const char *text, int decimals, int64_t *amount);
#endif
