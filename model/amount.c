// Points and money as people read and type them: exact integers, no locale, no floating point.
#include "model/amount.h"

#include <stdio.h>
#include <string.h>

enum { AMOUNT_WHOLE_DIGITS_MAX = 11 };

static const int64_t POWERS_OF_TEN[AMOUNT_DECIMALS_MAX + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};

static const int64_t AMOUNT_WHOLE_MAX = 10000000000;

// Currencies whose minor unit is not the hundredth.
static const struct {
	const char *money;
	int decimals;
} odd_currencies[] = {
	{"JPY", 0},
	{"KRW", 0},
	{"VND", 0},
	{"CLP", 0},
	{"ISK", 0},
	{"KWD", 3},
	{"BHD", 3},
	{"OMR", 3},
	{"JOD", 3},
	{"TND", 3},
};

int amount_money_decimals(const char *money)
{
	for (size_t i = 0; i < sizeof odd_currencies / sizeof odd_currencies[0]; i++)
		if (!strcmp(odd_currencies[i].money, money))
			return odd_currencies[i].decimals;
	return 2;
}

// "1,234,567", at most 26 characters and the final 0.
static void group_thousands(char *out, uint64_t whole)
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)whole);

	for (int i = 0; i < length; i++) {
		*out++ = digits[i];
		if ((length - i) % 3 == 1 && i + 1 < length)
			*out++ = ',';
	}
	*out = 0;
}

static int clamp_decimals(int decimals)
{
	return decimals < 0 ? 0 : decimals > AMOUNT_DECIMALS_MAX ? AMOUNT_DECIMALS_MAX : decimals;
}

static const char *sign_of(int64_t amount, unsigned style)
{
	return amount < 0 ? "-" : amount > 0 && style & AMOUNT_SIGNED ? "+" : "";
}

// Without its sign: the magnitude of INT64_MIN fits in 64 bits unsigned.
static void magnitude_text(char *out, size_t size, int64_t amount, int decimals, unsigned style)
{
	uint64_t magnitude = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
	uint64_t unit = (uint64_t)POWERS_OF_TEN[decimals];
	char whole[32];

	group_thousands(whole, magnitude / unit);
	if (decimals && (magnitude % unit || style & AMOUNT_FIXED))
		snprintf(out, size, "%s.%0*llu", whole, decimals, (unsigned long long)(magnitude % unit));
	else
		snprintf(out, size, "%s", whole);
}

const char *amount_points(char *out, int64_t points, int decimals, unsigned style)
{
	char text[40];

	magnitude_text(text, sizeof text, points, clamp_decimals(decimals), style);
	snprintf(out, AMOUNT_SIZE, "%s%s", sign_of(points, style), text);
	return out;
}

const char *amount_money(char *out, int64_t minor, const char *money, unsigned style)
{
	char text[40];

	magnitude_text(text, sizeof text, minor, amount_money_decimals(money), style | AMOUNT_FIXED);
	if (!strcmp(money, "USD"))
		snprintf(out, AMOUNT_SIZE, "%s$%s", sign_of(minor, style), text);
	else
		snprintf(out, AMOUNT_SIZE, "%s%s%s%.3s", sign_of(minor, style), text, *money ? " " : "",
			money);
	return out;
}

// Digits of the whole part, with separators between them; at least one digit.
static bool read_whole(const char **at, int64_t *whole)
{
	int digits = 0;

	for (*whole = 0;; (*at)++) {
		if (**at >= '0' && **at <= '9') {
			*whole = *whole * 10 + (**at - '0');
			if (++digits > AMOUNT_WHOLE_DIGITS_MAX)
				return false;
		} else if (!digits || (**at != ',' && **at != ' ')) {
			return digits > 0;
		}
	}
}

static bool read_fraction(const char **at, int decimals, int64_t *fraction)
{
	int read = 0;

	*fraction = 0;
	if (**at == '.') {
		for ((*at)++; **at >= '0' && **at <= '9'; (*at)++) {
			if (++read > decimals)
				return false;
			*fraction = *fraction * 10 + (**at - '0');
		}
		if (!read)
			return false;
	}
	*fraction *= POWERS_OF_TEN[decimals - read];
	return true;
}

bool amount_parse(const char *text, int decimals, int64_t *amount)
{
	int64_t whole, fraction;
	const char *at = text + strspn(text, " ");
	bool negative = *at == '-';

	decimals = clamp_decimals(decimals);
	if (*at == '-' || *at == '+')
		at++;
	if (!read_whole(&at, &whole) || !read_fraction(&at, decimals, &fraction) || at[strspn(at, " ")])
		return false;
	if (whole > AMOUNT_WHOLE_MAX || (whole == AMOUNT_WHOLE_MAX && fraction))
		return false;
	*amount = whole * POWERS_OF_TEN[decimals] + fraction;
	if (negative)
		*amount = -*amount;
	return true;
}
