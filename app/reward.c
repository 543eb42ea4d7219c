// The verbs reward ...: the catalogue and its stock, and what is done with an issued reward by its code.
#include "app/outcome.h"
#include "app/output.h"
#include "app/verb.h"
#include "model/amount.h"
#include "model/reward/reward.h"
#include "model/reward/reward_code.h"
#include "model/reward/reward_stock.h"

#include <stdio.h>
#include <string.h>

enum { RESERVE_SECONDS = 900 };

int reward_list_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? reward_list(session, &error) : NULL;
	if (list)
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	return list ? 0 : verb_failed(&error);
}

int reward_stock_verb(const struct arguments *arguments)
{
	struct error error = {0};
	int64_t served = 0;
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && reward_stock_set(session, arguments->operands[0], arguments->operands[1],
					  &served, &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	if (served)
		printf("%lld that waited for stock have their codes now\n", (long long)served);
	else
		puts("done");
	return 0;
}

// What the database answers to one statement about the code, or NULL: the error is told, with what can be
// seen from the code alone. *session is the caller's to close.
static struct result *code_ask_over(
	struct session **session, const struct arguments *arguments, const struct ask *ask)
{
	struct error error = {0};
	char code[REWARD_CODE_TYPED + 1];
	*session = verb_session(arguments, &error);
	struct result *result = *session ? ask_session(*session, ask, &error) : NULL;
	if (result)
		return result;
	if (strcmp(error.sqlstate, "LY004") == 0 && reward_code_normal(arguments->operands[0], code) &&
		strlen(code) == REWARD_CODE_LENGTH && !reward_code_is_right(code))
		snprintf(error.why, sizeof error.why, "its check character says that there is a slip in it");
	verb_failed(&error);
	return NULL;
}

static struct result *code_ask(const struct arguments *arguments, const struct ask *ask)
{
	struct session *session;
	struct result *result = code_ask_over(&session, arguments, ask);
	session_close(session);
	return result;
}

// The key given, or a new one. NULL after telling what is wrong.
static const char *key_of(const struct arguments *arguments, char key[KEY_SIZE])
{
	const char *given = option_value(arguments, "key");
	struct error error = {0};
	if (given || ask_key(key))
		return given ? given : key;
	error_set(&error, ERROR_FAILED, "no key can be made", "give one with --key", "no random numbers");
	verb_failed(&error);
	return NULL;
}

static bool steps_print(struct session *session, const struct arguments *arguments, struct error *error)
{
	struct ask ask;
	reward_steps(&ask, arguments->operands[0]);
	struct result *steps = ask_session(session, &ask, error);
	if (!steps)
		return false;
	if (arguments->format == FORMAT_JSON)
		fputs(", \"steps\": ", stdout);
	else if (result_rows(steps))
		puts("");
	if (arguments->format == FORMAT_JSON || result_rows(steps))
		output_table(stdout, arguments->format, steps);
	result_free(steps);
	return true;
}

// CSV prints the reward alone.
int reward_show_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct ask ask;
	struct session *session;
	bool is_good = true;
	reward_find(&ask, arguments->operands[0]);
	struct result *found = code_ask_over(&session, arguments, &ask);
	if (!found) {
		session_close(session);
		return 1;
	}
	if (arguments->format == FORMAT_CSV) {
		output_table(stdout, FORMAT_CSV, found);
	} else {
		fputs(arguments->format == FORMAT_JSON ? "{\"reward\": " : "", stdout);
		output_record(stdout, arguments->format, found, 0);
		is_good = steps_print(session, arguments, &error);
		fputs(arguments->format == FORMAT_JSON ? "}\n" : "", stdout);
	}
	result_free(found);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

int reward_reserve_verb(const struct arguments *arguments)
{
	char own[KEY_SIZE];
	const char *key = key_of(arguments, own);
	long long seconds = option_number(arguments, "seconds", RESERVE_SECONDS);
	struct ask ask;
	if (seconds < 1 || seconds > 86400)
		return verb_misused("--seconds", "a reservation lasts 1 to 86400 seconds");
	if (!key)
		return 1;
	reward_reserve(&ask, arguments->operands[0], key, (int)seconds);
	struct result *until = code_ask(arguments, &ask);
	if (!until)
		return 1;
	printf("reserved until %s under the key %s\n", result_text(until, 0, 0), key);
	result_free(until);
	return 0;
}

int reward_release_verb(const struct arguments *arguments)
{
	struct ask ask;
	reward_release(&ask, arguments->operands[0], option_value(arguments, "key"));
	struct result *done = code_ask(arguments, &ask);
	if (!done)
		return 1;
	puts("released");
	result_free(done);
	return 0;
}

static int taken_print(const struct arguments *arguments, const struct ask *ask, const char *what)
{
	struct result *left = code_ask(arguments, ask);
	if (!left)
		return 1;
	int64_t minor = result_int64(left, 0, 0);
	if (minor > 0)
		printf("%s; %lld.%02lld is left\n", what, (long long)minor / 100, (long long)minor % 100);
	else
		puts(what);
	result_free(left);
	return 0;
}

int reward_use_verb(const struct arguments *arguments)
{
	char own[KEY_SIZE];
	const char *key = key_of(arguments, own), *note = option_value(arguments, "note");
	int64_t amount = 0;
	struct ask ask;
	if (arguments->count > 1 && (!amount_parse(arguments->operands[1], 2, &amount) || amount < 1))
		return verb_misused(arguments->operands[1], "an amount is above zero, as 12.50");
	if (!key)
		return 1;
	reward_use(&ask, arguments->operands[0], key, amount, note ? note : "");
	return taken_print(arguments, &ask, "used");
}

int reward_donate_verb(const struct arguments *arguments)
{
	char own[KEY_SIZE];
	const char *key = key_of(arguments, own);
	struct ask ask;
	if (!key)
		return 1;
	reward_donate(&ask, arguments->operands[0], key, arguments->operands[1]);
	return taken_print(arguments, &ask, "donated");
}

// The member and the number that the code stands for, as words of an event.
int reward_cancel_verb(const struct arguments *arguments)
{
	char member[40], number[40], reason[300];
	const char *given = option_value(arguments, "reason");
	struct ask ask;
	reward_find(&ask, arguments->operands[0]);
	struct result *found = code_ask(arguments, &ask);
	if (!found)
		return 1;
	snprintf(member, sizeof member, "member=%lld", (long long)result_int64(found, 0, 0));
	snprintf(number, sizeof number, "reward_no=%lld", (long long)result_int64(found, 0, 10));
	snprintf(reason, sizeof reason, "reason=%.280s", given ? given : "");
	result_free(found);
	const char *words[] = {member, number, reason};
	return outcome_of(arguments, "cancel_reward", words, given ? 3 : 2);
}
