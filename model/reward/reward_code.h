// The codes of issued rewards: drawn at random, printed in groups, checked when typed or scanned.
#ifndef MODEL_REWARD_CODE_H
#define MODEL_REWARD_CODE_H
#include "db/error.h"
#include <stdbool.h>
#include <stddef.h>

// 15 characters at random and one that checks them, of the 32 digits and letters without I, L, O and U: 75
// bits, less than one of which goes to what is drawn again. The check character is that of ISO/IEC 7064,
// system MOD 37,36 (the alphanumeric hybrid system with one check character). Codes are drawn again until
// their check character is of the 32 too and until every exchange of two neighbours would be detected, which
// the system leaves open for one pair in six hundred. So every single wrong character and every exchange of
// neighbours shows.
enum {
	REWARD_CODE_LENGTH = 16,
	REWARD_CODE_PRINTED = 19, // XXXX-XXXX-XXXX-XXXX
	REWARD_CODE_TYPED = 64,   // the longest that is looked up; codes of partners may have that many
};

// Draws a code from the kernel's random numbers. False: there are none to be had.
bool reward_code_make(char code[REWARD_CODE_LENGTH + 1], struct error *error);

// What was typed or scanned, as codes are stored: letters and digits alone, capitals, O as 0, I and L as 1.
// loyalty.code_normal() is the same. False: nothing is left, or it is too long.
bool reward_code_normal(const char *typed, char code[REWARD_CODE_TYPED + 1]);

// Whether it is a code of ours without a slip; partners' codes need not be. `code` as reward_code_normal()
// gives it.
bool reward_code_is_right(const char *code);

// In groups of four. A code of another length comes as it is.
const char *reward_code_print(const char *code, char *out, size_t size);
#endif
