// Claims messages, writes them, has them sent, and tells what came of it.
#include "model/outbox/mailer.h"
#include "db/clock.h"
#include "model/outbox/message.h"
#include "model/outbox/template.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	IDLE_MS = 1000,
	SWEEP_MS = 30000,
	REST_MS = 60000,     // a command that cannot be started is tried again after that
	BACK_OFF_MS = 2000,  // before a lost connection is opened again
	CLAIM_SECONDS = 120, // a claim lasts longer than the command may take, by so much
};

static const char *const result_words[] = {
	[MAIL_TAKEN] = "sent",
	[MAIL_AGAIN] = "again",
	[MAIL_REFUSED] = "failed",
	[MAIL_UNCERTAIN] = "uncertain",
	[MAIL_NO_COMMAND] = "unsent",
};

// Messages to members, and reports to people of the house: each is named by two numbers, the first columns.
static const struct source {
	const char *next, *told;
} sources[] = {
	{"SELECT * FROM loyalty.outbox_next($1::int)",
		"SELECT loyalty.outbox_told($1::bigint, $2::int, $3::uuid, $4, $5)"},
	{"SELECT * FROM loyalty.report_mail_next($1::int)",
		"SELECT loyalty.report_mail_told($1::bigint, $2::int, $3::uuid, $4, $5)"},
};
enum { SOURCES = sizeof sources / sizeof *sources, OWNER = 0, NUMBER = 1 };

bool mail_is_set(const struct mail_settings *settings)
{
	return settings->command && *settings->command;
}

bool mail_check(const struct mail_settings *settings, struct error *error)
{
	static const char what[] = "mail cannot be sent as the configuration says";
	struct mail_command command;
	if (!mail_is_set(settings))
		return true;
	bool is_read = mail_command_init(&command, settings->command);
	mail_command_free(&command);
	if (!is_read)
		return error_set(error, ERROR_USAGE, what, "write it as /usr/sbin/sendmail -t -i",
			"mail.command is to have 1 to %d words, with every quote closed", MAIL_WORDS_MAX);
	if (!message_from_is_right(settings->from, NULL, NULL))
		return error_set(error, ERROR_USAGE, what,
			"write it as club@example.org or Club <club@example.org>",
			"mail.from is to be an e-mail address that answers may go to");
	if (*settings->unsubscribe && !message_unsubscribe_is_right(settings->unsubscribe))
		return error_set(error, ERROR_USAGE, what,
			"leave it empty, or write it as mailto:stop@example.org",
			"mail.unsubscribe is to be a mailto: or https: address");
	return true;
}

bool mailer_init(struct mailer *mailer, struct error *error)
{
	if (!mail_check(mailer->settings, error))
		return false;
	return !mail_is_set(mailer->settings) ||
	       mail_command_init(&mailer->command, mailer->settings->command);
}

void mailer_free(struct mailer *mailer)
{
	mail_command_free(&mailer->command);
}

// A claimed message as the database gave it.
static const char *text_of(const struct result *claimed, const char *column)
{
	int place = result_column(claimed, column);
	return place < 0 ? "" : result_text(claimed, 0, place);
}

static bool is_of(const struct result *claimed, const char *purpose)
{
	return strcmp(text_of(claimed, "purpose"), purpose) == 0;
}

// The text with its places filled, the caller's to free; NULL: why tells.
static char *text_fill(const struct result *claimed, const char *column, char *why)
{
	const char *text = text_of(claimed, column);
	struct template_values values = {.language = text_of(claimed, "language")};
	struct template_fault fault;
	if (!result_bool(claimed, 0, result_column(claimed, "is_template")))
		return strdup(text);
	for (enum template_place place = 0; place < PLACE_COUNT; place++)
		values.of[place] = text_of(claimed, template_place_name(place));
	char *filled = template_render(text, &values, &fault);
	if (!filled)
		snprintf(why, MAIL_WHY, "the %s, line %d: %s", column, fault.line, fault.why);
	return filled;
}

static char *message_make(struct mailer *mailer, const struct result *claimed, size_t *length, char *why)
{
	char identity[400];
	const char *attachment = text_of(claimed, "attachment");
	char *subject = text_fill(claimed, "subject", why), *body = text_fill(claimed, "body", why),
	     *written = NULL;
	snprintf(identity, sizeof identity, "%s %s", result_text(claimed, 0, OWNER),
		text_of(claimed, "key"));
	struct message message = {.from = mailer->settings->from,
		.to = text_of(claimed, "address"),
		.subject = subject,
		.body = body,
		.date = text_of(claimed, "at"),
		.identity = identity,
		.language = text_of(claimed, "language"),
		.unsubscribe = is_of(claimed, "service") || is_of(claimed, "report")
				       ? ""
				       : mailer->settings->unsubscribe,
		.is_automatic = !is_of(claimed, "service"),
		.attachment = *attachment ? attachment : NULL,
		.attachment_name = text_of(claimed, "attachment_name")};
	if (subject && body)
		written = message_write(&message, length);
	if (subject && body && !written)
		snprintf(why, MAIL_WHY, "the %se-mail address is not one that mail can be sent to",
			is_of(claimed, "report") ? "" : "member's ");
	free(subject);
	free(body);
	return written;
}

static enum mail_result message_send(struct mailer *mailer, const struct result *claimed, char *why)
{
	size_t length = 0;
	char *message = message_make(mailer, claimed, &length, why);
	if (!message)
		return MAIL_REFUSED;
	enum mail_result result = mail_command_run(&mailer->command, message, length,
		text_of(claimed, "address"), mailer->settings->seconds, why);
	free(message);
	return result;
}

static bool message_tell(struct session *session, const struct source *source, const struct result *claimed,
	enum mail_result result, const char *why, struct error *error)
{
	const char *values[] = {result_text(claimed, 0, OWNER), result_text(claimed, 0, NUMBER),
		text_of(claimed, "claim"), result_words[result], why};
	return session_execute(session, source->told, values, 5, error);
}

// Once, until it can be started again.
static void command_rest(struct mailer *mailer, const char *why)
{
	if (mailer->rest_until == 0 && mailer->say)
		mailer->say(mailer->payload, why);
	mailer->rest_until = clock_ms() + REST_MS;
}

// One message, if one is due.
static bool step(struct mailer *mailer, struct session *session, const struct source *source, bool *has_sent,
	struct error *error)
{
	char seconds[12], why[MAIL_WHY] = "";
	const char *values[] = {seconds};
	snprintf(seconds, sizeof seconds, "%d", mailer->settings->seconds + CLAIM_SECONDS);
	struct result *claimed = session_query(session, source->next, values, 1, error);
	if (!claimed)
		return false;
	*has_sent = result_rows(claimed) > 0;
	bool is_good = true;
	if (*has_sent) {
		enum mail_result result = message_send(mailer, claimed, why);
		mailer->sent += result == MAIL_TAKEN;
		if (result == MAIL_NO_COMMAND)
			command_rest(mailer, why);
		else
			mailer->rest_until = 0;
		is_good = message_tell(session, source, claimed, result, why, error);
	}
	result_free(claimed);
	return is_good;
}

static bool sweep(struct mailer *mailer, struct session *session, struct error *error)
{
	int64_t swept;
	char line[160];
	if (!session_number(session, "SELECT loyalty.outbox_sweep() + loyalty.report_mail_sweep()", NULL, 0,
		    &swept, error))
		return false;
	snprintf(line, sizeof line,
		"%" PRId64
		" messages are uncertain: their sender ended; loyalty outbox list --state uncertain",
		swept);
	if (swept > 0 && mailer->say)
		mailer->say(mailer->payload, line);
	return true;
}

static bool is_over(struct mailer *mailer)
{
	return *mailer->stop || atomic_load(&mailer->is_over);
}

static bool all_due(struct mailer *mailer, struct session *session, struct error *error)
{
	for (int i = 0; i < SOURCES; i++) {
		bool has_sent = true;
		while (has_sent && !is_over(mailer) && clock_ms() >= mailer->rest_until)
			if (!step(mailer, session, &sources[i], &has_sent, error))
				return false;
	}
	return true;
}

bool mailer_drain(struct mailer *mailer, struct session *session, struct error *error)
{
	return !mailer->command.text || (sweep(mailer, session, error) && all_due(mailer, session, error));
}

// Over one session, until that is lost or it is told to stop.
static bool serve(struct mailer *mailer, struct session *session, struct error *error)
{
	struct notification news;
	int64_t swept_ms = 0;
	if (!session_listen(session, "loyalty_outbox", error))
		return false;
	while (!is_over(mailer)) {
		if (clock_ms() - swept_ms >= SWEEP_MS) {
			if (!sweep(mailer, session, error))
				return false;
			swept_ms = clock_ms();
		}
		if (!all_due(mailer, session, error) || session_wait(session, IDLE_MS, &news, error) < 0)
			return false;
	}
	return true;
}

static void *run(void *payload)
{
	struct mailer *mailer = payload;
	while (!is_over(mailer)) {
		struct error error = {0};
		char line[800];
		struct session *session = mailer->open(mailer->payload, &error);
		bool is_good = session && serve(mailer, session, &error);
		bool is_link = error.kind == ERROR_UNREACHABLE || error.kind == ERROR_IN_DOUBT;
		session_close(session);
		if (!is_good && !is_link && mailer->say) // a lost link is told by the lane that posts
			mailer->say(mailer->payload, error_line(&error, line, sizeof line));
		for (int waited = 0; !is_good && waited < BACK_OFF_MS && !is_over(mailer); waited += 100)
			poll(NULL, 0, 100);
	}
	return NULL;
}

// Signals are for the thread that posts.
void mailer_start(struct mailer *mailer)
{
	sigset_t all, before;
	if (!mailer->command.text)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	mailer->is_started = pthread_create(&mailer->thread, NULL, run, mailer) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void mailer_join(struct mailer *mailer)
{
	atomic_store(&mailer->is_over, true);
	if (mailer->is_started)
		pthread_join(mailer->thread, NULL);
	mailer->is_started = false;
}
