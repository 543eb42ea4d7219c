// Conditions of earn rules and multipliers: whether they hold, and why they do not.
#include "model/engine/condition.h"
#include <stdio.h>
#include <string.h>
#include "model/engine/lines.h"
#include "model/engine/past.h"
#include "model/engine/segment.h"
#include "model/engine/standing.h"

#define TOLERANCE_ONE 10000

static bool same_tag(const char *wanted, const char *seen)
{
	return seen != NULL && strcmp(wanted, seen) == 0;
}

bool flag_carried(const struct run *run, const char *flag)
{
	for (int i = 0; run->event != NULL && i < run->event->flag_count; i++)
		if (strcmp(run->event->flags[i], flag) == 0)
			return true;
	for (int i = 0; i < run->state->flag_count; i++)
		if (strcmp(run->state->flags[i], flag) == 0)
			return true;
	return false;
}

bool amount_reaches(const struct condition *when, int64_t basis)
{
	return (wide_t)basis * TOLERANCE_ONE >= (wide_t)when->min_amount * when->tolerance;
}

static bool plan_holds(const struct run *run, int plan)
{
	const struct event *event = run->event;
	const char *code = run_rules(run)->plans[plan].code;
	if (event->type == EVENT_SUBSCRIBE || event->type == EVENT_USE_BENEFIT)
		return event->plan != NULL && strcmp(event->plan, code) == 0;
	if (run->is_late)
		return past_plan_active(run->state, code, run_rated_on(run));
	return standing_plan_active(run->state, plan);
}

const char *condition_failing(const struct run *run, const struct condition *when, int64_t basis)
{
	const struct event *event = run->event;
	day_t day = run_rated_on(run);
	if (when->activity != NULL && !same_tag(when->activity, event->activity))
		return "activity";
	if (when->partner != NULL && !same_tag(when->partner, event->partner))
		return "partner";
	if (when->tender != NULL && !same_tag(when->tender, event->tender))
		return "tender";
	if (when->channels.count > 0 && !tags_have(&when->channels, event->channel))
		return "channel";
	if (when->flag != NULL && !flag_carried(run, when->flag))
		return "flag";
	if (when->not_flag != NULL && flag_carried(run, when->not_flag))
		return "not_flag";
	if (when->membership.segment >= 0 && !segment_holds(run, when->membership.segment))
		return "segment";
	if (when->membership.not_segment >= 0 && segment_holds(run, when->membership.not_segment))
		return "not_segment";
	if (when->tiers != NULL && !when->tiers[run->held[when->ladder]])
		return "tier";
	if (when->plan >= 0 && !plan_holds(run, when->plan))
		return "plan";
	if (when->min_amount > 0 && !amount_reaches(when, basis))
		return "min_amount";
	if (when->max_amount > 0 && basis > when->max_amount)
		return "max_amount";
	if (when->from != DAY_NONE && day < when->from)
		return "from";
	if (when->to != DAY_NONE && day >= when->to)
		return "to";
	return NULL;
}

static void join(char *out, size_t size, const char *word)
{
	size_t used = strlen(out);
	snprintf(out + used, size - used, "%s%s", used > 0 ? " or " : "", word);
}

static void text_set(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text != NULL ? text : "none");
}

static void tiers_explain(const struct run *run, const struct condition *when, struct trace_rule *record)
{
	const struct ladder *ladder = &run_rules(run)->ladders[when->ladder];
	for (int i = 0; i < ladder->tier_count; i++)
		if (when->tiers[i])
			join(record->wanted, sizeof record->wanted, ladder->tiers[i].name);
	text_set(record->seen, sizeof record->seen, ladder->tiers[run->held[when->ladder]].name);
}

static void amount_explain(int64_t wanted, int64_t basis, struct trace_rule *record)
{
	decimal_format(wanted, 2, record->wanted);
	decimal_format(basis, 2, record->seen);
}

static void day_explain(day_t wanted, day_t seen, struct trace_rule *record)
{
	day_format(wanted, record->wanted);
	day_format(seen, record->seen);
}

void condition_explain(
	const struct run *run, const struct condition *when, int64_t basis, struct trace_rule *record)
{
	const char *key = record->condition;
	char *wanted = record->wanted, *seen = record->seen;
	size_t size = sizeof record->wanted;
	if (strcmp(key, "tier") == 0)
		tiers_explain(run, when, record);
	else if (strcmp(key, "min_amount") == 0)
		amount_explain(when->min_amount, basis, record);
	else if (strcmp(key, "max_amount") == 0)
		amount_explain(when->max_amount, basis, record);
	else if (strcmp(key, "from") == 0)
		day_explain(when->from, run_rated_on(run), record);
	else if (strcmp(key, "to") == 0)
		day_explain(when->to, run_rated_on(run), record);
	else if (strcmp(key, "plan") == 0)
		text_set(wanted, size, run_rules(run)->plans[when->plan].name);
	else if (strcmp(key, "flag") == 0)
		text_set(wanted, size, when->flag);
	else if (strcmp(key, "not_flag") == 0)
		text_set(seen, size, when->not_flag);
	else if (strcmp(key, "segment") == 0) {
		text_set(wanted, size, run_rules(run)->segments[when->membership.segment].name);
		text_set(seen, size, "not verified");
	} else if (strcmp(key, "not_segment") == 0)
		segment_explain(run, when->membership.not_segment, seen, size);
	else if (strcmp(key, "channel") == 0) {
		for (int i = 0; i < when->channels.count; i++)
			join(wanted, size, when->channels.tags[i]);
		text_set(seen, size, run->event->channel);
	} else {
		bool tender = strcmp(key, "tender") == 0, activity = strcmp(key, "activity") == 0;
		text_set(wanted, size, tender ? when->tender : activity ? when->activity : when->partner);
		text_set(seen, size,
			tender     ? run->event->tender
			: activity ? run->event->activity
				   : run->event->partner);
	}
}
