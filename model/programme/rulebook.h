// The approved versions of the programme, compiled, and the database's numbers for what they name.
#ifndef MODEL_RULEBOOK_H
#define MODEL_RULEBOOK_H
#include "db/error.h"
#include "db/result.h"
#include "db/session.h"
#include "model/ask.h"
#include "model/engine/programme.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Indexes are the engine's, numbers the database's. An unknown number is index -1; the engine's -1 is number
// 0.
struct rulebook_version {
	int version_no;
	day_t effective_from;
	struct programme *programme;
	int *currencies; // number of currency i; so for all below
	int *ladders;
	int **tiers;                          // of ladder i, tier j
	int *earn, *grants, *payouts, *autos; // all rules
	int *rewards;
	int *segments;
};

struct rulebook {
	struct rulebook_version *versions; // by rising effective_from; at least one
	int count;
	int64_t stamp;      // of the versions read; another one in the database means that there are others:
			    // RULEBOOK_STAMP_SQL
	struct arena arena; // owns the arrays
	struct rulebook *older; // its owner's, kept while somebody borrows from it and freed with this one; NULL
};

// The statements that bring a rulebook, for whoever asks asynchronously, and the reading of their results
// (borrowed). NULL: error tells why; a programme without an approved version is an error.
enum { RULEBOOK_STATEMENTS = 2 };
void rulebook_ask(struct ask asks[RULEBOOK_STATEMENTS]);
struct rulebook *rulebook_read(struct result *const *results, struct error *error);
// Both at once.
struct rulebook *rulebook_load(struct session *session, struct error *error);
// The same with a draft in force from that day, version number 0, in place of the versions that begin later.
// The rulebook owns it; on failure it is freed. What has no number in the database yet gets one below zero.
struct rulebook *rulebook_load_trying(
	struct session *session, struct programme *draft, day_t from, struct error *error);
void rulebook_free(struct rulebook *rulebook); // NULL is fine
// An expression for the stamp the database has now, cheap, to stand in any statement.
#define RULEBOOK_STAMP_SQL "(SELECT loyalty.programme_stamp())"
// Held shared by every transaction that posts, alone by whoever changes which versions are approved
// (db/schema/0012_versions.sql): a stamp read after it stays true until the transaction ends.
#define RULEBOOK_HOLD_SQL "SELECT pg_advisory_xact_lock_shared(11, 0)"

// The version in force on a day: the last with effective_from <= day, before the first the first. Its index.
int rulebook_at(const struct rulebook *rulebook, day_t day);
// The index of the version of that number, -1.
int rulebook_version(const struct rulebook *rulebook, int version_no);
const struct rulebook_version *rulebook_newest(const struct rulebook *rulebook);

// The index of a currency's, tier's or rule's number, -1; of a tier also where the ladder is -1.
int rulebook_currency(const struct rulebook_version *version, int currency_id);
int rulebook_ladder(const struct rulebook_version *version, int ladder_id);
int rulebook_tier(const struct rulebook_version *version, int ladder, int tier_id);
int rulebook_earn_rule(const struct rulebook_version *version, int rule_id);

// Checks a programme document and puts it into the database; the first one is in force at once, a later one
// becomes a draft. effective_from NULL: the document's own date. *version_no (may be NULL) is its number, the
// old one when the same document was there before. name is what error lines call the document.
bool rulebook_install(struct session *session, const char *name, const char *text, size_t length,
	const char *effective_from, int *version_no, struct error *error);
#endif
