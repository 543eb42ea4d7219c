// The worker: claims batches of events, runs the engine over them, posts what it answers; opens the days of
// members that are due.
#ifndef MODEL_WORKER_H
#define MODEL_WORKER_H
#include "db/error.h"
#include "db/session.h"
#include "model/engine/day.h"
#include "model/outbox/mailer.h"
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

// Any number may run. Killed at any instruction, nothing is lost and nothing done twice.
struct worker_options {
	struct session *(*open)(
		void *payload, struct error *error);  // opens a session, at first and after a lost one
	void (*say)(void *payload, const char *line); // what a person watching it should know; may be NULL
	void *payload;
	const volatile sig_atomic_t *stop; // set by a signal: the batch is finished, then the worker ends
	const char *version;               // of the program, for the heartbeat
	int batch;                         // events a batch; 0: 2000, 500 while people wait
	day_t as_of;                       // the business day; DAY_NONE: the database's clock tells
	int night_hours;                   // over which a night with many members due is spread; 0: none
	const char *reports; // folder for scheduled reports; NULL or "": others write them
	bool once;                         // do all pending work and due days, then end
	bool waiting_only;                 // leave bulk, due days, mail and figures to others
	bool no_figures;                   // leave figures and reports to others
	struct mail_settings mail;         // how messages of the outbox are sent, if they are
};

struct worker_report {
	int64_t posted, failed; // events
	int64_t advanced;       // members whose days were opened
	int64_t sent;           // messages that the mail system took
};

// Days of due members are opened once a business day, after the last import has finished, or at any time with
// `once`, which does not spread them: history may then be imported in several files before dates of the past take effect. Returns when
// told to stop (true), when `once` is done, or on an error that waiting cannot mend; a lost connection is not
// one.
bool worker_run(const struct worker_options *options, struct worker_report *report, struct error *error);
#endif
