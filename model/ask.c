// One statement on its way to the database, with its values written out.
#include "model/ask.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

void ask_init(struct ask *ask, const char *sql)
{
	ask->sql = sql;
	ask->count = 0;
}

void ask_text(struct ask *ask, const char *text)
{
	assert(ask->count < ASK_VALUES_MAX);
	ask->values[ask->count++] = text;
}

void ask_number(struct ask *ask, int64_t number)
{
	assert(ask->count < ASK_VALUES_MAX);
	snprintf(ask->kept[ask->count], ASK_SHORT, "%" PRId64, number);
	ask->values[ask->count] = ask->kept[ask->count];
	ask->count++;
}

void ask_short(struct ask *ask, const char *text, size_t bytes)
{
	assert(ask->count < ASK_VALUES_MAX && bytes < ASK_SHORT);
	memcpy(ask->kept[ask->count], text, bytes);
	ask->kept[ask->count][bytes] = 0;
	ask->values[ask->count] = ask->kept[ask->count];
	ask->count++;
}

struct statement ask_statement(const struct ask *ask)
{
	return (struct statement){.sql = ask->sql, .values = ask->values, .count = ask->count};
}

struct result *ask_session(struct session *session, const struct ask *ask, struct error *error)
{
	return session_query(session, ask->sql, ask->values, ask->count, error);
}

bool ask_key(char key[KEY_SIZE])
{
	unsigned char b[16];
	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		return false;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); // version 4, variant 1 (RFC 4122)
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(key, KEY_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
		b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
	return true;
}
