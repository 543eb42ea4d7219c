// Postings and standings as text, so that two lives can be compared and a difference be read.
#include "tests/engine_text.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static void entries_write(FILE *out, const struct postings *postings)
{
	for (int i = 0; i < postings->entry_count; i++) {
		const struct entry *e = &postings->entries[i];
		fprintf(out, "%s c%d s%d %lld =%lld d%d #%lld of%lld lot%lld t%d f%lld m%u\n",
			entry_kind_name(e->kind), e->currency, e->source, (long long)e->amount,
			(long long)e->balance, e->day, (long long)e->seq, (long long)e->of_seq,
			(long long)e->lot, e->tier, (long long)e->factor, e->multipliers);
	}
	for (int i = 0; i < postings->lot_use_count; i++) {
		const struct lot_use *u = &postings->lot_uses[i];
		fprintf(out, "use e%d lot%lld #%lld %lld\n", u->entry, (long long)u->lot,
			(long long)u->lot_seq, (long long)u->amount);
	}
}

char *postings_text(const struct postings *postings, enum refusal refusal)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "%s quote %d %lld\n", refusal_name(refusal), postings->quoted,
		postings->quoted ? (long long)postings->quote_minor : 0);
	entries_write(out, postings);
	for (int i = 0; i < postings->tier_change_count; i++) {
		const struct tier_change *t = &postings->tier_changes[i];
		fprintf(out, "tier l%d %d-%d d%d until %d #%lld\n", t->ladder, t->from, t->to, t->day,
			t->until, (long long)t->seq);
	}
	for (int i = 0; i < postings->issued_reward_count; i++) {
		const struct issued_reward *r = &postings->issued_rewards[i];
		fprintf(out, "reward %d r%d s%d n%lld x%lld %lld cost %lld e%d d%d until %d #%lld\n",
			r->reward, r->route, r->source, (long long)r->serial, (long long)r->units,
			(long long)r->value_minor, (long long)r->cost, r->entry, r->day, r->expires,
			(long long)r->seq);
	}
	for (int i = 0; i < postings->plan_charge_count; i++) {
		const struct plan_charge *p = &postings->plan_charges[i];
		fprintf(out, "charge p%d d%d %lld %d #%lld\n", p->plan, p->day, (long long)p->amount_minor,
			p->renewal, (long long)p->seq);
	}
	for (int i = 0; i < postings->segment_change_count; i++) {
		const struct segment_change *s = &postings->segment_changes[i];
		fprintf(out, "segment g%d #%lld %s d%d until %d #%lld\n", s->segment, (long long)s->verified,
			s->is_end ? "ends" : "begins", s->day, s->until, (long long)s->seq);
	}
	fclose(out);
	return text;
}

char *state_text(const struct programme *programme, const struct member_state *state)
{
	struct bytes bytes = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	ck_assert(memory_encode(programme, state, &bytes));
	for (size_t i = 0; i < bytes.length; i++)
		fprintf(out, "%02x", bytes.data[i]);
	for (int i = 0; i < state->lot_count; i++)
		if (state->lots[i].remaining > 0)
			fprintf(out, "\nlot %lld c%d %lld until %d", (long long)state->lots[i].serial,
				state->lots[i].currency, (long long)state->lots[i].remaining,
				state->lots[i].expires);
	for (int c = 0; c < programme->currency_count; c++)
		fprintf(out, "\ndebt %lld", (long long)state->currencies[c].debt);
	fclose(out);
	bytes_free(&bytes);
	return text;
}

int64_t entries_sum(const struct postings *postings)
{
	int64_t sum = 0;
	for (int i = 0; i < postings->entry_count; i++)
		sum = sum * 31 + postings->entries[i].amount + postings->entries[i].day;
	return sum;
}
