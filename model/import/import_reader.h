// What reads the lines of an import: the columns of each kind of file, and how a line becomes a row of staging.
#ifndef MODEL_IMPORT_READER_H
#define MODEL_IMPORT_READER_H
#include "model/engine/day.h"
#include "model/import/import_lane.h"

enum { READER_COLUMNS = 32, READER_CURRENCIES = 32, READER_LINES = 1000 };

struct import_column {
	const char *name;
	unsigned allowed;  // of events: set of types (1 << enum event_type) that may have it
	unsigned required; // of events: that must have it; of others: not 0
};

// The event being put together from consecutive lines.
struct open_event {
	int64_t row; // its first line; 0: there is none
	int type;
	char *texts; // its first line's values, each after the other
	size_t texts_size;
	const char *values[READER_COLUMNS]; // into texts
	int line_count;
	int64_t amounts[READER_LINES];
	struct copy_text categories; // one after the other, each with its NUL
	struct copy_text raws;       // its records
	struct event_record {
		int64_t line;
		size_t offset, length;
	} records[READER_LINES];
	char problem[160]; // "" while it is good
	int64_t problem_line;
};

struct reader {
	const struct import *import;
	const struct import_column *columns; // name NULL ends them
	int places[READER_COLUMNS];          // of each column in the file, -1: not there
	int field_count;                     // of the header
	struct lane *lanes;
	int lane_count;
	pthread_mutex_t *reject_mutex;
	day_t today;
	struct {
		char code[40];
		int decimals;
	} currencies[READER_CURRENCIES];
	int currency_count;
	struct open_event event;
	int64_t rejected;
	char problem[160];
};

extern const struct import_column MEMBER_COLUMNS[], EVENT_COLUMNS[], CODE_COLUMNS[], RESPONSE_COLUMNS[];
extern const char MEMBER_COPY[], EVENT_COPY[], CODE_COPY[], RESPONSE_COPY[]; // the COPY statements that fit the rows

// The record's value of a column, without blanks around it; "" when the file has no such column.
const char *reader_value(const struct reader *reader, const struct csv *csv, int column);
// Fills reader->problem with "COLUMN: why"; returns false.
bool reader_complain(struct reader *reader, int column, const char *why, ...) __attribute__((format(printf, 3, 4)));
void reader_reject(
	struct reader *reader, int64_t line, const char *reason, const char *raw, size_t length, bool is_whole);
// Reads a list of flags, separated by |, as an array in PostgreSQL's syntax. false: one of them is no tag.
bool reader_flags(const char *value, char *out, size_t size);
bool reader_is_tag(const char *text);

// Take one good record. false: a lane has failed.
bool member_read(struct reader *reader, const struct csv *csv);
bool event_read(struct reader *reader, const struct csv *csv);
bool code_read(struct reader *reader, const struct csv *csv);
bool response_read(struct reader *reader, const struct csv *csv);
// Hands over the event that is still open.
bool event_close(struct reader *reader);
#endif
