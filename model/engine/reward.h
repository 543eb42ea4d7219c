// Rewards: issue and redemption (FORMAT sections 3.6, 9.3, 10.1). Private to model/engine/.
#ifndef ENGINE_REWARD_H
#define ENGINE_REWARD_H
#include "model/engine/run.h"

struct issue {
	int reward;
	enum issue_route route;
	int source;
	int64_t units, value_minor, cost;
	int64_t redeemed; // units asked for: of a transfer to a partner one reward is issued for all
	int64_t gives;    // of a transfer: what it gives of the partner's currency, else 0
	const struct validity *validity; // NULL or unsaid: the reward's own
	int entry;                       // the debit, -1: none
};

void reward_issue(struct run *, const struct issue *);

enum refusal redeem_test(const struct run *);
void redeem(struct run *);

enum refusal reward_grant_test(const struct run *);
void reward_grant(struct run *);
#endif
