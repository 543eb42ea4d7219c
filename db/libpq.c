// How loyalty opens a libpq connection: its session defaults, quiet notices, safe texts.
#include "db/libpq.h"

#include <string.h>
#include <time.h>

int64_t libpq_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void notice_keep(void *payload, const PGresult *pg)
{
	struct notice *notice = payload;
	const char *message = PQresultErrorField(pg, PG_DIAG_MESSAGE_PRIMARY);
	neutral_text(notice->text, sizeof notice->text, message ? message : PQresultErrorMessage(pg));
}

// tcp_user_timeout ends a dead link while a request is on its way, keepalives end it while idle.
PGconn *libpq_connect_start(
	const char *conninfo, const char *application_name, const char *password, struct notice *notice)
{
	const struct {
		const char *keyword, *value;
	} parameters[] = {
		{"application_name", application_name ? application_name : "loyalty"},
		{"tcp_user_timeout", "5000"},
		{"keepalives", "1"},
		{"keepalives_idle", "30"},
		{"keepalives_interval", "5"},
		{"keepalives_count", "3"},
		{"dbname", conninfo ? conninfo : ""},
		{"client_encoding", "UTF8"},
		{password ? "password" : NULL, password},
		{NULL, NULL},
	};
	const char *keywords[sizeof parameters / sizeof *parameters];
	const char *values[sizeof parameters / sizeof *parameters];
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		keywords[i] = parameters[i].keyword;
		values[i] = parameters[i].value;
	}
	PGconn *pg = PQconnectStartParams(keywords, values, 1);
	if (pg) {
		PQsetNoticeReceiver(pg, notice_keep, notice);
		PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);
	}
	return pg;
}

const char LIBPQ_SET_ISO_DATES[] = "SET DateStyle TO ISO";

bool libpq_has_iso_dates(PGconn *pg)
{
	const char *style = PQparameterStatus(pg, "DateStyle");
	return style && strncmp(style, "ISO", 3) == 0;
}

// Length of the UTF-8 character at text and its code point, 0 if there is none (too long forms and surrogates
// too).
static int utf8_decode(const unsigned char *text, uint32_t *point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	int length = text[0] < 0x80             ? 1
		     : (text[0] & 0xe0) == 0xc0 ? 2
		     : (text[0] & 0xf0) == 0xe0 ? 3
		     : (text[0] & 0xf8) == 0xf0 ? 4
						: 0;
	if (length < 2) {
		*point = text[0];
		return length;
	}
	*point = text[0] & (0xffU >> (length + 1));
	for (int i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	bool is_valid =
		*point >= smallest[length] && *point <= 0x10ffff && (*point < 0xd800 || *point > 0xdfff);
	return is_valid ? length : 0;
}

static bool is_harmful(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x2069}, {0xfeff, 0xfeff}};
	for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++)
		if (point >= harmful[i].first && point <= harmful[i].last)
			return true;
	return false;
}

char *neutral_text(char *out, size_t size, const char *text)
{
	size_t used = 0;
	while (*text) {
		uint32_t point;
		int length = utf8_decode((const unsigned char *)text, &point);
		const char *shown = text;
		size_t width = (size_t)length;
		if (*text == '\n' || *text == '\t') {
			shown = " ";
		} else if (length == 0 || is_harmful(point)) {
			shown = "\uFFFD";
			width = 3;
		}
		if (used + width >= size)
			break;
		memcpy(out + used, shown, width);
		used += width;
		text += length ? length : 1;
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out;
}
