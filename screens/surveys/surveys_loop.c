// Closing the loop, in words: how soon the unhappy were written to, how many cases were closed, who came back.
#include "screens/span.h"
#include "screens/surveys/surveys_state.h"
#include "model/amount.h"
#include <inttypes.h>

enum { INDENT = 22 };

void loop_load(struct screen *s)
{
	const struct survey *survey = survey_chosen(s->state);
	struct ask ask;
	if (!survey || !surveys_may_see(s))
		return;
	survey_loop_ask(&ask, survey->id);
	desk_send(s, &(struct desk_request){.tag = TAG_LOOP, .what = "what was done", .asks = {&ask}, .is_read = true, .replaces = true});
}

// "140 of 200 (70 %)".
static void share_add(struct detail *d, const char *label, int64_t part, int64_t whole, const char *of)
{
	if (whole)
		detail_format(d, ROLE_TEXT, INDENT, label, "%" PRId64 " of %" PRId64 " %s (%.0f %%)", part, whole, of, 100.0 * (double)part / (double)whole);
	else
		detail_format(d, ROLE_DIM, INDENT, label, "none yet %s", of);
}

static void span_add(struct detail *d, const char *label, int64_t seconds)
{
	char text[SPAN_TEXT];
	detail_format(d, ROLE_TEXT, INDENT, label, "%s", seconds < 0 ? "none yet" : span_text(seconds, text));
}

static void goodwill_add(struct screen *s, struct detail *d, const struct survey_loop *loop)
{
	const struct fact *currency = facts_main_currency(desk_facts(s));
	char given[AMOUNT_SIZE], each[AMOUNT_SIZE];
	if (!currency)
		return;
	amount_points(given, loop->goodwill, currency->number, AMOUNT_PLAIN);
	if (loop->better)
		detail_format(d, ROLE_TEXT, INDENT, "Cost", "%s %s of goodwill, %s for each member who is better", given, currency->code,
			amount_points(each, loop->goodwill / loop->better, currency->number, AMOUNT_PLAIN));
	else
		detail_format(d, ROLE_TEXT, INDENT, "Cost", "%s %s of goodwill", given, currency->code);
}

void loop_take(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	struct survey_loop loop;
	if (!desk_good(s, answer, "reading what was done"))
		return;
	survey_loop_read(answer->results[0], &loop);
	detail_clear(&v->loop);
	if (!loop.cases) {
		detail_add(&v->loop, ROLE_DIM, 2, NULL,
			"No answer to this survey has a case. A survey opens them by itself where it says so (case_at_most); c on an answer opens one.");
		return;
	}
	detail_format(&v->loop, ROLE_HEADER, 0, NULL, "Cases of the newest %" PRId64 " answers that have one", loop.cases);
	share_add(&v->loop, "Written to", loop.answered, loop.cases, "of the cases");
	span_add(&v->loop, "  in the median after", loop.answer_s);
	share_add(&v->loop, "Closed", loop.closed, loop.cases, "of the cases");
	span_add(&v->loop, "  in the median after", loop.close_s);
	detail_add(&v->loop, ROLE_HEADER, 0, NULL, "Recovered");
	share_add(&v->loop, "Better next time", loop.better, loop.asked_again, "who have answered again since, in a better class");
	share_add(&v->loop, "Still buying", loop.buying, loop.closed, "whose case was closed have bought since");
	goodwill_add(s, &v->loop, &loop);
}
