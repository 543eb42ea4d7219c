// A database with a programme and members, and a worker to run over it, for tests of the way from journal to
// ledger.
#ifndef TESTS_SPINE_H
#define TESTS_SPINE_H
#include "db/session.h"
#include "model/engine/event.h"
#include "model/engine/programme.h"
#include "model/posting/worker.h"
#include "model/proof/verify.h"
#include <sys/types.h>

// A whole file of the source tree, or the test fails. To be freed.
char *spine_file(const char *path, size_t *length);
// The path of the programme document of that code: a preset, or one of the golden cases' own.
const char *spine_programme_path(const char *code);
// A migrated database with that programme in force from 1900 on and staff of every role. A superuser's
// session.
struct session *spine_begin(const char *database, const char *programme);
// Enrols a member by number without an enrol event; returns its id.
int64_t spine_member(struct session *session, const char *number);
// Puts an event into the journal as a till or an importer would, without anybody's limits; lane 1. Returns
// its seq.
int64_t spine_event(
	struct session *session, int64_t member_id, const char *external_id, const struct event *event);
// Runs a worker in this process until nothing is left to do up to that business day; the report is what it
// did.
struct worker_report spine_work(int batch, day_t as_of);
// The same of a worker that leaves members whose figures are behind to others.
struct worker_report spine_post(int batch, day_t as_of);
// A worker in a process of its own, on that business day, which waits for events until it is stopped.
pid_t spine_worker_start(day_t as_of);
void spine_worker_stop(pid_t worker);
// Runs verify; the report is what it found. Prints each broken thing when loud.
struct verify_report spine_verify(struct session *session, int replay_percent, bool is_loud);
#endif
