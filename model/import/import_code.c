// Lines of a file of codes, checked and as rows of staging.
#include "model/import/import_reader.h"

#include "model/reward/reward_code.h"
#include <string.h>

enum { CODE };

const struct import_column CODE_COLUMNS[] = {
	[CODE] = {"code", 0, 1},
	{.name = NULL},
};

const char CODE_COPY[] = "COPY loyalty.import_code (import_no, line_no, reward, code) FROM STDIN";

static bool code_check(struct reader *reader, const char *code)
{
	char normal[REWARD_CODE_TYPED + 1];
	if (!*code)
		return reader_complain(reader, CODE, "it is missing");
	if (strlen(code) > 80 || (!reward_code_normal(code, normal) && strlen(code) > REWARD_CODE_TYPED))
		return reader_complain(
			reader, CODE, "it is longer than %d letters and digits", REWARD_CODE_TYPED);
	return reward_code_normal(code, normal) ||
	       reader_complain(reader, CODE, "it has no letters or digits");
}

bool code_read(struct reader *reader, const struct csv *csv)
{
	const char *code = reader_value(reader, csv, CODE);
	struct lane *lane = &reader->lanes[0];
	struct chunk *chunk = &lane->filling;
	if (!code_check(reader, code)) {
		reader_reject(reader, csv->line, reader->problem, csv->raw, csv->raw_length, true);
		reader->rejected++;
		return true;
	}
	copy_text_add_number(&chunk->rows, lane->import_no);
	copy_text_add_string(&chunk->rows, "\t");
	copy_text_add_number(&chunk->rows, csv->line);
	copy_text_add_value(&chunk->rows, reader->import->reward);
	copy_text_add_value(&chunk->rows, code);
	copy_text_add_string(&chunk->rows, "\n");
	chunk->row_count++;
	chunk_add_record(chunk, csv->line, csv->line, csv->raw, csv->raw_length);
	return chunk->row_count < reader->import->chunk || lane_send(lane);
}
