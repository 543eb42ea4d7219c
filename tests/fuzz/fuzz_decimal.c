// Any bytes as a number: what is read is printed and read again as the same. The first byte chooses the
// decimals of an amount.
#include "model/amount.h"
#include "model/engine/decimal.h"
#include "tests/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

static void decimal_hold(const char *text)
{
	char printed[DECIMAL_SIZE];
	int64_t units = 0, again = 0;
	int decimals = 0, fewer = 0;
	if (!decimal_parse(text, &units, &decimals))
		return;
	FUZZ_HOLDS(decimals >= 0 && decimals <= DECIMAL_FRACTION_DIGITS);
	FUZZ_HOLDS(units < decimal_power(18) && units > -decimal_power(18));
	decimal_format(units, decimals, printed);
	FUZZ_HOLDS(strlen(printed) <= strlen(text));
	FUZZ_HOLDS(decimal_parse(printed, &again, &fewer) && fewer <= decimals);
	FUZZ_HOLDS(again * decimal_power(decimals - fewer) == units);
}

static void amount_hold(const char *text, int decimals)
{
	char printed[AMOUNT_SIZE];
	int64_t amount = 0, again = 0;
	if (!amount_parse(text, decimals, &amount))
		return;
	FUZZ_HOLDS(amount <= 10000000000 * decimal_power(decimals));
	FUZZ_HOLDS(amount >= -10000000000 * decimal_power(decimals));
	amount_points(printed, amount, decimals, AMOUNT_SIGNED);
	FUZZ_HOLDS(amount_parse(printed, decimals, &again) && again == amount);
}

void fuzz_decimal(const uint8_t *data, size_t size)
{
	if (size == 0)
		return;
	char *text = fuzz_text(data + 1, size - 1);
	decimal_hold(text);
	amount_hold(text, data[0] % (AMOUNT_DECIMALS_MAX + 1));
	free(text);
}
