// Any bytes as a condition: what is refused has its place told; what is read becomes words, and SQL in which
// none of its bytes stand.
#include "model/segment/compile.h"
#include "tests/fuzz/fuzz.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct condition_name list[] = {
	{.kind = NAME_CURRENCY, .id = 1, .decimals = 2, .code = "STAR", .text = ""},
	{.kind = NAME_CURRENCY, .id = 2, .code = "MILE", .text = ""},
	{.kind = NAME_LADDER, .id = 1, .code = "level", .text = ""},
	{.kind = NAME_LADDER, .id = 2, .code = "card", .text = ""},
	{.kind = NAME_PLAN, .rank = 12, .code = "prime", .text = ""},
	{.kind = NAME_REWARD, .id = 7, .code = "brew 100", .text = "A drink"},
	{.kind = NAME_SEGMENT, .id = 1, .code = "lapsed", .text = "last_purchase < 60 days ago"},
	{.kind = NAME_SEGMENT,
		.id = 3,
		.code = "lost",
		.text = "segment(lapsed) and not (points > 5 or open_case)"},
	{.kind = NAME_SEGMENT, .id = 1, .code = "circle", .text = "segment(circle)"},
	{.kind = NAME_TIER, .id = 1, .of = 1, .code = "green", .text = ""},
	{.kind = NAME_TIER, .id = 2, .of = 1, .rank = 1, .code = "gold", .text = ""},
	{.kind = NAME_TIER, .id = 3, .of = 1, .rank = 2, .code = "reserve", .text = ""},
	{.kind = NAME_TIER, .id = 4, .of = 2, .code = "blue", .text = ""},
	{.kind = NAME_VERIFIED, .id = 1, .code = "student", .text = "Student"},
};

const struct condition_names fuzz_names = {.list = list,
	.count = sizeof list / sizeof *list,
	.today = 9822, // 2026-11-22
	.money = "USD",
	.money_decimals = 2,
	.sees_birth = true,
	.sees_names = true};

// Statements are the same for all values: only the numbers of parameters differ, and those are few.
static void sql_hold(const struct condition_sql *sql)
{
	int quotes = 0, depth = 0;
	for (const char *c = sql->where; *c; c++) {
		FUZZ_HOLDS(isprint((unsigned char)*c) && *c != ';' && *c != '\\');
		quotes += *c == '\'';
		depth += (*c == '(') - (*c == ')');
		FUZZ_HOLDS(depth >= 0);
		FUZZ_HOLDS(*c != '$' || (isdigit((unsigned char)c[1]) && atoi(c + 1) >= 5 &&
						atoi(c + 1) < 5 + sql->value_count));
	}
	FUZZ_HOLDS(quotes % 2 == 0 && depth == 0);
	for (int i = 0; i < sql->value_count && strchr(sql->where, '$'); i++) {
		char parameter[12];
		snprintf(parameter, sizeof parameter, "$%d::", 5 + i);
		FUZZ_HOLDS(strstr(sql->where, parameter) || strstr(sql->from, parameter));
	}
	FUZZ_HOLDS(sql->value_count <= CONDITION_VALUES_MAX);
}

static void compile_hold(const struct member_condition *condition)
{
	static const struct condition_options options[] = {
		{.first = 5},
		{.first = 5, .reach = CONDITION_FEW, .today = "d.day"},
		{.first = 5, .by_setting = true},
	};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		struct condition_sql sql;
		if (condition_compile(condition, &options[i], &sql))
			sql_hold(&sql);
		condition_sql_free(&sql);
	}
}

static char *words_of(const char *text)
{
	struct member_condition condition;
	struct condition_fault fault;
	char *words = condition_read(&condition, text, &fuzz_names, &fault)
			      ? condition_words(&condition, condition.root)
			      : NULL;
	condition_free(&condition);
	return words;
}

// What the segments in it mean now, written out, means the same; and words have no byte that was not given.
static void condition_hold(const struct member_condition *condition)
{
	const char *codes[4];
	char *expanded = condition_expanded(condition), *words = condition_words(condition, condition->root);
	FUZZ_HOLDS(*words);
	for (int i = 0; i < condition_clauses(condition); i++)
		free(condition_words(condition, condition_clause(condition, i)));
	if (condition_segments(condition, codes, 4) == 0)
		FUZZ_HOLDS(strcmp(expanded, condition->text) == 0);
	if (strlen(expanded) <= CONDITION_TEXT_MAX) {
		char *again = words_of(expanded);
		FUZZ_HOLDS(again != NULL);
		free(again);
	}
	compile_hold(condition);
	free(expanded);
	free(words);
}

static void fault_hold(const struct condition_fault *fault, const char *text)
{
	int size = (int)strlen(text);
	FUZZ_HOLDS(*fault->why && fault->offset >= 0 && fault->length >= 0 &&
		   fault->offset + fault->length <= size);
	FUZZ_HOLDS(fault->column == condition_column(text, fault->offset));
}

// Whatever is offered can stand there: what comes of it has no fault before its end.
static void candidates_hold(const char *text, int offset)
{
	static struct condition_candidates candidates;
	condition_complete(text, offset, &fuzz_names, &candidates);
	FUZZ_HOLDS(candidates.from >= 0 && candidates.from <= offset && candidates.to == offset);
	for (int i = 0; i < candidates.count; i++) {
		struct member_condition condition;
		struct condition_fault fault;
		size_t length = (size_t)candidates.from + strlen(candidates.list[i].text);
		char *taken = malloc(length + 1);
		snprintf(taken, length + 1, "%.*s%s", candidates.from, text, candidates.list[i].text);
		if (!condition_read(&condition, taken, &fuzz_names, &fault) &&
			strcmp(candidates.list[i].text, "circle") != 0)
			FUZZ_HOLDS(fault.offset >= (int)length || length > CONDITION_TEXT_MAX);
		condition_free(&condition);
		free(taken);
	}
}

void fuzz_condition(const uint8_t *data, size_t size)
{
	struct member_condition condition;
	struct condition_fault fault;
	char *text = fuzz_text(data, size);
	if (condition_read(&condition, text, &fuzz_names, &fault))
		condition_hold(&condition);
	else
		fault_hold(&fault, text);
	condition_free(&condition);
	size_t length = strlen(text);
	if (length < 200)
		candidates_hold(text, (int)length);
	if (length > 2)
		candidates_hold(text, (int)(length / 2 < 200 ? length / 2 : 200));
	free(text);
}
