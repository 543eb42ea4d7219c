// Verifying a member as one of a segment - student, teacher, staff - and ending that.
#include "screens/member/member.h"

#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

enum { SEGMENTS_MAX = 40, CHOICE_SIZE = 160 };

const char *member_verified_until(const struct standing_segment *segment, day_t today, char *out)
{
	char day[DAY_SIZE];
	int left = segment->until - today;

	out[0] = 0;
	if (segment->until == DAY_NONE)
		return out;
	snprintf(out, VERIFIED_TEXT, "until %s, %d day%s", day_format(segment->until, day),
		left > 0 ? left : 0, left == 1 ? "" : "s");
	return out;
}

static const struct standing_segment *segment_at_hand(const struct member *m)
{
	for (int i = 0; m->has_standing && i < m->standing.segment_count; i++)
		if (!strcmp(m->standing.segments[i].code, m->segment))
			return &m->standing.segments[i];
	return NULL;
}

// --- Verifying.

static bool send_verify(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	(void)s;
	if (!member_deed_begin(m, DEED_SEGMENT))
		return false;
	snprintf(m->deed.what, sizeof m->deed.what, "verified as %s", m->segment_name);
	action_verify(&ask, &(struct action_verify){.key = m->deed.key,
				    .member_id = m->member_id,
				    .segment = m->segment,
				    .until = form_value(f, "until"),
				    .evidence = form_value(f, "evidence")});
	if (member_deed_send(m, &ask))
		m->deed.form = form_wait(f);
	return false;
}

static void open_verify(struct member *m)
{
	static const struct form_field fields[] = {
		{"evidence", "Evidence", FIELD_TEXT, .max = 190, .required = true,
			.help = "What was seen, and who checked it; stands in the timeline"},
		{"until", "Until", FIELD_DATE, .help = "Empty: as long as the programme says"},
	};
	static const struct form_spec spec = {
		.title = "Verify the member",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Verify",
		.saved = send_verify,
	};

	form_open(m->screen, &spec, NULL, m);
}

// --- Ending it.

static void send_end(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	(void)s;
	if (!member_deed_begin(m, DEED_SEGMENT))
		return;
	snprintf(m->deed.what, sizeof m->deed.what, "no longer verified as %s", m->segment_name);
	action_unverify(&ask, m->member_id, m->deed.key, m->segment, "");
	member_deed_send(m, &ask);
}

static void confirm_end(struct member *m)
{
	char text[400];

	snprintf(text, sizeof text,
		"From today on the rules take the member for no %.120s any more. What was given until now "
		"stays. "
		"Whoever has the evidence can be verified again.",
		m->segment_name);
	dialog_confirm(m->screen,
		&(struct question){
			.title = "End the verification?", .text = text, .yes = "End it", .no = "Keep it"},
		send_end, m);
}

static void anew_or_end(struct screen *s, int chosen, void *payload)
{
	(void)s;
	if (chosen == 0)
		open_verify(payload);
	else
		confirm_end(payload);
}

// --- Which segment.

static void segment_chosen(struct screen *s, int chosen, void *payload)
{
	static const char *const choices[] = {"Verify anew", "End it before its time"};
	struct member *m = payload;

	if (chosen >= m->standing.segment_count)
		return;
	snprintf(m->segment, sizeof m->segment, "%s", m->standing.segments[chosen].code);
	snprintf(m->segment_name, sizeof m->segment_name, "%s", m->standing.segments[chosen].name);
	if (segment_at_hand(m)->is_verified)
		dialog_choose(s, m->segment_name, choices, 2, 0, anew_or_end, m);
	else
		open_verify(m);
}

const char *member_verify_disabled(const struct member *m)
{
	if (!m->has_standing || !m->standing.is_enrolled)
		return "where the member stands is not known yet";
	return m->standing.segment_count ? NULL
					 : "the programme has no segments that members are verified as";
}

void member_verify(struct member *m)
{
	char texts[SEGMENTS_MAX][CHOICE_SIZE], until[VERIFIED_TEXT];
	const char *lines[SEGMENTS_MAX];
	day_t today = desk_facts(m->screen)->business_day;
	int count = 0;

	for (; count < m->standing.segment_count && count < SEGMENTS_MAX; count++) {
		const struct standing_segment *segment = &m->standing.segments[count];
		snprintf(texts[count], CHOICE_SIZE, "%-20.80s %s%s%s", segment->name,
			segment->is_verified ? "verified" : "not verified", segment->is_verified ? " " : "",
			segment->is_verified ? member_verified_until(segment, today, until) : "");
		lines[count] = texts[count];
	}
	dialog_choose(m->screen, "Verify as one of which segment?", lines, count, 0, segment_chosen, m);
}
