// What the files of the import share: chunks of rows on their way to staging, and the lanes that bring them there.
#ifndef MODEL_IMPORT_LANE_H
#define MODEL_IMPORT_LANE_H
#include "model/import/import.h"
#include <pthread.h>

// A growing run of bytes. Memory that runs out is remembered in failed.
struct copy_text {
	char *at;
	size_t length, size;
	bool failed;
};
void copy_text_add(struct copy_text *bytes, const char *text, size_t length);
void copy_text_add_string(struct copy_text *bytes, const char *text);
void copy_text_add_number(struct copy_text *bytes, int64_t number);
// A value of COPY's text format, after a tab unless it begins the row; "" becomes NULL.
void copy_text_add_value(struct copy_text *bytes, const char *text);
void copy_text_free(struct copy_text *bytes);

// Rows for staging, and the records they came from.
struct chunk {
	struct copy_text rows;
	struct copy_text raws;
	struct chunk_record {
		int64_t row;   // the line_no of the row in staging: the event's first line
		int64_t line;  // this record's own
		size_t offset; // into raws
		size_t length;
	} *records;
	int record_count, record_size;
	int row_count;
};
void chunk_add_record(struct chunk *chunk, int64_t row, int64_t line, const char *raw, size_t length);
void chunk_clear(struct chunk *chunk);
void chunk_free(struct chunk *chunk);

// One session and the thread that works on it. While one chunk is taken by the server, the next is filled.
struct lane {
	const struct import *import;
	const char *copy, *take; // SQL
	int64_t import_no;
	struct session *session;
	struct chunk filling, working;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pthread_mutex_t *reject_mutex; // of all lanes
	bool has_work, is_closing, has_failed;
	bool is_begun; // a chunk was sent
	struct import_totals totals;
	struct error error;
};
bool lane_start(struct lane *lane, struct error *error);
// Whether what was filled is a chunk. The first is no large one, so that the server soon has something
// to do.
bool lane_is_full(const struct lane *lane);
// Hands over what was filled, waiting until the chunk before is done. false: the lane has failed, see its error.
bool lane_send(struct lane *lane);
// Sends what is left, unless it is to be dropped, and lets the thread end after it. All lanes are ended before
// one is finished, so that they do their last chunks side by side.
void lane_end(struct lane *lane, bool is_dropped);
// Waits for a lane that was ended, frees everything. false: lane->error.
bool lane_finish(struct lane *lane);
#endif
