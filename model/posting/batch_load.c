// Loads where the members of a batch stand, and what returns must know of the purchases they take back.
#include "model/posting/batch.h"

#include "model/posting/posting_rows.h"

// = ANY (array) rather than a join with unnest: one index scan in the order of members, no bad estimate.
static const struct {
	const char *name, *sql;
} LOADS[LOAD_SOURCES] = {
	[LOAD_STANDING] = {"load_standing",
		"SELECT s.member_id, s.revision, s.entries, s.head, s.last_seq, s.events, "
		"s.programme_version, s.tier_changes, s.charges, s.last_activity_on, "
		"s.last_purchase_on, s.purchases, s.memory, d.due_on, "
		"processed_on, s.pool_share, s.lots "
		"FROM loyalty.standing s LEFT JOIN loyalty.member_due d USING (member_id) "
		"WHERE s.member_id = ANY ($1) ORDER BY 1"},
	[LOAD_DEBT] = {"load_debt", "SELECT member_id, currency_id, -points FROM loyalty.balance "
				    "WHERE member_id = ANY ($1) AND points < 0 ORDER BY 1"},
	[LOAD_LOT] = {"load_lot", "SELECT l.member_id, l.lot_no, l.seq, l.granted, l.remaining, l.earned_on, "
				  "l.expires_on, l.currency_id FROM loyalty.standing s "
				  "JOIN loyalty.lot l ON l.member_id = s.member_id "
				  "AND l.lot_no >= s.first_open_lot WHERE s.member_id = ANY ($1) "
				  "AND l.remaining > 0 ORDER BY 1, 2"},
	// Purchases that are taken back, each followed by its earlier returns.
	[LOAD_ORIGINAL] = {"load_original",
		"SELECT " JOURNAL_COLUMNS ", r.seq FROM unnest($1, $2) r (member_id, seq) "
		"JOIN loyalty.journal j ON j.member_id = r.member_id "
		"AND (j.seq = r.seq OR j.of_seq = r.seq) LEFT JOIN loyalty.outcome o "
		"ON o.member_id = j.member_id AND o.seq = j.seq "
		"WHERE coalesce(o.result, 'accepted') = 'accepted' AND NOT EXISTS (SELECT "
		"FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(j.member_id) "
		"AND i.member_id = j.member_id AND i.seq = j.seq) "
		"ORDER BY j.member_id, r.seq, j.seq <> r.seq, " JOURNAL_PROCESSED_ORDER},
	[LOAD_AWARD] = {"load_award",
		"SELECT e.member_id, r.seq, e.account_id, e.rule_id, e.currency_id, e.tier_id, e.factor, "
		"e.multipliers, e.amount FROM unnest($1, $2) r (member_id, seq) "
		"JOIN loyalty.ledger_entry e ON e.member_id = r.member_id AND (e.seq = r.seq "
		"AND e.account_id = 1 OR e.of_seq = r.seq AND e.account_id IN (3, 4)) "
		"ORDER BY e.member_id, r.seq, e.entry_no"},
	[LOAD_EXPIRED] = {"load_expired",
		"SELECT l.member_id, l.seq, l.currency_id, sum(u.amount)::bigint "
		"FROM unnest($1, $2) r (member_id, seq) JOIN loyalty.lot l "
		"ON l.member_id = r.member_id AND l.seq = r.seq JOIN loyalty.lot_use u "
		"ON u.member_id = l.member_id AND u.lot_no = l.lot_no JOIN loyalty.ledger_entry e "
		"ON e.member_id = u.member_id AND e.entry_no = u.entry_no AND e.account_id = 3 "
		"GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"},
	// Rewards that are cancelled, a row a lot that paid for them and those issued with them.
	[LOAD_PAYMENT] = {"load_payment",
		"SELECT i.member_id, i.reward_no, coalesce(g.serial, i.reward_no), greatest(g.units, 1), "
		"i.reward_id, i.seq, i.issued_on, i.cost, i.value_minor, e.account_id, e.rule_id, "
		"e.currency_id, EXISTS (SELECT FROM loyalty.ledger_entry b WHERE b.member_id = i.member_id "
		"AND b.seq = i.cancel_seq AND b.amount > 0 AND b.account_id = e.account_id), u.lot_no, "
		"u.amount, l.seq, l.granted, l.earned_on, l.expires_on, CASE WHEN c.amount IS NULL THEN 1 "
		"ELSE coalesce(j.quantity, 1) END, coalesce(c.amount, 0), c.currency_id FROM (SELECT "
		"DISTINCT * "
		"FROM unnest($1, $2)) r (member_id, reward_no) JOIN loyalty.issued_reward i "
		"ON i.member_id = r.member_id AND i.reward_no = r.reward_no LEFT JOIN loyalty.ledger_entry e "
		"ON e.member_id = i.member_id AND e.entry_no = i.entry_no LEFT JOIN LATERAL (SELECT "
		"min(x.reward_no) AS serial, count(*) AS units FROM loyalty.issued_reward x "
		"WHERE x.member_id = i.member_id AND x.entry_no = i.entry_no) g ON true "
		"LEFT JOIN loyalty.lot_use u ON u.member_id = e.member_id AND u.entry_no = e.entry_no "
		"LEFT JOIN loyalty.lot l ON l.member_id = u.member_id AND l.lot_no = u.lot_no "
		"LEFT JOIN LATERAL (SELECT x.amount, x.currency_id FROM loyalty.ledger_entry x WHERE "
		"x.member_id = i.member_id AND x.entry_no > i.entry_no AND x.seq = i.seq AND x.account_id = "
		"12 AND x.amount > 0 LIMIT 1) c ON true LEFT JOIN loyalty.journal j ON j.member_id = "
		"i.member_id AND j.seq = i.seq ORDER BY i.member_id, i.reward_no, u.lot_no"},
	[LOAD_PAST] = {"load_past",
		"SELECT " JOURNAL_COLUMNS ", " JOURNAL_OUTCOME_COLUMNS " FROM loyalty.journal j "
		"LEFT JOIN loyalty.outcome o USING (member_id, seq) WHERE j.member_id = ANY ($1) "
		"AND NOT EXISTS (SELECT FROM loyalty.inbox i WHERE i.bucket = loyalty.bucket_of(j.member_id) "
		"AND i.member_id = j.member_id AND i.seq = j.seq) ORDER BY "
		"j.member_id, " JOURNAL_PROCESSED_ORDER},
	[LOAD_RECEIVER] = {"load_receiver",
		"SELECT r.member_id, r.seq FROM loyalty.transfer_receivers($1, $2, $3) r ORDER BY 1, 2"},
	[LOAD_FIGURES] = {"load_figures",
		"SELECT member_id, entries, lots, tier_changes, joined, is_counted, tier_id, last_purchase_on, "
		"months, orders, spend, redemptions FROM loyalty.insight_member WHERE member_id = ANY ($1) "
		"ORDER BY 1"},
};

bool batch_has_event(const struct batch *batch, const struct batch_member *member, int64_t seq)
{
	for (int i = member->first; i < member->first + member->count; i++)
		if (batch->events[i].journal.event.seq == seq)
			return true;
	return false;
}

// Of two returns of one purchase the second brings it again: it is the same rows.
static bool is_named_before(
	const struct batch *batch, const struct batch_member *member, int event, int64_t seq)
{
	for (int i = member->first; i < event; i++)
		if (batch->events[i].is_return && batch->events[i].journal.event.of_seq == seq)
			return true;
	return false;
}

static int originals_ask(struct batch *batch)
{
	for (int source = LOAD_ORIGINAL; source <= LOAD_EXPIRED; source++) {
		query_array(&batch->load[source], WIRE_INT8);
		query_array(&batch->load[source], WIRE_INT8);
	}
	int count = 0;
	for (int m = 0; m < batch->member_count; m++) {
		const struct batch_member *member = &batch->members[m];
		for (int i = member->first; member->has_return && i < member->first + member->count; i++) {
			int64_t of_seq = batch->events[i].journal.event.of_seq;
			if (!batch->events[i].is_return || of_seq == 0 ||
				batch_has_event(batch, member, of_seq) ||
				is_named_before(batch, member, i, of_seq))
				continue;
			for (int source = LOAD_ORIGINAL; source <= LOAD_EXPIRED; source++) {
				array_int(batch->load[source].parameters[0], member->member_id);
				array_int(batch->load[source].parameters[1], of_seq);
			}
			count++;
		}
	}
	return count;
}

static int payments_ask(struct batch *batch)
{
	struct parameter *members = query_array(&batch->load[LOAD_PAYMENT], WIRE_INT8);
	struct parameter *rewards = query_array(&batch->load[LOAD_PAYMENT], WIRE_INT8);
	for (int i = 0; i < batch->event_count; i++)
		if (batch->events[i].is_cancel) {
			array_int(members, batch->events[i].journal.member_id);
			array_int(rewards, batch->events[i].journal.event.reward_no);
		}
	return array_count(members);
}

static int past_ask(struct batch *batch)
{
	struct parameter *members = query_array(&batch->load[LOAD_PAST], WIRE_INT8);
	for (int m = 0; m < batch->member_count; m++)
		if (batch->members[m].has_late)
			array_int(members, batch->members[m].member_id);
	return array_count(members);
}

// Both sides are in the order of members: a merge.
static void rows_place(struct batch *batch, const struct result *result, size_t place)
{
	int row = 0, rows = result ? result_rows(result) : 0;
	for (int m = 0; m < batch->member_count; m++) {
		struct batch_member *member = &batch->members[m];
		while (row < rows && result_int64(result, row, 0) < member->member_id)
			row++;
		if (row < rows && result_int64(result, row, 0) == member->member_id)
			*(int *)((char *)member + place) = row;
	}
}

static const size_t PLACE[LOAD_SOURCES] = {
	[LOAD_STANDING] = offsetof(struct batch_member, standing),
	[LOAD_DEBT] = offsetof(struct batch_member, debt),
	[LOAD_LOT] = offsetof(struct batch_member, lot),
	[LOAD_ORIGINAL] = offsetof(struct batch_member, original),
	[LOAD_AWARD] = offsetof(struct batch_member, award),
	[LOAD_EXPIRED] = offsetof(struct batch_member, expired),
	[LOAD_PAYMENT] = offsetof(struct batch_member, payment),
	[LOAD_PAST] = offsetof(struct batch_member, past),
	[LOAD_RECEIVER] = offsetof(struct batch_member, receiver),
	[LOAD_FIGURES] = offsetof(struct batch_member, figures),
};

static void queries_clear(struct batch *batch)
{
	for (int source = 0; source < LOAD_SOURCES; source++) {
		if (!batch->load[source].name)
			query_init(&batch->load[source], LOADS[source].name, LOADS[source].sql);
		query_clear(&batch->load[source]);
	}
}

bool load_send(
	struct batch *batch, struct session *session, const int64_t *members, int count, struct error *error)
{
	queries_clear(batch);
	for (int source = 0; source < LOAD_KNOWN; source++) {
		struct parameter *array = query_array(&batch->load[source], WIRE_INT8);
		for (int m = 0; m < count; m++)
			array_int(array, members[m]);
	}
	for (int source = 0; source < LOAD_KNOWN; source++)
		if (!pipeline_send(session, &batch->load[source], error))
			return false;
	return true;
}

void load_take(struct batch *batch, struct result **results)
{
	for (int source = 0; source < LOAD_KNOWN; source++) {
		batch->loaded[source] = results[source];
		rows_place(batch, results[source], PLACE[source]);
	}
}

static bool claimed_send(struct batch *batch, struct session *session, struct error *error)
{
	int64_t *members = arena_alloc(&batch->arena, (size_t)batch->member_count * sizeof *members);
	for (int m = 0; m < batch->member_count; m++)
		members[m] = batch->members[m].member_id;
	return load_send(batch, session, members, batch->member_count, error);
}

bool batch_load(struct batch *batch, struct session *session, struct error *error)
{
	bool is_known = batch->loaded[LOAD_STANDING] != NULL; // it came with the claim
	struct result *results[LOAD_SOURCES];
	int asked[LOAD_SOURCES], count = 0;
	if (!is_known && !claimed_send(batch, session, error))
		return false;
	bool has_originals = originals_ask(batch) > 0, has_payments = payments_ask(batch) > 0;
	bool has_past = past_ask(batch) > 0, has_transfers = batch_receivers_ask(batch);
	figures_ask(batch);
	for (int source = 0; source < LOAD_SOURCES; source++) {
		bool is_asked = source < LOAD_KNOWN       ? !is_known
				: source == LOAD_PAYMENT  ? has_payments
				: source == LOAD_PAST     ? has_past
				: source == LOAD_RECEIVER ? has_transfers
				: source == LOAD_FIGURES  ? array_count(batch->load[LOAD_FIGURES].parameters[0]) > 0
							  : has_originals;
		if (is_asked && source >= LOAD_KNOWN && !pipeline_send(session, &batch->load[source], error))
			return false;
		if (is_asked)
			asked[count++] = source;
	}
	if (count == 0)
		return true;
	if (!pipeline_sync(session, error) || !pipeline_results(session, results, count, error))
		return false;
	for (int i = 0; i < count; i++) {
		batch->loaded[asked[i]] = results[i];
		rows_place(batch, results[i], PLACE[asked[i]]);
	}
	batch_receivers_tell(batch);
	return true;
}
