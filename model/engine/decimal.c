// Exact decimals: text to integers in units of 10^-n and back, and division with the rounding a rule names.
#include "model/engine/decimal.h"
#include <string.h>

int64_t decimal_power(int n)
{
	int64_t power = 1;
	while (n-- > 0)
		power *= 10;
	return power;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool decimal_parse(const char *text, int64_t *units, int *decimals)
{
	bool negative = *text == '-';
	const char *c = text + negative;
	int64_t value = 0;
	int integer = 0, fraction = 0;
	for (; is_digit(*c); c++, integer++) {
		if (integer == DECIMAL_INTEGER_DIGITS)
			return false;
		value = value * 10 + (*c - '0');
	}
	if (integer == 0)
		return false;
	if (*c == '.') {
		for (c++; is_digit(*c); c++, fraction++) {
			if (fraction == DECIMAL_FRACTION_DIGITS)
				return false;
			value = value * 10 + (*c - '0');
		}
		if (fraction == 0)
			return false;
	}
	if (*c != '\0')
		return false;
	*units = negative ? -value : value;
	*decimals = fraction;
	return true;
}

const char *decimal_format(int64_t units, int decimals, char out[DECIMAL_SIZE])
{
	uint64_t rest = units < 0 ? -(uint64_t)units : (uint64_t)units;
	while (decimals > 0 && rest % 10 == 0) {
		rest /= 10;
		decimals--;
	}
	char digits[DECIMAL_SIZE];
	char *first = digits + sizeof digits - 1;
	*first = '\0';
	for (int written = 0; rest != 0 || written <= decimals; written++) {
		if (written == decimals && decimals > 0)
			*--first = '.';
		*--first = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (units < 0)
		*--first = '-';
	return strcpy(out, first);
}

wide_t decimal_divide(wide_t numerator, wide_t denominator, enum rounding rounding)
{
	wide_t quotient = numerator / denominator;
	wide_t rest = numerator - quotient * denominator;
	wide_t half = rest - (denominator - rest); // below, at or above a half
	bool up = false;
	switch (rounding) {
	case ROUND_FLOOR:
		break;
	case ROUND_HALF_UP:
		up = half >= 0;
		break;
	case ROUND_HALF_EVEN:
		up = half > 0 || (half == 0 && (quotient & 1) != 0);
		break;
	case ROUND_CEIL:
		up = rest > 0;
		break;
	}
	return quotient + up;
}

bool decimal_add(int64_t *sum, int64_t quantity)
{
	int64_t result;
	if (__builtin_add_overflow(*sum, quantity, &result))
		return false;
	*sum = result;
	return true;
}
