// Lines of a file of answers to surveys, checked and as rows of staging.
#include "model/import/import_reader.h"
#include "model/survey/survey.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { SURVEY, MEMBER, TOKEN, SCORE, COMMENT, CHANNEL, ANSWERED_AT };

const struct import_column RESPONSE_COLUMNS[] = {
	[SURVEY] = {"survey", 0, 0},
	[MEMBER] = {"member", 0, 0},
	[TOKEN] = {"token", 0, 0},
	[SCORE] = {"score", 0, 1},
	[COMMENT] = {"comment", 0, 0},
	[CHANNEL] = {"channel", 0, 0},
	[ANSWERED_AT] = {"answered_at", 0, 1},
	{.name = NULL},
};

const char RESPONSE_COPY[] =
	"COPY loyalty.import_response (import_no, line_no, survey, member, token, comment, channel, said_at, scores) FROM STDIN";

static int character_count(const char *text)
{
	int count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_channel(const char *text)
{
	static const char *const channels[] = {"", "web", "email", "sms", "app", "phone", "store", "other"};
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		if (strcmp(channels[i], text) == 0)
			return true;
	return false;
}

// Two digits up to `most`, after which *at goes on.
static bool pair_read(const char **at, int most)
{
	if (!isdigit((unsigned char)(*at)[0]) || !isdigit((unsigned char)(*at)[1]))
		return false;
	int number = 10 * ((*at)[0] - '0') + (*at)[1] - '0';
	*at += 2;
	return number <= most;
}

// "Z", "+02:00", "+0200", "+02", or nothing: as the programme's clocks go.
static bool is_zone(const char *text)
{
	if (!*text || strcmp(text, "Z") == 0)
		return true;
	if (*text != '+' && *text != '-')
		return false;
	text++;
	if (!pair_read(&text, 14))
		return false;
	text += *text == ':';
	return !*text || (pair_read(&text, 59) && !*text);
}

// "2026-05-17", or with a time: "2026-05-17T18:30:05.250+02:00", "2026-05-17 16:30Z".
static bool is_moment(const char *text)
{
	char day_text[DAY_SIZE];
	day_t day;
	snprintf(day_text, sizeof day_text, "%s", text);
	if (strlen(text) > 35 || !day_parse(day_text, &day))
		return false;
	if (strlen(text) == 10)
		return true;
	const char *at = text + 11;
	if ((text[10] != ' ' && text[10] != 'T') || !pair_read(&at, 23) || *at++ != ':' || !pair_read(&at, 59))
		return false;
	if (*at == ':') {
		at++;
		if (!pair_read(&at, 59))
			return false;
		at += *at == '.' ? 1 + strspn(at + 1, "0123456789") : 0;
	}
	return is_zone(at);
}

static bool response_check(struct reader *reader, const char *const *values, char *scores, size_t size)
{
	bool has_token = *values[TOKEN], has_member = *values[MEMBER];
	if (has_token == has_member)
		return reader_complain(reader, MEMBER, "an answer has a token, or a survey and a member");
	if (has_member && !*values[SURVEY])
		return reader_complain(reader, SURVEY, "it is missing");
	if (has_token && strlen(values[TOKEN]) > 64)
		return reader_complain(reader, TOKEN, "it is longer than a token");
	if (!*values[SCORE])
		return reader_complain(reader, SCORE, "it is missing");
	if (!survey_scores(values[SCORE], scores, size))
		return reader_complain(reader, SCORE, "\"%.20s\" is no whole number, nor some with | between them", values[SCORE]);
	if (character_count(values[COMMENT]) > 10000)
		return reader_complain(reader, COMMENT, "it is longer than 10000 characters");
	if (!is_channel(values[CHANNEL]))
		return reader_complain(
			reader, CHANNEL, "\"%.20s\" is not web, email, sms, app, phone, store or other", values[CHANNEL]);
	if (!is_moment(values[ANSWERED_AT]))
		return reader_complain(reader, ANSWERED_AT, "\"%.40s\" is no moment; write YYYY-MM-DD HH:MM", values[ANSWERED_AT]);
	return true;
}

bool response_read(struct reader *reader, const struct csv *csv)
{
	const char *values[READER_COLUMNS];
	char scores[64];
	struct lane *lane = &reader->lanes[0];
	struct chunk *chunk = &lane->filling;
	for (int column = 0; RESPONSE_COLUMNS[column].name; column++)
		values[column] = reader_value(reader, csv, column);
	if (!response_check(reader, values, scores, sizeof scores)) {
		reader_reject(reader, csv->line, reader->problem, csv->raw, csv->raw_length, true);
		reader->rejected++;
		return true;
	}
	copy_text_add_number(&chunk->rows, lane->import_no);
	copy_text_add_string(&chunk->rows, "\t");
	copy_text_add_number(&chunk->rows, csv->line);
	for (int column = 0; RESPONSE_COLUMNS[column].name; column++)
		if (column != SCORE)
			copy_text_add_value(&chunk->rows, values[column]);
	copy_text_add_value(&chunk->rows, scores);
	copy_text_add_string(&chunk->rows, "\n");
	chunk->row_count++;
	chunk_add_record(chunk, csv->line, csv->line, csv->raw, csv->raw_length);
	return chunk->row_count < reader->import->chunk || lane_send(lane);
}
