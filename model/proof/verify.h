// The proof: every invariant of the ledger, every chain of hashes, the audit log, and a replay of members'
// journals.
#ifndef MODEL_VERIFY_H
#define MODEL_VERIFY_H
#include "db/error.h"
#include "db/session.h"
#include "model/programme/rulebook.h"
#include "model/proof/breach.h"
#include <stdbool.h>
#include <stdint.h>

enum { VERIFY_LANES = 16 }; // at most at the same time

struct verify_progress {
	int64_t done, members; // how many are looked at, of how many
};

struct verify_options {
	int replay_percent;        // of the members, always the same ones; 0: none
	int64_t from, to;          // member ids; to 0: all members, and the totals of all accounts
	const char *kind;          // what the proof is called in table proof: "full", "light"
	breach_listener *listener; // each broken thing; may be NULL
	void (*progress)(void *payload, const struct verify_progress *progress); // may be NULL
	void *payload;
	// More sessions of that login on that database, at most VERIFY_LANES - 1: each proves a part at the
	// same time.
	struct session **helpers;
	int helper_count;
	int slice_work; // events and entries that are looked at together, 0: 100,000
};

struct verify_report {
	int64_t members, entries, replayed, broken;
	char first_broken[200];
	double seconds;
};

// All in one look at the database (one REPEATABLE READ snapshot), so workers may go on meanwhile. Leaves a
// row in table proof where the session may write. False: it could not be looked at; broken things are no
// error. With helpers, listener and progress are called on other threads too, but one at a time.
bool verify_run(struct session *session, const struct rulebook *rulebook,
	const struct verify_options *options, struct verify_report *report, struct error *error);

// What an idle worker does: once a minute a sixty-fourth of the members, at most 5,000, without replay.
struct light_proof {
	int64_t next_ms, from; // when, and from which member id on
};
bool light_proof_step(struct light_proof *proof, struct session *session, const struct rulebook *rulebook,
	struct error *error);
#endif
