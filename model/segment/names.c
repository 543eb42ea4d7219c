// Reads the names that conditions use.
#include "model/segment/names.h"
#include "model/amount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct names { // what a reader is given is the first of it
	struct condition_names names;
	struct arena arena;
};

static const struct {
	const char *word;
	enum name_kind kind;
} KINDS[] = {
	{"ladder", NAME_LADDER},
	{"tier", NAME_TIER},
	{"currency", NAME_CURRENCY},
	{"reward", NAME_REWARD},
	{"verified", NAME_VERIFIED},
	{"plan", NAME_PLAN},
	{"attribute", NAME_ATTRIBUTE},
	{"choice", NAME_CHOICE},
	{"segment", NAME_SEGMENT},
};

enum { COLUMN_KIND, COLUMN_ID, COLUMN_OF, COLUMN_RANK, COLUMN_DECIMALS, COLUMN_CODE, COLUMN_LABEL };

void condition_names_ask(struct ask *ask)
{
	ask_init(ask, "SELECT kind, id, of, rank, decimals, code, label FROM loyalty.condition_names()");
}

static void programme_read(struct names *names, const struct result *result, int row)
{
	names->names.sees_birth = result_int64(result, row, COLUMN_ID) > 0;
	names->names.sees_names = result_int64(result, row, COLUMN_RANK) > 0;
	names->names.money = arena_copy(&names->arena, result_text(result, row, COLUMN_CODE));
	names->names.money_decimals = amount_money_decimals(names->names.money);
	if (!day_parse(result_text(result, row, COLUMN_LABEL), &names->names.today))
		names->names.today = 0;
}

static enum name_kind kind_of(const char *word)
{
	for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
		if (strcmp(KINDS[i].word, word) == 0)
			return KINDS[i].kind;
	return NAME_NONE;
}

static struct condition_name name_of(struct names *names, const struct result *result, int row)
{
	return (struct condition_name){.kind = kind_of(result_text(result, row, COLUMN_KIND)),
		.id = (int)result_int64(result, row, COLUMN_ID),
		.of = (int)result_int64(result, row, COLUMN_OF),
		.rank = (int)result_int64(result, row, COLUMN_RANK),
		.decimals = (int)result_int64(result, row, COLUMN_DECIMALS),
		.code = arena_copy(&names->arena, result_text(result, row, COLUMN_CODE)),
		.text = arena_copy(&names->arena, result_text(result, row, COLUMN_LABEL))};
}

struct condition_names *condition_names_read(const struct result *result)
{
	struct names *names = calloc(1, sizeof *names);
	if (!names)
		abort();
	size_t size = (size_t)(result_rows(result) + 1) * sizeof(struct condition_name);
	struct condition_name *list = arena_alloc(&names->arena, size);
	for (int row = 0; row < result_rows(result); row++)
		if (strcmp(result_text(result, row, COLUMN_KIND), "programme") == 0)
			programme_read(names, result, row);
		else
			list[names->names.count++] = name_of(names, result, row);
	names->names.list = list;
	if (names->names.money)
		return &names->names;
	condition_names_free(&names->names);
	return NULL;
}

void condition_names_free(struct condition_names *names)
{
	if (!names)
		return;
	arena_free(&((struct names *)names)->arena);
	free(names);
}

struct condition_names *condition_names_load(struct session *session, struct error *error)
{
	struct ask ask;
	condition_names_ask(&ask);
	struct result *result = ask_session(session, &ask, error);
	if (!result)
		return NULL;
	struct condition_names *names = condition_names_read(result);
	if (!names)
		error_set(error, ERROR_FAILED, "reading the programme's names", "",
			"the database has no programme");
	result_free(result);
	return names;
}

// Where so many characters from the byte on end.
static int bytes_of(const char *text, int characters)
{
	int at = 0;
	while (text[at] && (characters > 0 || ((unsigned char)text[at] & 0xc0) == 0x80))
		characters -= ((unsigned char)text[at++] & 0xc0) != 0x80;
	return at;
}

char *condition_caret(const char *text, const struct condition_fault *fault, int width)
{
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);
	if (!stream)
		abort();
	int column = fault->column - 1, first = column < width - 1 ? 0 : column - width / 2;
	const char *from = text + bytes_of(text, first);
	for (const char *c = from; c < from + bytes_of(from, width); c++)
		fputc(*c == '\n' || *c == '\t' || *c == '\r' ? ' ' : *c, stream);
	fprintf(stream, "\n%*s^", column - first, "");
	fclose(stream);
	return out;
}
