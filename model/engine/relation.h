// What the settings of a programme document owe to each other, once their form is right (V5 to V9, and the
// ranges of V4 that depend on another setting).
#ifndef ENGINE_RELATION_H
#define ENGINE_RELATION_H
#include "model/engine/document.h"

struct relation {
	struct document *document;
	const struct node *programme;
};

// Ranges that depend on another setting (V4): to be right before the rest is looked at.
void relation_check_ranges(struct relation *);

void relation_check_uniqueness(struct relation *); // V5
void relation_check_currencies(struct relation *);
void relation_check_ladders(struct relation *);
void relation_check_segments(struct relation *);
void relation_check_earn(struct relation *);
void relation_check_rewards(struct relation *);
void relation_check_grants(struct relation *);
void relation_check_spending(struct relation *); // payouts, auto, plans, benefits

// The elements of one of the programme's lists; an absent list is empty.
const struct node *relation_list(const struct relation *, const char *list);

// The list's element of that code, NULL if there is none.
const struct node *relation_find(const struct relation *, const char *list, const char *code);

// The list's element that the group's setting names (V6 if there is none). NULL: not set, or unknown.
const struct node *relation_refer(
	struct relation *, const struct node *group, const char *key, const char *list);

// V7: the setting may not be there; another one is lacking.
void relation_forbid(struct relation *, const struct node *group, const char *key, const char *why);
void relation_need(struct relation *, const struct node *group, const char *key, const char *why);

// `ladder` goes with one of `users` (settings that name tiers, ending with NULL), and each of those with
// `ladder`; the ladder and the tiers must exist. Returns the ladder or NULL.
const struct node *relation_check_tiers(
	struct relation *, const struct node *group, const char *const *users);

// `segment` and `not_segment` name segments, and not the same.
void relation_check_membership(struct relation *, const struct node *group);

// At most one form of validity, and only where `issues` says that a reward is issued.
void relation_check_validity(struct relation *, const struct node *group, bool issues);

// A currency that may be spent (V6, V7).
void relation_check_spendable(struct relation *, const struct node *group);
#endif
