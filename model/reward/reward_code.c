// The codes of issued rewards: drawn at random, printed in groups, checked when typed or scanned.
#include "model/reward/reward_code.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static const char ALPHABET[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { ALPHABET_SIZE = sizeof ALPHABET - 1, MODULUS = 36, GROUP = 4 };
_Static_assert(ALPHABET_SIZE == 32, "five bits a character");

// Digits count 0 to 9 and letters 10 to 35, also those the alphabet leaves out.
static int value_of(char character)
{
	return isdigit((unsigned char)character) ? character - '0' : character - 'A' + 10;
}

// MOD 37,36: what the characters so far add up to, from which the next one goes on.
static int product_next(int product, int value)
{
	int sum = (product + value) % MODULUS;
	return 2 * (sum ? sum : MODULUS) % (MODULUS + 1);
}

static int product_of(const char *code, int length)
{
	int product = MODULUS;
	for (int i = 0; i < length; i++)
		product = product_next(product, value_of(code[i]));
	return product;
}

bool reward_code_is_right(const char *code)
{
	if (strlen(code) != REWARD_CODE_LENGTH || strspn(code, ALPHABET) != REWARD_CODE_LENGTH)
		return false;
	return (product_of(code, REWARD_CODE_LENGTH - 1) + value_of(code[REWARD_CODE_LENGTH - 1])) %
		       MODULUS ==
	       1;
}

// False: the check character is one that looks like another.
static bool check_add(char *code)
{
	int value = (MODULUS + 1 - product_of(code, REWARD_CODE_LENGTH - 1)) % MODULUS;
	code[REWARD_CODE_LENGTH - 1] = (char)(value < 10 ? '0' + value : 'A' + value - 10);
	code[REWARD_CODE_LENGTH] = '\0';
	return strchr(ALPHABET, code[REWARD_CODE_LENGTH - 1]) != NULL;
}

static bool exchanges_show(const char *code)
{
	char exchanged[REWARD_CODE_LENGTH + 1];
	for (int i = 0; i + 1 < REWARD_CODE_LENGTH; i++) {
		strcpy(exchanged, code);
		exchanged[i] = code[i + 1];
		exchanged[i + 1] = code[i];
		if (code[i] != code[i + 1] && reward_code_is_right(exchanged))
			return false;
	}
	return true;
}

bool reward_code_make(char code[REWARD_CODE_LENGTH + 1], struct error *error)
{
	uint8_t random[REWARD_CODE_LENGTH - 1];
	do {
		if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
			return error_set(error, ERROR_FAILED, "no code can be drawn", "try again", "%s",
				strerror(errno));
		for (int i = 0; i < REWARD_CODE_LENGTH - 1; i++)
			code[i] = ALPHABET[random[i] % ALPHABET_SIZE];
	} while (!check_add(code) || !exchanges_show(code));
	return true;
}

static char meant(char character)
{
	static const char LOOKS[] = "OIL", IS[] = "011";
	char capital = (char)toupper((unsigned char)character);
	const char *alike = strchr(LOOKS, capital);
	return alike ? IS[alike - LOOKS] : capital;
}

bool reward_code_normal(const char *typed, char code[REWARD_CODE_TYPED + 1])
{
	int length = 0;
	for (; *typed; typed++) {
		if (!isascii((unsigned char)*typed) || !isalnum((unsigned char)*typed))
			continue;
		if (length == REWARD_CODE_TYPED)
			return false;
		code[length++] = meant(*typed);
	}
	code[length] = '\0';
	return length > 0;
}

const char *reward_code_print(const char *code, char *out, size_t size)
{
	if (strlen(code) == REWARD_CODE_LENGTH)
		snprintf(out, size, "%.*s-%.*s-%.*s-%.*s", GROUP, code, GROUP, code + GROUP, GROUP,
			code + 2 * GROUP, GROUP, code + 3 * GROUP);
	else
		snprintf(out, size, "%s", code);
	return out;
}
