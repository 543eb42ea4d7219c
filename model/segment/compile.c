// Turns a condition into SQL. `not` is carried down to the clauses, so that each stands there as holding or
// as not holding, and what is unknown is decided once, in the clause.
#include "model/segment/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOINS_MAX = CONDITION_CLAUSES_MAX };

struct compiler {
	const struct member_condition *condition;
	const struct condition_options *options;
	struct condition_sql *sql;
	const char *types[CONDITION_VALUES_MAX];
	const char *joins[JOINS_MAX]; // the SELECTs, each once
	int join_count;
	bool has_standing, is_too_long;
};

static const char *text_of(struct compiler *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *text_of(struct compiler *c, const char *format, ...)
{
	va_list values, again;
	va_start(values, format);
	va_copy(again, values);
	int length = vsnprintf(NULL, 0, format, values);
	char *text = arena_alloc(&c->sql->arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(values);
	va_end(again);
	return text;
}

// --- Values.

// A parameter with its type; the same value of the same type is one parameter.
static const char *place(struct compiler *c, const char *type, const char *value)
{
	struct condition_sql *sql = c->sql;
	int i = 0, first = c->options->first ? c->options->first : 1;
	while (i < sql->value_count && (strcmp(c->types[i], type) != 0 || strcmp(sql->values[i], value) != 0))
		i++;
	if (i == CONDITION_VALUES_MAX) {
		c->is_too_long = true;
		return "NULL";
	}
	if (i == sql->value_count) {
		c->types[i] = type;
		sql->values[sql->value_count++] = arena_copy(&sql->arena, value);
	}
	if (c->options->by_setting)
		return text_of(c, "current_setting('segment.p%d')::%s", first + i, type);
	return text_of(c, "$%d::%s", first + i, type);
}

// What does not change from member to member: a setting is read once then.
static const char *constant(struct compiler *c, const char *sql)
{
	return c->options->by_setting ? text_of(c, "(SELECT %s)", sql) : sql;
}

static const char *number_sql(struct compiler *c, const char *type, int64_t number)
{
	return constant(c, place(c, type, text_of(c, "%lld", (long long)number)));
}

static const char *day_sql(struct compiler *c, day_t day)
{
	char text[DAY_SIZE];
	return constant(c, place(c, "date", day_format(day, text)));
}

// The day so long after today; a negative number lies before it.
static const char *shifted_day(struct compiler *c, int64_t number, bool is_months)
{
	const char *today = c->options->today;
	day_t base = c->condition->names->today;
	if (!today)
		return day_sql(c, is_months ? day_add_months(base, number) : base + (day_t)number);
	if (number == 0)
		return today;
	const char *shift = number_sql(c, "int", number);
	return is_months ? text_of(c, "(%s + make_interval(months => %s))::date", today, shift)
			 : text_of(c, "(%s + %s)", today, shift);
}

static const char *value_day(struct compiler *c, const struct condition_value *value)
{
	return value->kind == VALUE_DAY ? day_sql(c, value->day)
					: shifted_day(c, -value->number, value->is_months);
}

// The values as one array, in PostgreSQL's own writing.
static const char *array_sql(struct compiler *c, const char *type, const struct condition_node *node)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort();
	for (int i = 0; i < node->value_count; i++) {
		const struct condition_value *value = &node->values[i];
		fputc(i ? ',' : '{', out);
		if (value->kind == VALUE_NUMBER) {
			fprintf(out, "%lld", (long long)value->number);
			continue;
		}
		fputc('"', out);
		for (const char *at = value->text; *at; at++) {
			if (*at == '"' || *at == '\\')
				fputc('\\', out);
			fputc(*at, out);
		}
		fputc('"', out);
	}
	fputc('}', out);
	fclose(out);
	const char *placed = place(c, type, text);
	free(text);
	return placed;
}

// A sub-select would be a list of rows to = ANY: a cast makes it the array.
static const char *array_constant(struct compiler *c, const char *array, const char *type)
{
	return c->options->by_setting ? text_of(c, "(SELECT %s)::%s", array, type) : array;
}

// --- Attributes.

static const char *argument_sql(struct compiler *c, const struct condition_node *node)
{
	const struct condition_value *argument = &node->argument;
	if (argument->kind == VALUE_TEXT)
		return constant(c, place(c, "text", argument->text));
	if (argument->name->id)
		return number_sql(c, "smallint", argument->name->id);
	return constant(c, place(c, "text", argument->name->code));
}

// Fills in what stands behind each % (attribute.h).
static const char *fill(
	struct compiler *c, const struct condition_node *node, const char *pattern, const char *alias)
{
	bool is_few = c->options->reach == CONDITION_FEW;
	const struct condition_value *argument = &node->argument;
	const char *filled = "";
	for (const char *mark; (mark = strchr(pattern, '%')); pattern = mark + 2) {
		const char *with = "";
		switch (mark[1]) {
		case 'A':
			with = alias;
			break;
		case '1':
			with = argument_sql(c, node);
			break;
		case 'R':
			with = number_sql(c, "int", argument->name->rank);
			break;
		case 'T':
			with = shifted_day(c, 0, false);
			break;
		case 'F':
			with = shifted_day(c, -argument->number, argument->is_months);
			break;
		case 'M':
			with = is_few ? "member_id = m.member_id" : "true";
			break;
		case 'I':
			with = is_few ? "m.member_id" : "NULL";
			break;
		default:
			break;
		}
		filled = text_of(c, "%s%.*s%s", filled, (int)(mark - pattern), pattern, with);
	}
	return text_of(c, "%s%s", filled, pattern);
}

// The name of what the attribute joins; "" where it joins nothing.
static const char *join_alias(struct compiler *c, const struct condition_node *node)
{
	if (!node->attribute->join)
		return "";
	const char *join = fill(c, node, node->attribute->join, "");
	int i = 0;
	while (i < c->join_count && strcmp(c->joins[i], join) != 0)
		i++;
	if (i == JOINS_MAX) {
		c->is_too_long = true;
		return "";
	}
	if (i == c->join_count)
		c->joins[c->join_count++] = join;
	return text_of(c, "f%d", i + 1);
}

static const char *attribute_sql(struct compiler *c, const struct condition_node *node)
{
	c->has_standing |= node->attribute->standing;
	return fill(c, node, node->attribute->value, join_alias(c, node));
}

// --- Clauses. Each function writes one that holds, not one that does not.

static const char *const SIGNS[] = {
	[OPERATOR_EQUAL] = "=",
	[OPERATOR_UNEQUAL] = "<>",
	[OPERATOR_LESS] = "<",
	[OPERATOR_LESS_EQUAL] = "<=",
	[OPERATOR_MORE] = ">",
	[OPERATOR_MORE_EQUAL] = ">=",
	[OPERATOR_IN] = "= ANY",
	[OPERATOR_NOT_IN] = "<> ALL",
};

static const enum condition_operator OPPOSITES[] = {
	[OPERATOR_EQUAL] = OPERATOR_UNEQUAL,
	[OPERATOR_UNEQUAL] = OPERATOR_EQUAL,
	[OPERATOR_LESS] = OPERATOR_MORE_EQUAL,
	[OPERATOR_LESS_EQUAL] = OPERATOR_MORE,
	[OPERATOR_MORE] = OPERATOR_LESS_EQUAL,
	[OPERATOR_MORE_EQUAL] = OPERATOR_LESS,
	[OPERATOR_IN] = OPERATOR_NOT_IN,
	[OPERATOR_NOT_IN] = OPERATOR_IN,
	[OPERATOR_LAST] = OPERATOR_NOT_LAST,
	[OPERATOR_NOT_LAST] = OPERATOR_LAST,
	[OPERATOR_NEXT] = OPERATOR_NOT_NEXT,
	[OPERATOR_NOT_NEXT] = OPERATOR_NEXT,
};

static bool holds(int64_t a, enum condition_operator operator, int64_t b)
{
	switch (operator) {
	case OPERATOR_LESS:
		return a < b;
	case OPERATOR_LESS_EQUAL:
		return a <= b;
	case OPERATOR_MORE:
		return a > b;
	case OPERATOR_MORE_EQUAL:
		return a >= b;
	case OPERATOR_UNEQUAL:
	case OPERATOR_NOT_IN:
		return a != b;
	default:
		return a == b;
	}
}

// Whether the clause holds for 0.
static bool holds_for_zero(const struct condition_node *node, enum condition_operator operator)
{
	bool is_all = operator== OPERATOR_NOT_IN;
	for (int i = 0; i < node->value_count; i++)
		if (holds(0, operator, node->values[i].number) != is_all)
			return !is_all;
	return is_all;
}

static const char *number_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	const char *value = attribute_sql(c, node), *sign = SIGNS[operator];
	if (node->attribute->is_counted && holds_for_zero(node, operator))
		value = text_of(c, "coalesce(%s, 0)", value);
	if (operator== OPERATOR_IN || operator== OPERATOR_NOT_IN)
		return text_of(c, "%s %s (%s)", value, sign,
			array_constant(c, array_sql(c, "bigint[]", node), "bigint[]"));
	return text_of(c, "%s %s %s", value, sign, number_sql(c, "bigint", node->values[0].number));
}

// That the value lies in a span that ends or begins today; values are placed only where they stand.
static const char *span_clause(struct compiler *c, const char *value, const struct condition_value *span,
	enum condition_operator operator)
{
	bool is_last = operator== OPERATOR_LAST || operator== OPERATOR_NOT_LAST;
	const char *today = shifted_day(c, 0, false);
	const char *other = shifted_day(c, is_last ? -span->number : span->number, span->is_months);
	switch (operator) {
	case OPERATOR_LAST:
		return text_of(c, "(%s > %s AND %s <= %s)", value, other, value, today);
	case OPERATOR_NOT_LAST:
		return text_of(c, "(%s <= %s OR %s > %s)", value, other, value, today);
	case OPERATOR_NEXT:
		return text_of(c, "(%s >= %s AND %s < %s)", value, today, value, other);
	default:
		return text_of(c, "(%s < %s OR %s >= %s)", value, today, value, other);
	}
}

static const char *day_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	const char *value = attribute_sql(c, node), *list = "";
	if (node->values[0].kind == VALUE_SPAN)
		return span_clause(c, value, node->values, operator);
	if (operator!= OPERATOR_IN && operator!= OPERATOR_NOT_IN)
		return text_of(c, "%s %s %s", value, SIGNS[operator], value_day(c, &node->values[0]));
	for (int i = 0; i < node->value_count; i++)
		list = text_of(c, "%s%s%s", list, i ? ", " : "", value_day(c, &node->values[i]));
	return text_of(c, "%s %s (%s)", value, operator== OPERATOR_IN ? "IN" : "NOT IN", list);
}

// All birthdays that are kept between two days, as numbers of the column.
static const char *birthdays(
	struct compiler *c, const struct condition_node *node, const char *from, const char *to)
{
	const char *leap = node->attribute->argument == ARGUMENT_CHOICE ? node->argument.text : "feb28";
	return text_of(c, "loyalty.birthdays(%s, %s, '%s')", from, to, leap);
}

// The birthdays in a span that ends or begins today.
static const char *birthday_span(struct compiler *c, const struct condition_node *node, bool is_last)
{
	const struct condition_value *span = node->values;
	const char *today = shifted_day(c, 0, false);
	const char *other = shifted_day(c, is_last ? -span->number : span->number, span->is_months);
	return is_last ? birthdays(c, node, text_of(c, "%s + 1", other), today)
		       : birthdays(c, node, today, text_of(c, "%s - 1", other));
}

static const char *birthday_list(struct compiler *c, const struct condition_node *node)
{
	const char *days = NULL;
	for (int i = 0; i < node->value_count; i++) {
		const struct condition_value *value = &node->values[i];
		const char *today = value->kind == VALUE_AGO ? shifted_day(c, 0, false) : NULL;
		const char *day = today ? birthdays(c, node, today, today)
					: text_of(c, "ARRAY[%s]", number_sql(c, "smallint", value->number));
		days = days ? text_of(c, "%s || %s", days, day) : day;
	}
	return days;
}

static const char *birthday_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	bool is_last = operator== OPERATOR_LAST || operator== OPERATOR_NOT_LAST;
	bool is_not = operator== OPERATOR_UNEQUAL || operator== OPERATOR_NOT_IN || operator==
		OPERATOR_NOT_LAST ||
		operator== OPERATOR_NOT_NEXT;
	const char *days = node->values[0].kind == VALUE_SPAN ? birthday_span(c, node, is_last)
							      : birthday_list(c, node);
	return text_of(c, "%s %s (%s)", attribute_sql(c, node), is_not ? "<> ALL" : "= ANY",
		array_constant(c, days, "smallint[]"));
}

// Texts are folded on both sides; a member's "" is unknown.
static const char *text_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	const char *value = attribute_sql(c, node);
	const char *texts = text_of(c, "loyalty.folded(%s)", array_sql(c, "text[]", node));
	bool is_not = operator== OPERATOR_UNEQUAL || operator== OPERATOR_NOT_IN;
	if (is_not)
		return text_of(
			c, "(%s <> ALL (%s) AND %s <> '')", value, array_constant(c, texts, "text[]"), value);
	return text_of(c, "%s = ANY (%s)", value, array_constant(c, texts, "text[]"));
}

static const char *choice_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	const char *value = attribute_sql(c, node);
	bool is_not = operator== OPERATOR_UNEQUAL || operator== OPERATOR_NOT_IN;
	const char *texts = array_constant(c, array_sql(c, "text[]", node), "text[]");
	return text_of(c, "%s %s (%s)", value, is_not ? "<> ALL" : "= ANY", texts);
}

// The tiers of the ladder that the comparison holds for.
static const char *tier_clause(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	const struct condition_names *names = c->condition->names;
	const char *value = attribute_sql(c, node), *ids = "";
	bool is_not = operator== OPERATOR_UNEQUAL || operator== OPERATOR_NOT_IN;
	for (int i = 0; i < names->count; i++) {
		const struct condition_name *tier = &names->list[i];
		bool fits = false;
		for (int v = 0; v < node->value_count; v++)
			fits |= tier->kind == NAME_TIER && tier->of == node->values[v].name->of &&
				holds(tier->rank, is_not ? OPERATOR_EQUAL : operator,
					node->values[v].name->rank);
		if (fits)
			ids = text_of(c, "%s%s%d", ids, *ids ? "," : "", tier->id);
	}
	ids = place(c, "smallint[]", text_of(c, "{%s}", ids));
	return text_of(
		c, "%s %s (%s)", value, is_not ? "<> ALL" : "= ANY", array_constant(c, ids, "smallint[]"));
}

static const char *unknown_clause(struct compiler *c, const struct condition_node *node, bool is_unknown)
{
	const char *value = attribute_sql(c, node);
	if (node->attribute->type == ATTRIBUTE_TEXT)
		return text_of(c, "%s %s ''", value, is_unknown ? "=" : "<>");
	return text_of(c, "%s IS %s", value, is_unknown ? "NULL" : "NOT NULL");
}

static const char *comparison(
	struct compiler *c, const struct condition_node *node, enum condition_operator operator)
{
	switch (node->attribute->type) {
	case ATTRIBUTE_DAY:
		return day_clause(c, node, operator);
	case ATTRIBUTE_BIRTHDAY:
		return birthday_clause(c, node, operator);
	case ATTRIBUTE_TEXT:
		return text_clause(c, node, operator);
	case ATTRIBUTE_CHOICE:
		return choice_clause(c, node, operator);
	case ATTRIBUTE_TIER:
		return tier_clause(c, node, operator);
	default:
		return number_clause(c, node, operator);
	}
}

// A clause that does not hold holds otherwise where nothing is unknown, and else also for what is unknown.
static const char *clause_sql(struct compiler *c, const struct condition_node *node, bool is_negated)
{
	const struct attribute *a = node->attribute;
	if (node->operator== OPERATOR_UNKNOWN || node->operator== OPERATOR_KNOWN)
		return unknown_clause(c, node, (node->operator== OPERATOR_UNKNOWN) != is_negated);
	if (a->type == ATTRIBUTE_IS) {
		const char *sql = attribute_sql(c, node);
		return !is_negated ? sql : text_of(c, a->is_known ? "NOT (%s)" : "(%s) IS NOT TRUE", sql);
	}
	if (is_negated && (a->is_counted || a->is_known))
		return comparison(c, node, OPPOSITES[node->operator]);
	const char *sql = comparison(c, node, node->operator);
	return is_negated ? text_of(c, "(%s) IS NOT TRUE", sql) : sql;
}

// --- The whole.

static const char *node_sql(struct compiler *c, const struct condition_node *node, bool is_negated)
{
	const char *sql = "";
	switch (node->kind) {
	case CONDITION_CLAUSE:
		if (node->attribute->type == ATTRIBUTE_SEGMENT)
			return node_sql(c, node->first, is_negated);
		return clause_sql(c, node, is_negated);
	case CONDITION_NOT:
		return node_sql(c, node->first, !is_negated);
	default:
		break;
	}
	bool is_and = (node->kind == CONDITION_AND) != is_negated;
	for (const struct condition_node *n = node->first; n; n = n->next)
		sql = text_of(c, "%s%s%s", sql,
			n == node->first ? "("
			: is_and         ? " AND "
					 : " OR ",
			node_sql(c, n, is_negated));
	return text_of(c, "%s)", sql);
}

static const char *from_sql(struct compiler *c)
{
	const char *from = "loyalty.member m";
	if (c->has_standing)
		from = text_of(c, "%s JOIN loyalty.standing s ON s.member_id = m.member_id", from);
	for (int i = 0; i < c->join_count; i++)
		from = c->options->reach == CONDITION_FEW
			       ? text_of(c, "%s LEFT JOIN LATERAL (%s) f%d ON true", from, c->joins[i], i + 1)
			       : text_of(c, "%s LEFT JOIN (%s) f%d ON f%d.member_id = m.member_id", from,
					 c->joins[i], i + 1, i + 1);
	return from;
}

bool condition_compile(const struct member_condition *condition, const struct condition_options *options,
	struct condition_sql *sql)
{
	static const struct condition_options usual;
	*sql = (struct condition_sql){.clause_count = condition_clauses(condition)};
	struct compiler *c = arena_alloc(&sql->arena, sizeof *c);
	*c = (struct compiler){.condition = condition, .options = options ? options : &usual, .sql = sql};
	if (sql->clause_count > CONDITION_CLAUSES_MAX)
		return false;
	sql->population =
		text_of(c, "%sNOT EXISTS (SELECT FROM loyalty.household h WHERE h.member_id = m.member_id)",
			condition_speaks_of(condition, "status") ? "" : "m.status = 'active' AND ");
	const char *where = sql->population;
	for (int i = 0; i < sql->clause_count; i++) {
		sql->clauses[i] = node_sql(c, condition_clause(condition, i), false);
		where = text_of(c, "%s AND %s", where, sql->clauses[i]);
	}
	sql->where = arena_copy(&sql->arena, where);
	sql->from = arena_copy(&sql->arena, from_sql(c));
	return !c->is_too_long;
}

void condition_sql_free(struct condition_sql *sql)
{
	arena_free(&sql->arena);
}
