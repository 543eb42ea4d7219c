// Consents: what a member agreed to or took back; of each matter the newest line counts.
#include "model/member/consent.h"

#include "model/engine/day.h"

#include <stdio.h>
#include <string.h>

static const struct word {
	const char *word, *words;
} KINDS[] = {{"promotions", "promotions"}, {"partner_promotions", "promotions of partners"}, {NULL, NULL}},
  CHANNELS[] = {{"email", "by e-mail"}, {"sms", "by SMS"}, {"phone", "by phone"}, {"post", "by post"},
	  {"app", "in the app"}, {NULL, NULL}};

static const struct word *word_find(const struct word *words, const char *text, size_t length)
{
	for (; words->word; words++)
		if (strlen(words->word) == length && strncmp(words->word, text, length) == 0)
			return words;
	return NULL;
}

bool consent_is_right(const char *what)
{
	size_t length = strcspn(what, ":");
	const char *rest = what[length] ? what + length + 1 : "";
	if (strcmp(what, "profiling") == 0)
		return true;
	if (strncmp(what, "terms:", 6) == 0)
		return strlen(rest) >= 1 && strlen(rest) <= 64;
	return word_find(KINDS, what, length) && word_find(CHANNELS, rest, strlen(rest));
}

bool consent_is_said(const char *said)
{
	char what[CONSENT_WHAT];
	day_t until;
	const char *at = strrchr(said, '@');
	bool has_day = at && day_parse(at + 1, &until);
	if (strlen(said) >= sizeof what)
		return false;
	snprintf(what, sizeof what, "%.*s", (int)(has_day ? (size_t)(at - said) : strlen(said)), said);
	return consent_is_right(what);
}

const char *consent_words(const char *what, char *out)
{
	size_t length = strcspn(what, ":");
	const char *rest = what[length] ? what + length + 1 : "";
	const struct word *kind = word_find(KINDS, what, length),
			  *channel = word_find(CHANNELS, rest, strlen(rest));
	if (kind && channel)
		snprintf(out, CONSENT_WORDS, "%s %s", kind->words, channel->words);
	else
		snprintf(out, CONSENT_WORDS, "%.*s%s%s", (int)length, what, *rest ? " " : "", rest);
	return out;
}

// clang-format off
#define ZONE "(SELECT p.timezone FROM loyalty.programme p)"
#define MOMENT "to_char(n.said_at AT TIME ZONE " ZONE ", 'YYYY-MM-DD HH24:MI')"
#define WHAT(from) \
	from ".kind || CASE WHEN " from ".kind = 'terms' THEN ':' || coalesce(n.version, '') " \
	"WHEN " from ".channel = 'none' THEN '' ELSE ':' || " from ".channel END"

// Every matter there is: what is sent by each channel, all else without one.
#define MATTERS \
	"(SELECT k AS kind, c AS channel, row_number() OVER (ORDER BY k, c) AS place " \
	"FROM unnest(enum_range(NULL::loyalty.consent_kind)) k, " \
	"unnest(enum_range(NULL::loyalty.consent_channel)) c " \
	"WHERE (k IN ('promotions', 'partner_promotions')) = (c <> 'none'))"
static const char LIST_SQL[] =
	"SELECT m.place, " WHAT("m") ", " MOMENT ", n.source, coalesce(s.name, n.by_login), n.state, n.until_on "
	"FROM " MATTERS " m LEFT JOIN loyalty.consent_now n "
	"ON n.member_id = $1::bigint AND n.kind = m.kind AND n.channel = m.channel "
	"LEFT JOIN loyalty.staff s ON s.login = n.by_login "
	"WHERE CASE $2 WHEN 'after' THEN m.place > $3::int WHEN 'before' THEN m.place < $3::int "
	"WHEN 'from' THEN m.place >= $3::int ELSE $4::int > 0 END ORDER BY m.place";
#define TABLE(from, state, order) \
	"SELECT " WHAT("n") " AS consent, " state " AS state, " \
	MOMENT " AS said, n.until_on AS until, n.source, n.by_login AS by FROM loyalty." from " n " \
	"WHERE n.member_id = $1::bigint " order
static const char NEWEST_SQL[] = TABLE("consent_now", "n.state", "ORDER BY n.kind, n.channel");
static const char ALL_SQL[] = TABLE("member_consent", "CASE WHEN n.is_given THEN 'given' ELSE 'withdrawn' END", "ORDER BY n.said_at DESC, n.kind, n.channel");
// clang-format on

void consent_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	ask_init(ask, LIST_SQL);
	ask_number(ask, member_id);
	page_ask(ask, page);
}

void consent_row_read(const struct result *result, int row, struct consent_row *consent)
{
	*consent = (struct consent_row){
		.key = result_text(result, row, 0),
		.what = result_text(result, row, 1),
		.said_at = result_text(result, row, 2),
		.source = result_text(result, row, 3),
		.person = result_text(result, row, 4),
		.state = result_is_null(result, row, 5) ? "never asked" : result_text(result, row, 5),
		.until = result_text(result, row, 6),
	};
}

void consent_set(struct ask *ask, const struct consent_change *change)
{
	ask_init(ask, "SELECT loyalty.consent_set($1::bigint, $2, $3::boolean, $4, "
		      "$5::date::timestamp AT TIME ZONE " ZONE ", nullif($6, '')::date)");
	ask_number(ask, change->member_id);
	ask_text(ask, change->what);
	ask_text(ask, change->is_given ? "true" : "false");
	ask_text(ask, change->source);
	ask_text(ask, change->day);
	ask_text(ask, change->until);
}

void consent_table(struct ask *ask, int64_t member_id, bool is_all)
{
	ask_init(ask, is_all ? ALL_SQL : NEWEST_SQL);
	ask_number(ask, member_id);
}
