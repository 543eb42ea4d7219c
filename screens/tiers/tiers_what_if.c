// The rules on the Tiers screen tried on the whole membership: an estimate at once, the exact numbers after
// it.
#include "model/amount.h"
#include "screens/tiers/tiers_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIGURE_SIZE = 3 * AMOUNT_SIZE + 32 };

// "120", and of an estimate "120 (100 to 140)".
static const char *figure_text(char out[FIGURE_SIZE], const struct what_if_figure *figure, int decimals,
	const char *money, unsigned style)
{
	char texts[3][AMOUNT_SIZE];
	const int64_t values[] = {figure->value, figure->low, figure->high};
	for (int i = 0; i < 3; i++)
		if (money)
			amount_money(texts[i], values[i], money, style);
		else
			amount_points(texts[i], values[i], decimals, style);
	if (figure->is_vague)
		snprintf(out, FIGURE_SIZE, "%s (too few drawn to say)", texts[0]);
	else if (figure->low == figure->high)
		snprintf(out, FIGURE_SIZE, "%s", texts[0]);
	else
		snprintf(out, FIGURE_SIZE, "%s (%s to %s)", texts[0], texts[1], texts[2]);
	return out;
}

static const char *count_text(char out[FIGURE_SIZE], const struct what_if_figure *figure)
{
	return figure_text(out, figure, 0, NULL, AMOUNT_PLAIN);
}

static void add_heading(struct detail *d, const struct what_if_result *result, int64_t elapsed_ms)
{
	char members[FIGURE_SIZE], changed[FIGURE_SIZE], day[DAY_SIZE], drawn[AMOUNT_SIZE];
	count_text(members, &result->members);
	count_text(changed, &result->changed);
	if (result->is_exact)
		detail_format(d, ROLE_STRONG, 0, NULL, "EXACT, as of %s: %s of %s members change (%.1f s)",
			day_format(result->from, day), changed, members, (double)elapsed_ms / 1000);
	else
		detail_format(d, ROLE_STRONG, 0, NULL,
			"ESTIMATE from %s ids drawn, as of %s, 95 %% intervals in brackets: %s of %s members "
			"change",
			amount_points(drawn, result->drawn, 0, AMOUNT_PLAIN), day_format(result->from, day),
			changed, members);
	if (result->unjudged)
		detail_format(d, ROLE_WARNING, 0, NULL,
			"%lld members could not be judged; `loyalty verify` tells why",
			(long long)result->unjudged);
}

static void add_moves(struct detail *d, const struct what_if_ladder *ladder)
{
	char count[FIGURE_SIZE];
	for (int from = 0; from < ladder->tier_count; from++)
		for (int to = 0; to < ladder->tier_count; to++) {
			const struct what_if_figure *moves = &ladder->moves[from * ladder->tier_count + to];
			if (from != to && moves->value > 0)
				detail_format(d, ROLE_TEXT, 2, NULL, "%s to %s: %s", ladder->tiers[from],
					ladder->tiers[to], count_text(count, moves));
		}
	for (int held = 0; held < ladder->tier_count; held++)
		for (int other = 0; other < held; other++) {
			const struct what_if_figure *kept =
				&ladder->protection[held * ladder->tier_count + other];
			if (kept->value > 0)
				detail_format(d, ROLE_TEXT, 2, NULL,
					"protected: %s keep %s until it ends; the new rules would give them "
					"%s",
					count_text(count, kept), ladder->tiers[held], ladder->tiers[other]);
		}
}

static void add_ladder(struct detail *d, const struct what_if_ladder *ladder)
{
	char up[FIGURE_SIZE], down[FIGURE_SIZE], kept[FIGURE_SIZE];
	detail_format(d, ROLE_TEXT, 0, NULL, "%s: up %s, down %s, protected %s", ladder->code,
		count_text(up, &ladder->up), count_text(down, &ladder->down),
		count_text(kept, &ladder->kept));
	add_moves(d, ladder);
}

static void add_currency(
	struct detail *d, const struct what_if_currency *currency, const struct what_if_result *result)
{
	char now[FIGURE_SIZE], change[FIGURE_SIZE];
	detail_format(d, ROLE_TEXT, 0, NULL, "%s outstanding: %s, change %s", currency->code,
		figure_text(now, &currency->points_now, currency->decimals, NULL, AMOUNT_PLAIN),
		figure_text(change, &currency->points_change, currency->decimals, NULL, AMOUNT_SIGNED));
	if (currency->is_valued)
		detail_format(d, ROLE_TEXT, 2, NULL, "liability: %s, change %s",
			figure_text(now, &currency->money_now, 2, result->money, AMOUNT_PLAIN),
			figure_text(change, &currency->money_change, 2, result->money, AMOUNT_SIGNED));
}

static void lines_fill(struct tiers *t)
{
	struct detail *d = &t->trial.lines;
	const struct what_if_result *result = t->trial.result;
	const struct what_if_progress *progress = &t->trial.progress;
	detail_clear(d);
	if (progress->stage == WHAT_IF_FAILED)
		detail_format(d, ROLE_BAD, 0, NULL, "Failed: %s%s%s", progress->error.why,
			*progress->error.todo ? "; " : "", progress->error.todo);
	if (progress->stage == WHAT_IF_CANCELLED)
		detail_add(d, ROLE_WARNING, 0, NULL, "Cancelled before all members were looked at.");
	if (!result)
		return;
	add_heading(d, result, progress->elapsed_ms);
	for (int i = 0; i < result->ladder_count; i++)
		add_ladder(d, &result->ladders[i]);
	for (int i = 0; i < result->currency_count; i++)
		add_currency(d, &result->currencies[i], result);
	if (result->largest_count > 0)
		detail_format(d, ROLE_DIM, 0, NULL, "W lists the %d largest changes%s.",
			result->largest_count, result->is_exact ? "" : " among those drawn");
}

void tiers_what_if_title(const struct tiers *t, char *out, size_t size)
{
	const struct what_if_progress *p = &t->trial.progress;
	bool is_stale = !t->trial.text || !t->is_open || strcmp(t->trial.text, t->edit.outline.text) != 0;
	int done = p->total > 0 ? (int)(100 * p->done / p->total) : 0;
	const char *stale = is_stale ? " BEFORE YOUR LAST CHANGE" : "";
	if (p->stage < WHAT_IF_COUNTING)
		snprintf(out, size, "What if%s: estimating %d %% (Esc cancels)", stale, done);
	else if (p->stage == WHAT_IF_COUNTING)
		snprintf(out, size, "What if%s: counting all, %d %% (Esc cancels)", stale, done);
	else
		snprintf(out, size, "What if%s (w: back, J and K scroll)", stale);
}

static int trial_fd(void *payload)
{
	const struct tiers *t = payload;
	return t->trial.is_waited ? what_if_descriptor(t->trial.run) : -1;
}

static void trial_step(void *payload, short revents)
{
	(void)revents;
	struct tiers *t = payload;
	bool goes_on = what_if_look(t->trial.run, &t->trial.progress);
	struct what_if_result *result = what_if_take(t->trial.run);
	if (result) {
		what_if_result_free(t->trial.result);
		t->trial.result = result;
	}
	if (result || !goes_on)
		lines_fill(t);
	if (!goes_on && t->trial.is_waited) {
		t->trial.is_waited = false;
		screen_waited(t->screen);
	}
}

static const struct loop_watch trial_watch = {.fd = trial_fd, .step = trial_step};

void tiers_what_if_cancel(struct tiers *t)
{
	if (t->trial.is_waited)
		what_if_cancel(t->trial.run);
}

// Everything but the lines, which live as long as the screen.
static void trial_drop(struct tiers *t)
{
	if (t->trial.run)
		loop_unwatch(&t->screen->ui->loop, &trial_watch, t);
	if (t->trial.is_waited)
		screen_waited(t->screen);
	what_if_free(t->trial.run);
	what_if_result_free(t->trial.result);
	free(t->trial.text);
	struct detail lines = t->trial.lines;
	memset(&t->trial, 0, sizeof t->trial);
	t->trial.lines = lines;
}

void tiers_what_if_free(struct tiers *t)
{
	t->trial.is_waited = false; // closing, the screen counts no more
	trial_drop(t);
	detail_free(&t->trial.lines);
}

static struct what_if *trial_start(struct screen *s, struct error *error)
{
	struct tiers *t = s->state;
	struct document_errors errors;
	const struct what_if_request request = {.kind = WHAT_IF_STANDINGS,
		.name = "the rules as they stand here",
		.text = t->edit.outline.text,
		.length = t->edit.outline.length,
		.from = t->from == DAY_NONE || t->from <= desk_facts(s)->business_day ? tiers_default_day(s)
										      : t->from,
		.to = DAY_NONE,
		.seed = 1,
		.open = desk_of(s)->another,
		.payload = desk_of(s)->another_payload};
	document_errors_init(&errors);
	struct what_if *run = what_if_start(&request, &errors, error);
	document_errors_free(&errors);
	return run;
}

void tiers_what_if(struct screen *s)
{
	struct tiers *t = s->state;
	struct error error = {0};
	bool is_current = t->trial.text && strcmp(t->trial.text, t->edit.outline.text) == 0 &&
			  t->trial.progress.stage <= WHAT_IF_DONE;
	if (is_current) {
		t->trial.is_shown = !t->trial.is_shown;
		return;
	}
	trial_drop(t);
	detail_clear(&t->trial.lines);
	t->trial.text = strdup(t->edit.outline.text);
	t->trial.run = t->trial.text ? trial_start(s, &error) : NULL;
	if (t->trial.run && !loop_watch(&s->ui->loop, &trial_watch, t)) {
		what_if_free(t->trial.run);
		t->trial.run = NULL;
	}
	if (!t->trial.run) {
		desk_say_error(s, "the what-if", &error);
		return;
	}
	t->trial.is_shown = t->trial.is_waited = true;
	screen_wait(s, "the what-if");
}
