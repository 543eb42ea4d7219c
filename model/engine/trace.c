// Why an event gave what it gave, as plain text.
#include "model/engine/trace.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
	char text[512];
	size_t used;
};

void trace_init(struct trace *trace)
{
	*trace = (struct trace){.as_of = DAY_NONE};
}

void trace_reset(struct trace *trace)
{
	trace->count = 0;
	trace->then = NULL;
	trace->as_of = DAY_NONE;
}

void trace_as_of(struct trace *trace, const struct programme *then, day_t activity_day)
{
	trace->then = then;
	trace->as_of = activity_day;
}

void trace_free(struct trace *trace)
{
	free(trace->rules);
	trace_init(trace);
}

__attribute__((format(printf, 2, 3))) static void say(struct line *line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line->text + line->used, sizeof line->text - line->used, format, arguments);
	va_end(arguments);
	if (length > 0)
		line->used += (size_t)length;
	if (line->used >= sizeof line->text)
		line->used = sizeof line->text - 1;
}

static void say_decimal(struct line *line, int64_t units, int decimals)
{
	char text[DECIMAL_SIZE];
	say(line, "%s", decimal_format(units, decimals, text));
}

// Six decimals show every rate there is; what is cut off beyond is marked.
static void say_exact(struct line *line, const struct trace_rule *record, int decimals)
{
	wide_t scaled;
	if (__builtin_mul_overflow(record->numerator, (wide_t)decimal_power(6), &scaled))
		return;
	wide_t units = scaled / record->denominator;
	if (units > INT64_MAX)
		return;
	say_decimal(line, (int64_t)units, 6 + decimals);
	say(line, "%s", units * record->denominator == scaled ? "" : "...");
}

static void say_rating(struct line *line, const struct programme *programme, const struct trace_rule *record)
{
	const struct award *award = &programme->earn[record->rule].award;
	if (award->use_quantity || award->per_unit)
		say(line, "quantity %lld", (long long)record->quantity);
	else
		say_decimal(line, record->basis_minor, 2);
	if (award->kind == AWARD_FIXED)
		say(line, ", fixed award");
	if (award->kind == AWARD_BANDS)
		say(line, ", award by band");
	if (award->kind == AWARD_RATE || award->kind == AWARD_BY_TIER) {
		say(line, " at ");
		say_decimal(line, record->rate, 4);
		say(line, " per ");
		if (award->use_quantity)
			say(line, "%lld", (long long)award->per);
		else
			say_decimal(line, award->per, 2);
	}
	if (record->tier >= 0)
		say(line, " (%s)", programme->ladders[award->ladder].tiers[record->tier].name);
}

static void say_multipliers(
	struct line *line, const struct programme *programme, const struct trace_rule *record)
{
	const struct earn_rule *rule = &programme->earn[record->rule];
	int said = 0;
	if (record->multipliers == 0 && !record->is_granted)
		return;
	say(line, ", times ");
	say_decimal(line, record->factor, 10);
	for (int i = 0; i < rule->multiplier_count; i++)
		if ((record->multipliers & 1u << i) != 0)
			say(line, "%s%s", said++ == 0 ? " for " : " and ", rule->multipliers[i].name);
	if (record->is_granted)
		say(line, "%s", said > 0 ? " and a multiplier of the member's" : " for a multiplier of the member's");
}

static void say_quantity(
	struct line *line, const struct programme *programme, const struct trace_rule *record)
{
	static const char *const roundings[] = {"down", "half up", "half to even", "up"};
	const struct award *award = &programme->earn[record->rule].award;
	int decimals = programme->currencies[award->currency].decimals;
	say(line, " = ");
	say_exact(line, record, decimals);
	if (record->rounded * record->denominator != record->numerator) {
		say(line, ", rounded %s to ", roundings[award->round]);
		say_decimal(line, record->rounded, decimals);
	}
	if (record->cap_per_event > 0) {
		say(line, ", at most ");
		say_decimal(line, record->cap_per_event, decimals);
		say(line, " an event");
	}
	if (record->cap_left >= 0) {
		say(line, ", ");
		say_decimal(line, record->cap_left, decimals);
		say(line, " left under the cap");
	}
	say(line, ": +");
	say_decimal(line, record->awarded, decimals);
	say(line, " %s", programme->currencies[award->currency].name);
}

static void say_refusal(struct line *line, const struct trace_rule *record)
{
	if (record->outcome == TRACE_NO_BASIS) {
		say(line, "nothing eligible was bought");
	} else if (record->outcome == TRACE_LIMIT) {
		say(line, "already awarded as often as the period allows");
	} else {
		say(line, "%s does not hold", record->condition);
		if (record->wanted[0] != '\0')
			say(line, ", wanted %s", record->wanted);
		if (record->seen[0] != '\0')
			say(line, ", was %s", record->seen);
	}
}

void trace_print(const struct programme *programme, const struct trace *trace,
	void (*put)(void *, const char *), void *context)
{
	if (trace->then != NULL) {
		char day[DAY_SIZE];
		struct line line = {.used = 0};
		programme = trace->then;
		say(&line, "as of %s: tier, limits and rules (%s) of that day\n",
			day_format(trace->as_of, day), programme->code);
		put(context, line.text);
	}
	for (int i = 0; i < trace->count; i++) {
		const struct trace_rule *record = &trace->rules[i];
		struct line line = {.used = 0};
		say(&line, "%s: ", programme->earn[record->rule].name);
		if (record->outcome == TRACE_CONDITION || record->outcome == TRACE_NO_BASIS ||
			record->outcome == TRACE_LIMIT) {
			say_refusal(&line, record);
		} else {
			say_rating(&line, programme, record);
			say_multipliers(&line, programme, record);
			say_quantity(&line, programme, record);
		}
		say(&line, "\n");
		put(context, line.text);
	}
}
