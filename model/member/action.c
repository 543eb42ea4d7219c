// What staff do for a member: goodwill, taking a purchase back, redeeming, opening a case, and how each
// ended.
#include "model/member/action.h"

#include <string.h>

// clang-format off
#define MAIN_CURRENCY \
	"(SELECT c.currency_id FROM loyalty.currency c ORDER BY c.kind <> 'redeemable', c.currency_id LIMIT 1)"

// $1 is the member, $2 the key. Columns are read by their places in action_outcome_read().
#define SUBMIT(type, body) \
	"SELECT s.seq, s.status, s.reason, 0, 0 FROM loyalty.submit_event($1, '" type \
	"', 'desk', $2, NULL, jsonb_strip_nulls(jsonb_build_object(" body "))) s"
// clang-format on

void action_goodwill(struct ask *ask, const struct action_goodwill *goodwill)
{
	ask_init(ask, SUBMIT("adjust", "'currency', $3::text, 'amount', $4::bigint, 'reason', $5::text, "
				       "'case_no', nullif($6::int, 0)"));
	ask_number(ask, goodwill->member_id);
	ask_text(ask, goodwill->key);
	ask_text(ask, goodwill->currency);
	ask_number(ask, goodwill->points);
	ask_text(ask, goodwill->reason);
	ask_number(ask, goodwill->case_no);
}

void action_return(struct ask *ask, const struct action_return *taken_back)
{
	ask_init(ask, SUBMIT("return", "'of', '#' || $3::bigint, 'amount', $4::bigint, 'reason', $5::text"));
	ask_number(ask, taken_back->member_id);
	ask_text(ask, taken_back->key);
	ask_number(ask, taken_back->of_seq);
	ask_number(ask, taken_back->amount_minor);
	ask_text(ask, taken_back->reason);
}

void action_redeem(struct ask *ask, const struct action_redeem *redeem)
{
	ask_init(ask,
		SUBMIT("redeem", "'reward', $3::text, 'units', $4::bigint, 'basket', nullif($5::bigint, 0)"));
	ask_number(ask, redeem->member_id);
	ask_text(ask, redeem->key);
	ask_text(ask, redeem->reward);
	ask_number(ask, redeem->units);
	ask_number(ask, redeem->basket_minor);
}

void action_transfer(struct ask *ask, const struct action_transfer *transfer)
{
	ask_init(ask, SUBMIT("transfer", "'receiver', $3::bigint, 'currency', $4::text, 'amount', $5::bigint, "
					 "'reason', nullif($6::text, '')"));
	ask_number(ask, transfer->member_id);
	ask_text(ask, transfer->key);
	ask_number(ask, transfer->receiver);
	ask_text(ask, transfer->currency);
	ask_number(ask, transfer->points);
	ask_text(ask, transfer->reason);
}

void action_receiver(struct ask *ask, int64_t member_id, const char *receiver)
{
	ask_init(ask, "SELECT number, name, trouble FROM loyalty.transfer_preview($1, $2)");
	ask_number(ask, member_id);
	ask_text(ask, receiver);
}

void action_cancel_reward(struct ask *ask, int64_t member_id, const char *key, int64_t reward_no)
{
	ask_init(ask, SUBMIT("cancel_reward", "'reward_no', $3::bigint"));
	ask_number(ask, member_id);
	ask_text(ask, key);
	ask_number(ask, reward_no);
}

void action_verify(struct ask *ask, const struct action_verify *verify)
{
	ask_init(ask, SUBMIT("verify", "'segment', $3::text, 'until', nullif($4::text, ''), 'evidence', $5::text"));
	ask_number(ask, verify->member_id);
	ask_text(ask, verify->key);
	ask_text(ask, verify->segment);
	ask_text(ask, verify->until);
	ask_text(ask, verify->evidence);
}

void action_unverify(
	struct ask *ask, int64_t member_id, const char *key, const char *segment, const char *reason)
{
	ask_init(ask, SUBMIT("unverify", "'segment', $3::text, 'reason', nullif($4::text, '')"));
	ask_number(ask, member_id);
	ask_text(ask, key);
	ask_text(ask, segment);
	ask_text(ask, reason);
}

void action_case(struct ask *ask, const struct action_case *opened)
{
	ask_init(ask, "SELECT loyalty.case_open($1, $2, $3, $4, $5, $6, $7)");
	ask_number(ask, opened->member_id);
	ask_text(ask, opened->key);
	ask_text(ask, opened->title);
	ask_text(ask, opened->channel);
	ask_number(ask, opened->priority);
	ask_text(ask, opened->is_note ? "internal" : "from_member");
	ask_text(ask, opened->body);
}

void action_watch(struct ask *ask, int64_t member_id, int64_t seq)
{
	ask_init(ask, "SELECT $2::bigint, s.status, s.reason,"
		      " (SELECT sum(e.amount) FROM loyalty.ledger_entry e WHERE e.member_id = $1::bigint AND "
		      "e.seq = $2::bigint"
		      "   AND e.currency_id = " MAIN_CURRENCY "),"
		      " (SELECT b.points FROM loyalty.balance b WHERE b.member_id = $1::bigint AND "
		      "b.currency_id = " MAIN_CURRENCY ")"
		      " FROM loyalty.event_status($1::bigint, $2::bigint) s");
	ask_number(ask, member_id);
	ask_number(ask, seq);
}

static const struct {
	const char *word, *name; // word: the database's
} statuses[] = {
	[ACTION_STATUS_PENDING] = {"pending", "pending"},
	[ACTION_STATUS_ACCEPTED] = {"accepted", "accepted"},
	[ACTION_STATUS_DENIED] = {"denied", "denied"},
	[ACTION_STATUS_FAILED] = {"failed", "failed"},
	[ACTION_STATUS_CANCELLED] = {"cancelled", "cancelled"},
	[ACTION_STATUS_WAITING] = {"waiting", "waits for approval"},
	[ACTION_STATUS_REFUSED] = {"refused", "refused"},
	[ACTION_STATUS_UNKNOWN] = {"unknown", "unknown"},
};

static enum action_status status_of(const char *word)
{
	for (int i = 0; i < ACTION_STATUS_UNKNOWN; i++)
		if (!strcmp(statuses[i].word, word))
			return (enum action_status)i;
	return ACTION_STATUS_UNKNOWN;
}

const char *action_status_name(enum action_status status)
{
	return statuses[status].name;
}

void action_outcome_read(const struct result *result, struct action_outcome *outcome)
{
	*outcome = (struct action_outcome){.status = ACTION_STATUS_UNKNOWN, .reason = ""};
	if (result_rows(result) < 1)
		return;
	outcome->seq = result_int64(result, 0, 0);
	outcome->status = status_of(result_text(result, 0, 1));
	outcome->reason = result_text(result, 0, 2);
	outcome->points = result_int64(result, 0, 3);
	outcome->balance = result_int64(result, 0, 4);
}

const char *action_why(const char *reason)
{
	static const struct {
		const char *word, *why;
	} words[] = {
		{"date", "its day lies before the last one processed for the member"},
		{"duplicate", "the same event was accepted before"},
		{"enrolled", "the member is enrolled already"},
		{"not_enrolled", "the member is not enrolled"},
		{"born", "the date of birth is not possible"},
		{"amount", "the programme does not take this amount"},
		{"original", "what is to be taken back was never accepted"},
		{"over_return", "more than what is left of the purchase"},
		{"reward", "there is no such reward, or it cannot be redeemed"},
		{"not_offered", "the reward is not offered on this day"},
		{"cancelled", "the reward is cancelled already"},
		{"per_year", "the reward was redeemed as often as a year allows"},
		{"per_txn", "more, or less, of the reward than one redemption allows"},
		{"basket", "the purchase is too small for the reward"},
		{"tier", "the member's tier does not give this reward"},
		{"balance", "the points do not suffice"},
		{"currency", "the programme has no such currency"},
		{"plan", "the programme has no such plan"},
		{"plan_active", "the plan is active already"},
		{"plan_inactive", "the plan is not active"},
		{"ladder", "the programme has no such ladder"},
		{"not_transferable", "the programme does not let members pass this currency on"},
		{"minimum", "less than the programme lets members pass on at once"},
		{"receiver", "the receiver takes no points any more"},
		{"debt", "the member owes points: settle that first"},
		{"merged", "the member was merged into another one"},
		{"not_merged", "the member is not merged"},
		{"until", "the end does not lie after the beginning"},
		{"segment", "the programme has no such segment"},
		{"not_verified", "the member is not verified, or not any more"},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(words[i].word, reason))
			return words[i].why;
	return reason;
}
