// Lines of a member file, checked and as rows of staging.
#include "model/import/import_reader.h"
#include "model/member/consent.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER, GIVEN, FAMILY, BORN, EMAIL, PHONE, CARD, ENROLLED, CHANNEL, CITY, LANGUAGE, FLAGS, CONSENTS, OWN };

const struct import_column MEMBER_COLUMNS[] = {
	[NUMBER] = {"number", 0, 1},
	[GIVEN] = {"given_name", 0, 0},
	[FAMILY] = {"family_name", 0, 1},
	[BORN] = {"born", 0, 0},
	[EMAIL] = {"email", 0, 0},
	[PHONE] = {"phone", 0, 0},
	[CARD] = {"card", 0, 0},
	[ENROLLED] = {"enrolled", 0, 1},
	[CHANNEL] = {"channel", 0, 0},
	[CITY] = {"city", 0, 0},
	[LANGUAGE] = {"language", 0, 0},
	[FLAGS] = {"flags", 0, 0},
	[CONSENTS] = {"consents", 0, 0},
	[OWN] = {"attributes", 0, 0},
	{.name = NULL},
};

const char MEMBER_COPY[] =
	"COPY loyalty.import_member (import_no, line_no, number, given_name, family_name, born, email, phone, card, "
	"enrolled_on, channel, city, language, flags, consents, attributes) FROM STDIN";

static int character_count(const char *text)
{
	int count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return !text[digits] && digits <= 15 && *text != '0';
}

static bool is_email(const char *text)
{
	const char *at = strchr(text, '@');
	const char *dot = at ? strchr(at, '.') : NULL;
	return at && at > text && !strchr(at + 1, '@') && dot && dot > at + 1 && dot[1] && !strpbrk(text, " \t\n\r\v\f");
}

static int digit_count(const char *text)
{
	int digits = 0;
	for (; *text; text++)
		digits += isdigit((unsigned char)*text) != 0;
	return digits;
}

static bool is_phone(const char *text)
{
	size_t length = strspn(text, "+0123456789 ()./-");
	const char *zeros = strncmp(text, "00", 2) == 0 ? text + 2 : text;
	return !text[length] && digit_count(zeros) >= 5 && digit_count(zeros) <= 15;
}

static bool is_card(const char *text)
{
	int count = 0;
	for (const char *at = text; *at; at++)
		count += isalnum((unsigned char)*at) != 0;
	return count >= 4 && strlen(text) <= 40;
}

static bool days_check(struct reader *reader, const char *const *values)
{
	day_t enrolled, born;
	if (!day_parse(values[ENROLLED], &enrolled))
		return reader_complain(reader, ENROLLED, "\"%.40s\" is no day; write YYYY-MM-DD", values[ENROLLED]);
	if (enrolled > reader->today)
		return reader_complain(reader, ENROLLED, "%s lies in the future", values[ENROLLED]);
	if (!*values[BORN])
		return true;
	if (!day_parse(values[BORN], &born))
		return reader_complain(reader, BORN, "\"%.40s\" is no day; write YYYY-MM-DD", values[BORN]);
	return born <= enrolled || reader_complain(reader, BORN, "it is later than the enrolment");
}

static bool identifiers_check(struct reader *reader, const char *const *values)
{
	if (!is_number(values[NUMBER]))
		return reader_complain(reader, NUMBER, "\"%.40s\" is no member number", values[NUMBER]);
	if (*values[EMAIL] && !is_email(values[EMAIL]))
		return reader_complain(reader, EMAIL, "\"%.60s\" is no e-mail address", values[EMAIL]);
	if (*values[PHONE] && !is_phone(values[PHONE]))
		return reader_complain(reader, PHONE, "\"%.40s\" is no phone number", values[PHONE]);
	return !*values[CARD] || is_card(values[CARD]) ||
	       reader_complain(reader, CARD, "\"%.40s\" is no card number", values[CARD]);
}

// promotions:email|-promotions:sms|terms:2026-05|profiling@2027-12-31: a minus says that it was refused, a day to when it holds.
static bool consents_check(struct reader *reader, const char *value)
{
	char said[CONSENT_WHAT];
	for (const char *at = value; *at; at += strcspn(at, "|"), at += *at == '|') {
		size_t length = strcspn(at, "|"), minus = *at == '-';
		snprintf(said, sizeof said, "%.*s", (int)(length - minus), at + minus);
		if (length >= sizeof said || !consent_is_said(said) || (minus && strchr(said, '@')))
			return reader_complain(reader, CONSENTS, "\"%.40s\" is nothing that a member consents to", said);
	}
	return true;
}

static bool member_check(struct reader *reader, const char *const *values)
{
	static const int names[] = {GIVEN, FAMILY, CHANNEL, CITY, LANGUAGE};
	char flags[512];
	for (int column = 0; MEMBER_COLUMNS[column].name; column++)
		if (MEMBER_COLUMNS[column].required && !*values[column])
			return reader_complain(reader, column, "it is missing");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (character_count(values[names[i]]) > 200)
			return reader_complain(reader, names[i], "it is longer than 200 characters");
	if (!reader_flags(values[FLAGS], flags, sizeof flags))
		return reader_complain(reader, FLAGS, "flags are words with | between them");
	return identifiers_check(reader, values) && days_check(reader, values) &&
	       consents_check(reader, values[CONSENTS]);
}

static void row_add(struct copy_text *rows, const char *const *values, int64_t import_no, int64_t line)
{
	char flags[512] = "", consents[1024] = "";
	copy_text_add_number(rows, import_no);
	copy_text_add_string(rows, "\t");
	copy_text_add_number(rows, line);
	for (int column = 0; column < FLAGS; column++)
		if (column == GIVEN && !*values[column])
			copy_text_add_string(rows, "\t");
		else
			copy_text_add_value(rows, values[column]);
	reader_flags(values[FLAGS], flags, sizeof flags);
	copy_text_add_value(rows, flags);
	reader_flags(values[CONSENTS], consents, sizeof consents);
	copy_text_add_value(rows, consents);
	copy_text_add_value(rows, values[OWN]);
	copy_text_add_string(rows, "\n");
}

bool member_read(struct reader *reader, const struct csv *csv)
{
	const char *values[READER_COLUMNS];
	struct lane *lane = &reader->lanes[0];
	struct chunk *chunk = &lane->filling;
	for (int column = 0; MEMBER_COLUMNS[column].name; column++)
		values[column] = reader_value(reader, csv, column);
	if (!member_check(reader, values)) {
		reader_reject(reader, csv->line, reader->problem, csv->raw, csv->raw_length, true);
		reader->rejected++;
		return true;
	}
	row_add(&chunk->rows, values, lane->import_no, csv->line);
	chunk->row_count++;
	chunk_add_record(chunk, csv->line, csv->line, csv->raw, csv->raw_length);
	return chunk->row_count < reader->import->chunk || lane_send(lane);
}
