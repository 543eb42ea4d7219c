// What cancellations must know of the rewards they take back, from the rows loaded: what was paid, and by
// which lots.
#include "model/posting/batch.h"

#include <stdlib.h>

enum payment_column {
	PAYMENT_MEMBER_ID,
	PAYMENT_REWARD_NO,
	PAYMENT_SERIAL,
	PAYMENT_UNITS,
	PAYMENT_REWARD_ID,
	PAYMENT_SEQ,
	PAYMENT_ISSUED_ON,
	PAYMENT_COST,
	PAYMENT_VALUE,
	PAYMENT_ACCOUNT_ID,
	PAYMENT_RULE_ID,
	PAYMENT_CURRENCY_ID,
	PAYMENT_IS_CANCELLED,
	PAYMENT_LOT_NO,
	PAYMENT_AMOUNT,
	PAYMENT_LOT_SEQ,
	PAYMENT_GRANTED,
	PAYMENT_EARNED_ON,
	PAYMENT_EXPIRES_ON,
	PAYMENT_REDEEMED,
	PAYMENT_GAVE,
	PAYMENT_GAVE_CURRENCY_ID,
};

static enum issue_route route_of(int account_id)
{
	switch (account_id) {
	case ACCOUNT_REDEEMED:
		return ISSUED_REDEEMED;
	case ACCOUNT_PAID_OUT:
		return ISSUED_PAID_OUT;
	case ACCOUNT_AUTO_ISSUED:
		return ISSUED_AUTO;
	default:
		return ISSUED_GRANTED;
	}
}

static int source_find(const int *numbers, int count, int64_t rule_id)
{
	for (int i = 0; i < count; i++)
		if (numbers[i] == rule_id)
			return i;
	return -1;
}

static int source_of(const struct rulebook_version *version, enum issue_route route, int64_t rule_id)
{
	const struct programme *programme = version->programme;
	if (route == ISSUED_PAID_OUT)
		return source_find(version->payouts, programme->payout_count, rule_id);
	return route == ISSUED_AUTO ? source_find(version->autos, programme->auto_count, rule_id) : -1;
}

static struct payment payment_read(
	const struct rulebook_version *version, const struct result *result, int row)
{
	struct payment payment = {
		.serial = result_int64(result, row, PAYMENT_SERIAL),
		.units = result_int64(result, row, PAYMENT_UNITS),
		.seq = result_int64(result, row, PAYMENT_SEQ),
		.cost = result_int64(result, row, PAYMENT_COST),
		.value_minor = result_int64(result, row, PAYMENT_VALUE),
		.reward = source_find(version->rewards, version->programme->reward_count,
			result_int64(result, row, PAYMENT_REWARD_ID)),
		.redeemed = result_int64(result, row, PAYMENT_REDEEMED),
		.gave = result_int64(result, row, PAYMENT_GAVE),
		.gave_currency = -1,
		.currency = -1,
		.route = route_of((int)result_int64(result, row, PAYMENT_ACCOUNT_ID)),
		.day = result_day(result, row, PAYMENT_ISSUED_ON),
	};
	payment.source = source_of(version, payment.route, result_int64(result, row, PAYMENT_RULE_ID));
	if (payment.gave > 0)
		payment.gave_currency =
			rulebook_currency(version, (int)result_int64(result, row, PAYMENT_GAVE_CURRENCY_ID));
	if (payment.route == ISSUED_GRANTED)
		payment.cost = 0;
	else
		payment.currency =
			rulebook_currency(version, (int)result_int64(result, row, PAYMENT_CURRENCY_ID));
	return payment;
}

static struct lot_share share_read(const struct result *result, int row, int currency)
{
	return (struct lot_share){
		.lot = {.currency = currency,
			.source_rule = -1,
			.serial = result_int64(result, row, PAYMENT_LOT_NO),
			.seq = result_int64(result, row, PAYMENT_LOT_SEQ),
			.granted = result_int64(result, row, PAYMENT_GRANTED),
			.earned = result_day(result, row, PAYMENT_EARNED_ON),
			.expires = result_day(result, row, PAYMENT_EXPIRES_ON)},
		.amount = result_int64(result, row, PAYMENT_AMOUNT),
	};
}

// The rows of one issued reward, from *row on, which moves past them: one a lot that paid.
static void payment_add(struct batch *batch, int64_t member_id, int *row)
{
	const struct result *result = batch->loaded[LOAD_PAYMENT];
	int64_t reward_no = result_int64(result, *row, PAYMENT_REWARD_NO);
	struct payment payment = payment_read(member_run_version(&batch->run), result, *row);
	struct lot_share *shares = NULL;
	int capacity = 0;
	if (result_bool(result, *row, PAYMENT_IS_CANCELLED)) {
		payment.cancelled = &reward_no;
		payment.cancelled_count = 1;
	}
	for (; *row < result_rows(result) && result_int64(result, *row, PAYMENT_MEMBER_ID) == member_id &&
		result_int64(result, *row, PAYMENT_REWARD_NO) == reward_no;
		++*row) {
		if (payment.currency < 0 || result_is_null(result, *row, PAYMENT_LOT_NO))
			continue;
		ARRAY_RESERVE(shares, capacity, payment.lot_count + 1);
		shares[payment.lot_count++] = share_read(result, *row, payment.currency);
	}
	payment.lots = shares;
	state_add_payment(member_run_state(&batch->run), &payment);
	free(shares);
}

void batch_payments_add(struct batch *batch, const struct batch_member *member)
{
	const struct result *result = batch->loaded[LOAD_PAYMENT];
	for (int row = member->payment; row >= 0 && row < result_rows(result) &&
					result_int64(result, row, PAYMENT_MEMBER_ID) == member->member_id;)
		payment_add(batch, member->member_id, &row);
}
