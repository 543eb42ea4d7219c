// A condition in words, as one would say it.
#include "model/engine/decimal.h"
#include "model/segment/condition.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const MONTHS[] = {"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"};

static void span_words(FILE *out, const struct condition_value *span)
{
	int64_t n = span->number;
	bool is_years = span->is_months && n % 12 == 0;
	const char *unit = is_years ? "year" : span->is_months ? "month" : "day";
	n = is_years ? n / 12 : n;
	fprintf(out, "%lld %s%s", (long long)n, unit, n == 1 ? "" : "s");
}

static day_t day_before(day_t today, const struct condition_value *span)
{
	return span->is_months ? day_add_months(today, -span->number) : today - (day_t)span->number;
}

static void day_words(FILE *out, const struct condition_value *value, day_t today)
{
	char text[DAY_SIZE];
	if (value->kind == VALUE_DAY) {
		fputs(day_format(value->day, text), out);
		return;
	}
	fputs(day_format(day_before(today, value), text), out);
	fputs(value->number ? " (" : " (today", out);
	if (value->number) {
		span_words(out, value);
		fputs(" ago", out);
	}
	fputc(')', out);
}

static void value_words(FILE *out, const struct member_condition *c, const struct condition_node *node,
	const struct condition_value *value)
{
	char number[DECIMAL_SIZE];
	int decimals = 0;
	switch (value->kind) {
	case VALUE_NUMBER:
		if (node->attribute->type == ATTRIBUTE_MONEY)
			decimals = c->names->money_decimals;
		if (node->attribute->type == ATTRIBUTE_POINTS)
			decimals = node->argument.name->decimals;
		fputs(decimal_format(value->number, decimals, number), out);
		if (node->attribute->type == ATTRIBUTE_MONEY)
			fprintf(out, " %s", c->names->money);
		return;
	case VALUE_TEXT:
		fputs(value->text, out);
		return;
	case VALUE_NAME:
		fputs(value->name->code, out);
		return;
	case VALUE_MONTH_DAY:
		fprintf(out, "%lld %s", (long long)(value->number % 100), MONTHS[value->number / 100 - 1]);
		return;
	case VALUE_SPAN:
		span_words(out, value);
		return;
	case VALUE_DAY:
	case VALUE_AGO:
		if (node->attribute->type == ATTRIBUTE_BIRTHDAY)
			fputs("today", out);
		else
			day_words(out, value, c->names->today);
	}
}

// "gold", "gold or reserve", "a, b or c"
static void list_words(FILE *out, const struct member_condition *c, const struct condition_node *node)
{
	for (int i = 0; i < node->value_count; i++) {
		fputs(i == 0 ? "" : i == node->value_count - 1 ? " or " : ", ", out);
		value_words(out, c, node, &node->values[i]);
	}
}

// What a span in days is, seen from today: "between 2026-11-22 and 2026-11-28".
static void time_words(FILE *out, const struct member_condition *c, const struct condition_node *node)
{
	char from[DAY_SIZE], to[DAY_SIZE];
	const struct condition_value *span = node->values;
	day_t today = c->names->today, first = today, last = today;
	if (node->operator== OPERATOR_LAST || node->operator== OPERATOR_NOT_LAST)
		first = day_before(today, span) + 1;
	else
		last = (span->is_months ? day_add_months(today, span->number) : today + (day_t)span->number) -
		       1;
	day_format(first, from);
	day_format(last, to);
	bool is_birthday = node->attribute->type == ATTRIBUTE_BIRTHDAY; // of any year
	fprintf(out, "between %s and %s", is_birthday ? from + 5 : from, is_birthday ? to + 5 : to);
}

static const struct {
	const char *plain, *day;
} BETWEEN[] = {
	[OPERATOR_EQUAL] = {" is ", " was on "},
	[OPERATOR_UNEQUAL] = {" is known and not ", " was, but not on "},
	[OPERATOR_LESS] = {" is less than ", " was before "},
	[OPERATOR_LESS_EQUAL] = {" is at most ", " was on or before "},
	[OPERATOR_MORE] = {" is more than ", " was after "},
	[OPERATOR_MORE_EQUAL] = {" is at least ", " was on or after "},
	[OPERATOR_IN] = {" is ", " was on "},
	[OPERATOR_NOT_IN] = {" is known and not ", " was, but not on "},
	[OPERATOR_LAST] = {" is ", " was "},
	[OPERATOR_NOT_LAST] = {" is known and not ", " was, but not "},
	[OPERATOR_NEXT] = {" is ", " is "},
	[OPERATOR_NOT_NEXT] = {" is known and not ", " is known and not "},
	[OPERATOR_UNKNOWN] = {" is not known", " is not known"},
	[OPERATOR_KNOWN] = {" is known", " is known"},
};

static void attribute_words(
	FILE *out, const struct member_condition *c, const struct condition_node *node, const char *words)
{
	const struct condition_node no_value = {.attribute = node->attribute};
	for (; *words; words++) {
		if (words[0] != '%' || words[1] != 's') {
			fputc(*words, out);
			continue;
		}
		value_words(out, c, &no_value, &node->argument);
		words++;
	}
}

static void node_words(
	FILE *out, const struct member_condition *c, const struct condition_node *node, bool is_inner);

static void clause_words(FILE *out, const struct member_condition *c, const struct condition_node *node)
{
	bool is_day = node->attribute->type == ATTRIBUTE_DAY;
	attribute_words(out, c, node, node->attribute->words);
	if (node->attribute->type == ATTRIBUTE_SEGMENT) {
		fputs(" (", out);
		node_words(out, c, node->first, false);
		fputc(')', out);
	}
	if (node->operator== OPERATOR_IS)
		return;
	const char *between = is_day ? BETWEEN[node->operator].day : BETWEEN[node->operator].plain;
	bool is_counted = node->attribute->is_counted || node->attribute->is_known;
	if (is_counted && !is_day && (node->operator== OPERATOR_UNEQUAL || node->operator== OPERATOR_NOT_IN))
		between = " is not ";
	fputs(between, out);
	if (node->operator>= OPERATOR_LAST && node->operator<= OPERATOR_NOT_NEXT)
		time_words(out, c, node);
	else
		list_words(out, c, node);
}

static void node_words(
	FILE *out, const struct member_condition *c, const struct condition_node *node, bool is_inner)
{
	const struct condition_node *first = node->first;
	switch (node->kind) {
	case CONDITION_CLAUSE:
		clause_words(out, c, node);
		return;
	case CONDITION_NOT:
		if (first->kind == CONDITION_CLAUSE && first->attribute->type == ATTRIBUTE_IS) {
			attribute_words(out, c, first, first->attribute->negated);
			return;
		}
		fputs("not: ", out);
		node_words(out, c, first, true);
		return;
	default:
		break;
	}
	fputs(is_inner ? "(" : "", out);
	for (const struct condition_node *n = first; n; n = n->next) {
		fputs(n == first ? "" : node->kind == CONDITION_AND ? ", and " : ", or ", out);
		node_words(out, c, n, true);
	}
	fputs(is_inner ? ")" : "", out);
}

char *condition_words(const struct member_condition *condition, const struct condition_node *node)
{
	char *out = NULL;
	size_t size;
	FILE *stream = open_memstream(&out, &size);
	if (!stream)
		abort();
	node_words(stream, condition, node, false);
	fclose(stream);
	return out;
}
