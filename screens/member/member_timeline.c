// The rows of a member's timeline, in words.
#include "screens/member/member.h"

#include "model/amount.h"
#include "model/engine/decimal.h"

#include <stdio.h>
#include <string.h>

enum { NOTE_TEXT = 4 * 4000 + LINE_TEXT }; // a row holds a note of 4,000 characters whole, for who opens it

static bool is(const char *text, const char *word)
{
	return !strcmp(text, word);
}

static const char *fact_name(const struct member *m, enum fact_kind kind, const char *code)
{
	const struct fact *fact = facts_by_code(desk_facts(m->screen), kind, code);

	return fact && *fact->name ? fact->name : code;
}

// A goodwill is an adjustment that staff made.
static void adjust_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	const char *person = fact_name(m, FACT_STAFF, row->person);

	if (*row->reason)
		snprintf(out, size, "%s: %s (%s)", row->amount < 0 ? "points taken" : "goodwill", row->reason,
			person);
	else
		snprintf(out, size, "%s (%s)", row->amount < 0 ? "points taken" : "adjusted", person);
}

// Verified, or not any more: as what, until when, by what and by whom.
static void verify_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	bool is_verify = is(row->what, "verify"), has_end = is_verify && *row->name;

	snprintf(out, size, "%s %s%s%s%s%s (%s)", is_verify ? "verified as" : "no longer verified as",
		fact_name(m, FACT_SEGMENT, row->object), has_end ? " until " : "", has_end ? row->name : "",
		*row->reason ? ": " : "", row->reason, fact_name(m, FACT_STAFF, row->person));
}

static void multiplier_text(const struct timeline_row *row, char *out, size_t size)
{
	char factor[DECIMAL_SIZE];

	snprintf(out, size, "purchases earn %s times the %s until %s%s%s", decimal_format(row->amount, 2, factor),
		row->object, row->name, *row->reason ? ": " : "", row->reason);
}

// What a campaign gave, and why: the reason of its event is what the campaign is called.
static void prize_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	char what[LINE_TEXT / 3] = "";

	if (is(row->what, "reward_grant"))
		snprintf(what, sizeof what, ", %s", fact_name(m, FACT_REWARD, row->object));
	else if (is(row->what, "tier_grant"))
		snprintf(what, sizeof what, ", a tier");
	else if (is(row->what, "multiplier_grant")) {
		struct timeline_row bare = *row;
		bare.reason = "";
		strcpy(what, ", ");
		multiplier_text(&bare, what + 2, sizeof what - 2);
	}
	snprintf(out, size, "campaign %s gave %s%s", row->reason, row->person, what);
}

static void event_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	if (row->of)
		prize_text(m, row, out, size);
	else if (is(row->what, "adjust"))
		adjust_text(m, row, out, size);
	else if (is(row->what, "redeem"))
		snprintf(out, size, "redeemed %s%s", fact_name(m, FACT_REWARD, row->object),
			row->quantity > 1 ? ", several" : "");
	else if (is(row->what, "reward_grant"))
		snprintf(out, size, "was given %s%s%s", fact_name(m, FACT_REWARD, row->object), *row->reason ? ": " : "", row->reason);
	else if (is(row->what, "multiplier_grant"))
		multiplier_text(row, out, size);
	else if (is(row->what, "return"))
		snprintf(out, size, "return%s%s", *row->reason ? ": " : " ",
			*row->reason ? row->reason : row->name);
	else if (is(row->what, "verify") || is(row->what, "unverify"))
		verify_text(m, row, out, size);
	else if (is(row->what, "merge") || is(row->what, "unmerge"))
		snprintf(out, size, "%s %s%s%s", is(row->what, "merge") ? "merged into" : "parted from", row->name,
			*row->reason ? ": " : "", row->reason);
	else if (is(row->what, "enrol"))
		snprintf(out, size, "enrolled");
	else if (is(row->what, "purchase"))
		snprintf(out, size, "purchase %s", row->name);
	else if (is(row->what, "transfer") || is(row->what, "receive"))
		snprintf(out, size, "%s %s%s%s", is(row->what, "transfer") ? "sent to" : "received from",
			row->name, *row->reason ? ": " : "", row->reason);
	else
		snprintf(out, size, "%s%s%s %s", row->what, *row->object ? " " : "", row->object, row->name);
}

// What a date did.
static void date_text(const struct facts *facts, const struct timeline_row *row, char *out, size_t size)
{
	const char *account = facts_code(facts, FACT_ACCOUNT, row->of);

	if (row->was)
		snprintf(out, size, "%s: %s", account, facts_code(facts, FACT_RULE, row->was));
	else
		snprintf(out, size, "points %s", account);
}

static int rank_of(const struct facts *facts, int tier)
{
	const struct fact *fact = facts_find(facts, FACT_TIER, tier);

	return fact ? fact->number : 0;
}

static void tier_text(const struct facts *facts, const struct timeline_row *row, char *out, size_t size)
{
	const char *until = *row->reason && !is(row->reason, "infinity") ? row->reason : NULL;
	int rise = rank_of(facts, row->of) - rank_of(facts, row->was);

	snprintf(out, size, "%s %s%s%s%s%s",
		rise > 0   ? "tier up:"
		: rise < 0 ? "tier down:"
			   : "tier kept:",
		facts_code(facts, FACT_TIER, row->of), rise ? ", was " : "",
		rise ? facts_code(facts, FACT_TIER, row->was) : "", until ? ", until " : "",
		until ? until : "");
}

static void reward_text(const struct facts *facts, const struct timeline_row *row, char *out, size_t size)
{
	bool ends = *row->reason && !is(row->reason, "infinity");
	const struct fact *reward = facts_find(facts, FACT_REWARD, row->of);

	snprintf(out, size, "reward issued: %s%s%s", reward ? reward->name : "?", ends ? ", expires " : "",
		ends ? row->reason : "");
}

static void verification_text(
	const struct facts *facts, const struct timeline_row *row, char *out, size_t size)
{
	const struct fact *segment = facts_find(facts, FACT_SEGMENT, row->of);

	snprintf(out, size, "verification as %s ended", segment ? segment->name : "?");
}

static void case_text(const struct timeline_row *row, char *out, size_t size)
{
	if (row->kind == TIMELINE_CASE_OPENED)
		snprintf(out, size, "case %lld: %s (%s%s%s)", (long long)row->id, row->name, row->what,
			*row->person ? ", " : "", row->person);
	else
		snprintf(out, size, "case %lld resolved: %s (%s)", (long long)row->id, row->reason,
			row->object);
}

static const char *change_word(const char *kind)
{
	if (!strncmp(kind, "attribute:", 10))
		return kind + 10;
	return is(kind, "email") ? "e-mail" : is(kind, "given_name") ? "given name" : is(kind, "family_name") ? "family name" : kind;
}

static void request_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	char asked[LINE_TEXT / 2];

	event_text(m, row, asked, sizeof asked);
	snprintf(out, size, "%s: %s", asked, row->result_reason);
}

static void no_prize_text(const struct timeline_row *row, char *out, size_t size)
{
	static const struct {
		const char *outcome, *words;
	} outcomes[] = {
		{"none", "the draw"},
		{"hold_out", "held out, to measure the effect"},
		{"limit", "its limit"},
		{"cooldown", "the cooldown"},
		{"budget", "its budget"},
		{"stock", "out of stock"},
	};
	const char *words = row->object;

	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
		if (is(row->object, outcomes[i].outcome))
			words = outcomes[i].words;
	snprintf(out, size, "campaign %s said no: %s (%s)", row->name, words, row->person);
}

static void message_text(const struct timeline_row *row, char *out, size_t size)
{
	snprintf(out, size, "message \"%s\": %s%s%s", row->name, row->what, *row->reason ? ", " : "", row->reason);
}

static void what_text(const struct member *m, const struct timeline_row *row, char *out, size_t size)
{
	switch (row->kind) {
	case TIMELINE_DATE:
		date_text(desk_facts(m->screen), row, out, size);
		break;
	case TIMELINE_TIER:
		tier_text(desk_facts(m->screen), row, out, size);
		break;
	case TIMELINE_REWARD:
		reward_text(desk_facts(m->screen), row, out, size);
		break;
	case TIMELINE_VERIFICATION:
		verification_text(desk_facts(m->screen), row, out, size);
		break;
	case TIMELINE_MERGED:
	case TIMELINE_PARTED:
		snprintf(out, size, "member %s %s", row->name,
			row->kind == TIMELINE_MERGED ? "was merged into this one" : "was parted again");
		break;
	case TIMELINE_NOTE:
		snprintf(out, size, "note: %s (%s)", row->name, fact_name(m, FACT_STAFF, row->person));
		break;
	case TIMELINE_CHANGE:
		snprintf(out, size, "%s changed, was %s%s%s", change_word(row->what), row->name,
			*row->reason ? ": " : "", row->reason);
		break;
	case TIMELINE_CASE_OPENED:
	case TIMELINE_CASE_ENDED:
		case_text(row, out, size);
		break;
	case TIMELINE_REQUEST:
		request_text(m, row, out, size);
		break;
	case TIMELINE_NO_PRIZE:
		no_prize_text(row, out, size);
		break;
	case TIMELINE_MESSAGE:
		message_text(row, out, size);
		break;
	case TIMELINE_EVENT:
	case TIMELINE_KINDS:
		event_text(m, row, out, size);
	}
}

// Why it did not go through, behind what it is.
static void add_reason(const struct timeline_row *row, char *out, size_t size)
{
	size_t length = strlen(out);

	if (row->kind == TIMELINE_EVENT && *row->result && *row->result_reason)
		snprintf(out + length, size - length, ": %s", action_why(row->result_reason));
}

static const char *money_text(const struct member *m, const struct timeline_row *row, char *out)
{
	static const char *const with_money[] = {"purchase", "partner", "activity", "return"};
	bool has_money = row->kind == TIMELINE_REWARD && row->amount;

	bool is_event = row->kind == TIMELINE_EVENT || row->kind == TIMELINE_REQUEST;
	for (size_t i = 0; is_event && i < sizeof with_money / sizeof with_money[0]; i++)
		has_money = has_money || is(row->what, with_money[i]);
	if (!has_money || !row->has_amount)
		return "";
	return amount_money(out, is(row->what, "return") ? -row->amount : row->amount,
		desk_facts(m->screen)->money, AMOUNT_PLAIN);
}

// A request shows what was asked for; an event that did not go through shows its state instead of points.
static const char *points_text(const struct member *m, const struct timeline_row *row, char *out)
{
	if (*row->result)
		return row->result;
	if (!row->has_points)
		return "";
	return member_points(desk_facts(m->screen), row->currency_id, row->points, AMOUNT_SIGNED, true, out);
}

static enum role role_of(const struct timeline_row *row)
{
	if (is(row->result, "denied") || is(row->result, "failed") || is(row->result, "refused"))
		return ROLE_BAD;
	if (is(row->result, "pending") || is(row->result, "waiting"))
		return ROLE_WARNING;
	if (row->kind == TIMELINE_MESSAGE && (is(row->what, "failed") || is(row->what, "uncertain")))
		return ROLE_BAD;
	return is(row->result, "cancelled") || row->kind == TIMELINE_NO_PRIZE ? ROLE_DIM : ROLE_TEXT;
}

static char kind_of(const struct timeline_row *row)
{
	if (row->kind == TIMELINE_CASE_OPENED || row->kind == TIMELINE_CASE_ENDED)
		return KIND_CASE;
	if (row->kind == TIMELINE_MERGED || row->kind == TIMELINE_PARTED)
		return KIND_MEMBER;
	if (row->kind == TIMELINE_NO_PRIZE || (row->kind == TIMELINE_EVENT && row->of))
		return KIND_CAMPAIGN;
	if (row->kind == TIMELINE_MESSAGE)
		return KIND_MESSAGE;
	if (row->kind == TIMELINE_EVENT && (is(row->what, "purchase") || is(row->what, "partner")))
		return KIND_PURCHASE;
	return KIND_OTHER;
}

bool member_timeline_row(struct rows *rows, const struct member *m, const struct result *result, int row)
{
	struct timeline_row item;
	char when[40], what[NOTE_TEXT], money[AMOUNT_SIZE], points[POINTS_TEXT];

	timeline_row_read(result, row, &item);
	snprintf(when, sizeof when, "%s %s", item.day, item.clock);
	what_text(m, &item, what, sizeof what);
	add_reason(&item, what, sizeof what);
	struct member_line line = {.key = item.key,
		.role = role_of(&item),
		.cells = {when, what, money_text(m, &item, money), points_text(m, &item, points)},
		.seq = item.seq,
		.entry_no = item.kind == TIMELINE_DATE ? item.id : 0,
		.id = item.kind == TIMELINE_EVENT && item.of ? item.of
		      : item.kind == TIMELINE_NO_PRIZE	     ? item.of
							     : item.id,
		.kind = kind_of(&item)};
	return member_line_add(rows, &line, 4);
}
