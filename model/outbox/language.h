// How languages write numbers and days, for messages to members.
#ifndef MODEL_OUTBOX_LANGUAGE_H
#define MODEL_OUTBOX_LANGUAGE_H
#include <stddef.h>

enum { LANGUAGE_SIZE = 64 };

// language: "tr", or "tr-TR" of which only the language counts. A language that is not known here has 1240.5
// and 2026-10-01. What is no number, or no day, stays as it is. Both return out.
const char *language_number(
	const char *language, const char *decimal, char *out, size_t size); // "1240.50": "1,240.50"
const char *language_day(const char *language, const char *day, char *out, size_t size); // "2026-10-01"
#endif
