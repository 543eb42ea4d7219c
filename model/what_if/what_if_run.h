// A what-if under way: what its threads share, and what they tell whoever asked. Private to the what-if.
#ifndef MODEL_WHAT_IF_RUN_H
#define MODEL_WHAT_IF_RUN_H
#include "model/what_if/what_if.h"
#include "model/what_if/what_if_judge.h"
#include <pthread.h>
#include <stdatomic.h>

enum { JUDGES_MAX = 4 };

struct what_if {
	// Constant once the threads run.
	struct what_if_request request; // its texts are gone by then
	struct programme *draft;        // until the rulebook takes it
	int64_t started_ms;
	int news; // an eventfd

	atomic_bool is_cancelled;
	pthread_mutex_t mutex; // of all that follows
	int holders;           // the owner and each thread
	struct what_if_progress progress;
	struct what_if_result *result;        // not taken yet
	struct session *sessions[JUDGES_MAX]; // open ones, for the server to be told of a cancel
};

// Gives up a hold; the last one frees everything.
void what_if_release(struct what_if *what_if);
// Opens a session that a cancel reaches, in a read-only transaction that sees `snapshot`, or its own if NULL.
struct session *what_if_session(
	struct what_if *what_if, int place, const char *snapshot, struct error *error);
void what_if_session_close(struct what_if *what_if, int place);
void what_if_tell_stage(struct what_if *what_if, enum what_if_stage stage, int64_t total);
void what_if_tell_done(struct what_if *what_if, int64_t ids);
void what_if_tell_result(struct what_if *what_if, struct what_if_result *result);
void what_if_tell_end(struct what_if *what_if, const struct error *error); // kind ERROR_NONE: all is done

// The first thread: reads the programme, judges the sample, then everyone together with others.
void *what_if_run(void *what_if);
#endif
