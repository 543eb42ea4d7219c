// One lane of a proof: members slice by slice, through a session of its own.
#ifndef MODEL_VERIFY_LANE_H
#define MODEL_VERIFY_LANE_H
#include "db/error.h"
#include "db/session.h"
#include "model/proof/breach.h"
#include "model/proof/replay.h"
#include "model/proof/verify.h"

struct verify_lane {
	struct session *session;              // borrowed; in a REPEATABLE READ transaction
	const struct verify_options *options; // borrowed
	breach_listener *listener;            // called on the lane's thread
	void *payload;
	struct replay replay;
	int64_t from, to;                        // member ids of the slice at hand
	struct result *member_rows, *entry_rows; // of the slice
	int64_t *chosen;                         // members to be replayed
	int chosen_count, chosen_capacity;
};

void verify_lane_init(struct verify_lane *lane, struct session *session, const struct rulebook *rulebook,
	const struct verify_options *options, breach_listener *listener, void *payload);
void verify_lane_free(struct verify_lane *lane);

// Makes members from that id on, and none after `last`, the slice at hand: about as many as there is work for
// a second.
bool verify_lane_take(struct verify_lane *lane, int64_t from, int64_t last, struct error *error);
// Looks at the slice; adds what was looked at to the report, whose broken things the listener counts.
bool verify_lane_check(struct verify_lane *lane, struct verify_report *report, struct error *error);

// Tells the listener of each row that the statement answers for members `from` to `to`: member, invariant,
// detail.
bool verify_lane_ask(
	struct verify_lane *lane, const char *sql, int64_t from, int64_t to, struct error *error);
extern const char verify_ledger_sql[], verify_entry_sql[], verify_reward_sql[], verify_partner_sql[],
	verify_plan_sql[], verify_merge_sql[], verify_transfer_sql[], verify_audit_sql[];
#endif
