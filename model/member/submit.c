// One event, or one new member, from words like member=1000123 amount=12.50 into the journal, and what became of it.
#include "db/clock.h"
#include "model/ask.h"
#include "model/engine/decimal.h"
#include "model/engine/event.h"
#include "model/member/submit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum word_kind { WORD_ENVELOPE, WORD_TEXT, WORD_COUNT, WORD_MONEY, WORD_AMOUNT, WORD_SWITCH, WORD_LIST, WORD_LINES };

static const struct word_rule {
	const char *key;
	enum word_kind kind;
} EVENT_WORDS[] = {
	{"member", WORD_ENVELOPE},
	{"date", WORD_ENVELOPE},
	{"activity_date", WORD_TEXT},
	{"id", WORD_ENVELOPE},
	{"source", WORD_ENVELOPE},
	{"unknown", WORD_ENVELOPE},
	{"amount", WORD_AMOUNT},
	{"lines", WORD_LINES},
	{"category", WORD_TEXT},
	{"quantity", WORD_COUNT},
	{"units", WORD_COUNT},
	{"basket", WORD_MONEY},
	{"reward_no", WORD_COUNT},
	{"receiver", WORD_TEXT},
	{"by", WORD_TEXT},
	{"of", WORD_TEXT},
	{"activity", WORD_TEXT},
	{"partner", WORD_TEXT},
	{"reward", WORD_TEXT},
	{"currency", WORD_TEXT},
	{"plan", WORD_TEXT},
	{"ladder", WORD_TEXT},
	{"tier", WORD_TEXT},
	{"segment", WORD_TEXT},
	{"evidence", WORD_TEXT},
	{"until", WORD_TEXT},
	{"qualifying", WORD_SWITCH},
	{"tender", WORD_TEXT},
	{"channel", WORD_TEXT},
	{"flags", WORD_LIST},
	{"reason", WORD_TEXT},
	{"case_no", WORD_COUNT},
	{.key = NULL},
};

// In the order of enrol_member()'s parameters.
static const char *const ENROL_KEYS[] = {"source", "id", "given_name", "family_name", "born", "email", "phone", "card", "city",
	"language", "channel", "flags", "date", "consents"};
enum { ENROL_COUNT = sizeof ENROL_KEYS / sizeof *ENROL_KEYS };

struct words {
	const char *const *at;
	int count;
};

static bool misuse(struct error *error, const char *word, const char *why)
{
	char what[sizeof error->what];
	snprintf(what, sizeof what, "%.120s", word);
	return error_set(error, ERROR_USAGE, what, "see loyalty submit --help", "%s", why);
}

static const char *word_value(const struct words *words, const char *key)
{
	size_t length = strlen(key);
	for (int i = 0; i < words->count; i++)
		if (strncmp(words->at[i], key, length) == 0 && words->at[i][length] == '=')
			return words->at[i] + length + 1;
	return NULL;
}

static bool is_known_key(bool is_enrol, const char *word, size_t length)
{
	for (int i = 0; is_enrol && i < ENROL_COUNT; i++)
		if (strlen(ENROL_KEYS[i]) == length && strncmp(ENROL_KEYS[i], word, length) == 0)
			return true;
	for (const struct word_rule *rule = EVENT_WORDS; !is_enrol && rule->key; rule++)
		if (strlen(rule->key) == length && strncmp(rule->key, word, length) == 0)
			return true;
	return false;
}

static bool words_check(const struct words *words, bool is_enrol, struct error *error)
{
	for (int i = 0; i < words->count; i++) {
		const char *word = words->at[i], *equals = strchr(word, '=');
		if (!equals || equals == word)
			return misuse(error, word, "write it as KEY=VALUE");
		if (!is_known_key(is_enrol, word, (size_t)(equals - word)))
			return misuse(error, word, is_enrol ? "enrol has no such key" : "an event has no such key");
		for (int j = 0; j < i; j++)
			if (strncmp(words->at[j], word, (size_t)(equals - word) + 1) == 0)
				return misuse(error, word, "the key is there twice");
	}
	return true;
}

static void json_text(FILE *out, const char *text, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else if (byte < 0x20)
			fprintf(out, "\\u%04x", byte);
		else
			fputc(byte, out);
	}
	fputc('"', out);
}

// A decimal as an integer in units of 10^-decimals.
static bool json_amount(FILE *out, const char *text, int decimals)
{
	int64_t amount;
	int written;
	if (!decimal_parse(text, &amount, &written) || written > decimals)
		return false;
	fprintf(out, "%" PRId64, amount * decimal_power(decimals - written));
	return true;
}

static bool json_lines(FILE *out, const char *text)
{
	fputc('[', out);
	for (const char *between = ""; *text; between = ",") {
		size_t length = strcspn(text, ","), category = strcspn(text, ":,");
		char amount[40] = "";
		if (category < length)
			snprintf(amount, sizeof amount, "%.*s", (int)(length - category - 1), text + category + 1);
		fprintf(out, "%s{\"category\":", between);
		json_text(out, text, category);
		fputs(",\"amount\":", out);
		if (!json_amount(out, amount, 2))
			return false;
		fputc('}', out);
		text += length + (text[length] == ',');
	}
	fputc(']', out);
	return true;
}

static void json_list(FILE *out, const char *text)
{
	fputc('[', out);
	for (const char *between = ""; *text; between = ",") {
		size_t length = strcspn(text, "|");
		fputs(between, out);
		json_text(out, text, length);
		text += length + (text[length] == '|');
	}
	fputc(']', out);
}

static bool json_value(FILE *out, enum word_kind kind, const char *value, int decimals)
{
	bool is_true = strcmp(value, "true") == 0;
	size_t digits = strspn(value, "0123456789");
	switch (kind) {
	case WORD_AMOUNT:
		return json_amount(out, value, decimals);
	case WORD_MONEY:
		return json_amount(out, value, 2);
	case WORD_LINES:
		return json_lines(out, value);
	case WORD_LIST:
		json_list(out, value);
		return true;
	case WORD_COUNT:
		fputs(value, out);
		return digits > 0 && digits <= 9 && !value[digits];
	case WORD_SWITCH:
		fputs(value, out);
		return is_true || strcmp(value, "false") == 0;
	case WORD_ENVELOPE:
	case WORD_TEXT:
		break;
	}
	json_text(out, value, strlen(value));
	return true;
}

static const char *const KIND_HINTS[] = {
	[WORD_ENVELOPE] = "",
	[WORD_TEXT] = "",
	[WORD_COUNT] = "it is a whole number",
	[WORD_MONEY] = "it is an amount like 12.50",
	[WORD_AMOUNT] = "it is an amount like 12.50, with no more decimals than money or the currency has",
	[WORD_SWITCH] = "it is true or false",
	[WORD_LIST] = "",
	[WORD_LINES] = "it is like drink:4.25,food:3.10",
};

// The body of the request as JSON, to be freed.
static char *body_make(const struct words *words, int decimals, struct error *error)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool is_good = out != NULL;
	const char *between = "{";
	for (const struct word_rule *rule = EVENT_WORDS; is_good && rule->key; rule++) {
		const char *value = rule->kind == WORD_ENVELOPE ? NULL : word_value(words, rule->key);
		if (!value)
			continue;
		fprintf(out, "%s\"%s\":", between, rule->key);
		is_good = json_value(out, rule->kind, value, decimals) || misuse(error, rule->key, KIND_HINTS[rule->kind]);
		between = ",";
	}
	if (out) {
		fputs(*between == '{' ? "{}" : "}", out);
		fclose(out);
	} else {
		error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	}
	if (!is_good) {
		free(text);
		text = NULL;
	}
	return text;
}

// How many decimals `amount` may have: those of money, or, for points, of their currency.
static bool decimals_ask(
	struct session *session, const char *type, const struct words *words, int *decimals, struct error *error)
{
	const char *currency = word_value(words, "currency");
	*decimals = 2;
	if ((strcmp(type, "adjust") != 0 && strcmp(type, "transfer") != 0) || !currency)
		return true;
	struct result *result = session_query(
		session, "SELECT decimals FROM loyalty.currency WHERE code = $1", &currency, 1, error);
	if (!result)
		return false;
	bool is_found = result_rows(result) == 1;
	*decimals = is_found ? (int)result_int64(result, 0, 0) : 0;
	result_free(result);
	return is_found || misuse(error, currency, "the programme has no such currency");
}

static bool member_ask(struct session *session, const char *name, int64_t *member_id, struct error *error)
{
	if (!session_number(session, "SELECT loyalty.member_of($1)", &name, 1, member_id, error))
		return false;
	char what[sizeof error->what];
	snprintf(what, sizeof what, "member %.60s", name);
	return *member_id || error_set(error, ERROR_FAILED, what, "loyalty member find finds members by name", "%s",
				     "there is no member with that number or card");
}

static void status_take(struct submit_outcome *outcome, const char *status, const char *reason)
{
	snprintf(outcome->status, sizeof outcome->status, "%s", status);
	snprintf(outcome->reason, sizeof outcome->reason, "%s", reason);
}

static const char *external_id(const struct words *words, char key[KEY_SIZE], struct error *error)
{
	const char *id = word_value(words, "id");
	if (id)
		return id;
	if (ask_key(key))
		return key;
	error_set(error, ERROR_FAILED, "no random number could be had", "give id=...", "%s", "");
	return NULL;
}

static bool event_send(struct session *session, const char *type, const struct words *words,
	struct submit_outcome *outcome, struct error *error)
{
	char member_id[24], key[KEY_SIZE];
	const char *member = word_value(words, "member"), *source = word_value(words, "source");
	const char *id = external_id(words, key, error);
	int decimals;
	bool is_kept = word_value(words, "unknown") != NULL; // for whoever it turns out to be of
	if (!id)
		return false;
	if ((!is_kept && !member_ask(session, member, &outcome->member_id, error)) ||
		!decimals_ask(session, type, words, &decimals, error))
		return false;
	char *body = body_make(words, decimals, error);
	if (!body)
		return false;
	snprintf(member_id, sizeof member_id, "%" PRId64, outcome->member_id);
	const char *values[] = {is_kept ? member : member_id, type, source ? source : "cli", id, word_value(words, "date"), body};
	struct result *result = session_query(session,
		is_kept ? "SELECT s.seq, s.status, s.reason FROM loyalty.unmatched_keep($1, $2::loyalty.event_type, $3, $4, $5::date, "
			  "$6::jsonb) s"
			: "SELECT s.seq, s.status, s.reason FROM loyalty.submit_event($1::bigint, $2::loyalty.event_type, $3, $4, "
			  "$5::date, $6::jsonb) s",
		values, 6, error);
	free(body);
	if (!result)
		return false;
	outcome->seq = result_int64(result, 0, 0);
	status_take(outcome, result_text(result, 0, 1), result_text(result, 0, 2));
	result_free(result);
	return !is_kept || strcmp(outcome->status, "pending") != 0 || member_ask(session, member, &outcome->member_id, error);
}

static bool enrol_send(
	struct session *session, const struct words *words, struct submit_outcome *outcome, struct error *error)
{
	char key[KEY_SIZE];
	const char *values[ENROL_COUNT];
	for (int i = 0; i < ENROL_COUNT; i++)
		values[i] = word_value(words, ENROL_KEYS[i]);
	values[0] = values[0] ? values[0] : "cli";
	values[1] = external_id(words, key, error);
	if (!values[1])
		return false;
	struct result *result = session_query(session,
		"SELECT e.member_id, e.number, e.seq FROM loyalty.enrol_member($1, $2, $3, $4, $5::date, $6, $7, $8, $9, $10, "
		"$11, string_to_array($12, '|'), $13::date, p_consents => string_to_array($14, '|')) e",
		values, ENROL_COUNT, error);
	if (!result)
		return false;
	outcome->member_id = result_int64(result, 0, 0);
	outcome->number = result_int64(result, 0, 1);
	outcome->seq = result_int64(result, 0, 2);
	status_take(outcome, "pending", "");
	result_free(result);
	return true;
}

static bool status_ask(struct session *session, struct submit_outcome *outcome, struct error *error)
{
	char member_id[24], seq[24];
	const char *values[] = {member_id, seq};
	snprintf(member_id, sizeof member_id, "%" PRId64, outcome->member_id);
	snprintf(seq, sizeof seq, "%" PRId64, outcome->seq);
	struct result *result = session_query(
		session, "SELECT s.status, s.reason FROM loyalty.event_status($1::bigint, $2::bigint) s", values, 2, error);
	if (!result)
		return false;
	status_take(outcome, result_text(result, 0, 0), result_text(result, 0, 1));
	result_free(result);
	return true;
}

// A notification may have been for somebody else, so the table decides; without one it is asked at the end once more.
static bool outcome_wait(struct session *session, int wait_ms, struct submit_outcome *outcome, struct error *error)
{
	struct notification notification;
	int64_t until = clock_ms() + wait_ms;
	while (strcmp(outcome->status, "pending") == 0) {
		int64_t left = until - clock_ms();
		int got = left > 0 ? session_wait(session, (int)left, &notification, error) : 0;
		if (got < 0 || !status_ask(session, outcome, error))
			return false;
		if (left <= 0)
			break;
	}
	return true;
}

bool submit_check(const char *type, const char *const *words, int count, struct error *error)
{
	const struct words given = {words, count};
	enum event_type known;
	if (!event_type_find(type, &known) || known == EVENT_QUOTE)
		return misuse(error, type, "there is no such event");
	if (!words_check(&given, known == EVENT_ENROL, error))
		return false;
	const char *unknown = word_value(&given, "unknown");
	if (unknown && strcmp(unknown, "keep") != 0)
		return misuse(error, "unknown", "it can only be unknown=keep");
	return known == EVENT_ENROL || word_value(&given, "member") ||
	       misuse(error, "member", "say whose event it is: member=NUMBER");
}

bool submit_words(struct session *session, const char *type, const char *const *words, int count, int wait_ms,
	struct submit_outcome *outcome, struct error *error)
{
	const struct words given = {words, count};
	*outcome = (struct submit_outcome){0};
	if (!submit_check(type, words, count, error) || !session_listen(session, "loyalty_member", error))
		return false;
	bool is_sent = strcmp(type, "enrol") == 0 ? enrol_send(session, &given, outcome, error)
						  : event_send(session, type, &given, outcome, error);
	return is_sent && outcome_wait(session, wait_ms, outcome, error);
}
