// Exact decimals: text to integers in units of 10^-n and back, and division with the rounding a rule names.
#ifndef ENGINE_DECIMAL_H
#define ENGINE_DECIMAL_H
#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_SIZE 32 // a printed number and its NUL
#define DECIMAL_INTEGER_DIGITS 12
#define DECIMAL_FRACTION_DIGITS 6

__extension__ typedef __int128 wide_t; // for intermediate products only

enum rounding { ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_CEIL };

// 10^n, n 0..18.
int64_t decimal_power(int n);

// Reads "-?d{1,12}(.d{1,6})?" as units of 10^-*decimals, *decimals being the digits written after the point.
bool decimal_parse(const char *text, int64_t *units, int *decimals);

// The shortest exact decimal of units x 10^-decimals: no exponent, no trailing zeros, no "-0". Returns out.
const char *decimal_format(int64_t units, int decimals, char out[DECIMAL_SIZE]);

// numerator / denominator (numerator >= 0, denominator > 0), rounded once.
wide_t decimal_divide(wide_t numerator, wide_t denominator, enum rounding rounding);

// False, and *sum untouched, if the result does not fit 64 bit.
bool decimal_add(int64_t *sum, int64_t quantity);
#endif
