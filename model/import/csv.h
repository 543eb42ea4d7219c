// Reads comma separated values (RFC 4180) as a stream, and says of each record what is wrong with it and where.
#ifndef MODEL_CSV_H
#define MODEL_CSV_H
#include "db/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CSV_FIELDS = 64,          // at most in a record
	CSV_FIELD_LENGTH = 20000, // bytes at most in a field
	CSV_RECORD_LENGTH = 1 << 18,
};

// Fills at most size bytes; *got 0 at the end. false: error tells why.
typedef bool csv_source(void *payload, char *buffer, size_t size, size_t *got, struct error *error);

// A record is one line, or more where quoted fields hold line ends, which may be LF or CRLF. Empty lines are passed
// over, as is a byte order mark at the beginning. Memory does not grow with the input.
struct csv {
	// the record that csv_next() read last; borrowed until the next call
	int64_t line;    // of its first line, from 1
	const char *raw; // as it stands in the input, without its line end
	size_t raw_length;
	const char *fields[CSV_FIELDS]; // each ends with a NUL
	int count;
	char problem[120]; // "" when it is good; else fields are not to be used

	char delimiter;
	csv_source *source;
	void *payload;
	char *buffer; // unread input: from start to end
	size_t start, end;
	char *work; // the fields' texts
	int64_t next_line;
	bool is_ended;
};

// delimiter is one byte. false: out of memory. To be freed either way.
bool csv_init(struct csv *csv, char delimiter, csv_source *source, void *payload);
void csv_free(struct csv *csv);

// 1: a record was read, good or with a problem; after a problem reading goes on with the next line. 0: the input has
// ended. -1: it could not be read, error tells why.
int csv_next(struct csv *csv, struct error *error);

// Reads input from a file descriptor; the payload is an int.
csv_source csv_from_descriptor;
#endif
