// Folding: brings the figures up to what was posted, some members at a time, in transactions of its own.
#ifndef MODEL_INSIGHT_FOLD_H
#define MODEL_INSIGHT_FOLD_H
#include "db/error.h"
#include "db/session.h"
#include "db/wire.h"
#include "model/insight/sums.h"
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

// Killed at any instruction, nothing is counted twice or lost: what says that a member is behind goes with
// the transaction that counts them. Any number may fold: a bucket is one's at a time.
struct fold {
	struct session *session; // borrowed; of the worker's role
	struct query members;
	struct sums sums;
	struct deed_month *deeds; // room for a member's months
	int deed_capacity;
};

void fold_init(struct fold *fold);
void fold_free(struct fold *fold);

// All members that are behind now. *members: how many were taken in; 0 where there were none, or others fold
// them. Stops between transactions when *stop (may be NULL) is set.
bool fold_due(struct fold *fold, const volatile sig_atomic_t *stop, int64_t *members, struct error *error);

// Inside the caller's transaction, which has the bucket (fold_take_bucket): those behind of the bucket with
// an id above *after, which moves on; *members: how many, 0 at the end.
bool fold_some(struct fold *fold, int bucket, int64_t *after, int *members, struct error *error);
// Has the bucket until the transaction ends; with must_wait, waits for who else folds it.
bool fold_take_bucket(struct fold *fold, int bucket, bool must_wait, bool *is_taken, struct error *error);
#endif
