// Verified segments: verification, its end, and who is in one (FORMAT section 16).
#include "model/engine/segment.h"
#include <stdio.h>
#include "model/engine/past.h"
#include "model/engine/standing.h"

static void change_post(struct run *run, int segment, bool is_end, day_t day)
{
	const struct segment_state *state = &run->state->segments[segment];
	struct postings *postings = run->postings;
	ARRAY_RESERVE(postings->segment_changes, postings->segment_change_capacity,
		postings->segment_change_count + 1);
	postings->segment_changes[postings->segment_change_count++] = (struct segment_change){
		.segment = segment,
		.verified = state->seq,
		.is_end = is_end,
		.day = day,
		.until = state->until,
		.seq = run->seq,
	};
}

static void segment_end(struct run *run, int segment, day_t day)
{
	if (run->state->segments[segment].seq == 0)
		return;
	change_post(run, segment, true, day);
	run->state->segments[segment] = (struct segment_state){.until = DAY_NONE};
}

enum refusal verify_test(const struct run *run)
{
	if (programme_segment(run->programme, run->event->segment) < 0)
		return REFUSAL_SEGMENT;
	return run->event->until <= run->state->day ? REFUSAL_UNTIL : REFUSAL_NONE;
}

static day_t verification_end(const struct segment *segment, const struct event *event)
{
	if (event->until != DAY_NONE)
		return event->until;
	if (segment->months > 0)
		return day_add_months(event->day, segment->months);
	return segment->days > 0 ? event->day + segment->days : DAY_NONE;
}

void verify(struct run *run)
{
	int index = programme_segment(run->programme, run->event->segment);
	segment_end(run, index, run->state->day); // the word of today takes the place of an older one
	run->state->segments[index] = (struct segment_state){
		.seq = run->seq,
		.until = verification_end(&run->programme->segments[index], run->event),
	};
	change_post(run, index, false, run->state->day);
	past_note_segment(run->state, index, run->state->segments[index].until);
}

enum refusal unverify_test(const struct run *run)
{
	int index = programme_segment(run->programme, run->event->segment);
	if (index < 0)
		return REFUSAL_SEGMENT;
	return standing_verified(run->state, index) ? REFUSAL_NONE : REFUSAL_NOT_VERIFIED;
}

void unverify(struct run *run)
{
	int index = programme_segment(run->programme, run->event->segment);
	segment_end(run, index, run->state->day);
	past_note_segment(run->state, index, run->state->day);
}

// The past needs no note of it: that end follows from `until`.
void segments_open(struct run *run)
{
	for (int i = 0; i < run->programme->segment_count; i++)
		if (run->state->segments[i].until <= run->state->day)
			segment_end(run, i, run->state->segments[i].until);
}

day_t segments_next_due(const struct programme *programme, const struct member_state *state)
{
	day_t due = DAY_NONE;
	for (int i = 0; i < programme->segment_count; i++)
		if (state->segments[i].until < due)
			due = state->segments[i].until;
	return due;
}

// As the word was on that day: `until` DAY_NONE without an end.
static bool verified_on(const struct run *run, int segment, day_t *until)
{
	*until = DAY_NONE;
	if (run->is_late)
		return past_verified(
			run->state, run->then->segments[segment].code, run->event->activity_day, until);
	*until = run->state->segments[segment].until;
	return standing_verified(run->state, segment);
}

bool segment_holds(const struct run *run, int segment)
{
	day_t until;
	return verified_on(run, segment, &until);
}

bool membership_holds(const struct member_state *state, const struct membership *membership)
{
	return (membership->segment < 0 || standing_verified(state, membership->segment)) &&
	       (membership->not_segment < 0 || !standing_verified(state, membership->not_segment));
}

void segment_explain(const struct run *run, int segment, char *out, size_t size)
{
	char day[DAY_SIZE];
	day_t until;
	bool is_verified = verified_on(run, segment, &until);
	bool has_end = is_verified && until != DAY_NONE;
	snprintf(out, size, "%s%s%s", run_rules(run)->segments[segment].name, has_end ? " until " : "",
		has_end ? day_format(until, day) : "");
}
