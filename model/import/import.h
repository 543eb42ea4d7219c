// Takes CSV files of members and events into the journal, of codes into a pool, of answers into surveys: checked by line,
// in chunks, safe to run twice.
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H
#include "db/session.h"
#include "model/import/csv.h"
#include <stdbool.h>
#include <stdint.h>

enum import_kind { IMPORT_MEMBERS, IMPORT_EVENTS, IMPORT_CODES, IMPORT_RESPONSES, IMPORT_KINDS };

enum { IMPORT_SESSIONS = 2 };

struct import_totals {
	int64_t taken, known, rejected; // events, members or codes; consecutive lines of one event are one
	int64_t lines;                  // read so far
	bool is_stopped;
};

struct import {
	enum import_kind kind;
	const char *file_name; // as the database remembers it
	const char *reward;    // of codes: whose pool; else NULL
	struct csv *csv;       // at its beginning
	int chunk;             // events, members or codes of a transaction, at most
	bool dry_run;          // everything is done and then rolled back
	// Each works on a part of the members, so that one member's events keep their order. All but events,
	// and dry runs, use the first only.
	struct session *sessions[IMPORT_SESSIONS];
	int session_count;
	// Told of every line that is not taken, from any thread but one at a time; record is as it stood in
	// the file. is_whole: it is a record of as many fields as the header.
	void (*reject)(void *payload, int64_t line, const char *reason, const char *record, size_t length,
		bool is_whole);
	// Called now and then; true ends the import after the chunks under way. May be NULL.
	bool (*progress)(void *payload, const struct import_totals *totals);
	// Told the header line once, before everything else. May be NULL.
	void (*header)(void *payload, const char *record, size_t length);
	void *payload;
};

// false: error tells why; the chunks committed before stay, and doing it again takes the rest. A header with
// a column that is unknown, missing or there twice is an error; whatever is wrong with a line only rejects
// that line.
bool import_run(const struct import *import, struct import_totals *totals, struct error *error);

// How many events wait in the inbox: counts them.
bool import_pending(struct session *session, int64_t *events, struct error *error);
// How many events the workers of now have posted, by their last sign of life: cheap.
bool import_posted(struct session *session, int64_t *events, struct error *error);
// The programme's present day, as a day_t.
bool import_today(struct session *session, int64_t *today, struct error *error);
#endif
