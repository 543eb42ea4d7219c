// How the house is: workers, backlog, failed events, the proof of the ledger, and the counters in the title
// line.
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H
#include "db/result.h"
#include "model/ask.h"
#include <stdbool.h>
#include <stdint.h>

enum { WORKER_LATE_S = 15 }; // a worker that has not been heard of for so long is taken for dead

struct badges {
	int64_t my_cases, free_cases; // working cases: mine, and nobody's
	int64_t approvals;            // that wait for someone like me; at most 100
	int64_t workers;              // alive
	int64_t unread;               // in my inbox
};
// For the roles that see cases; the other needs no right at all and leaves the rest 0.
void badges_ask(struct ask *ask);
void badges_workers_ask(struct ask *ask);
void badges_take(struct badges *badges, const struct result *result);

// Workers, the youngest heartbeat first.
struct worker_row {
	char worker[64], doing[64], version[32];
	int64_t age_s, up_s, posted, failed, batch_ms;
};
void workers_ask(struct ask *ask);
void workers_row(struct worker_row *worker, const struct result *result, int row);

// What waits to be posted. Counting stops at BACKLOG_MOST a lane, so that looking stays cheap.
enum { BACKLOG_MOST = 100000 };
struct backlog {
	int64_t waiting, bulk; // by lane
	int64_t oldest_s;      // age of the oldest of the waiting lane; -1: none
	int64_t failed;        // set aside, at most BACKLOG_MOST
};
void backlog_ask(struct ask *ask);
void backlog_take(struct backlog *backlog, const struct result *result);

// The newest failed events.
enum { FAILED_MOST = 200 };
struct failed_event {
	int64_t member_id, seq, number, attempts;
	char type[24], reason[160], at[24], name[128];
};
void failed_ask(struct ask *ask);
void failed_row(struct failed_event *event, const struct result *result, int row);
void failed_retry_ask(struct ask *ask, int64_t member_id, int64_t seq);
void failed_cancel_ask(struct ask *ask, int64_t member_id, int64_t seq);

// The newest proofs of the ledger.
struct proof_row {
	char at[24], by[64], kind[32], first_broken[200];
	int64_t age_s, members, entries, replayed, broken;
};
void proofs_ask(struct ask *ask);
void proofs_row(struct proof_row *proof, const struct result *result, int row);
#endif
