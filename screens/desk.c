// The desk's state: the connection in the loop, the facts, notifications, and what the lines around a screen
// tell.
#include "model/desk/health.h"
#include "screens/desk.h"
#include "screens/ui/prompt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FACTS_AGE_MS = 10 * 60 * 1000, SECOND_MS = 1000 };

static const char *const channels[DESK_CHANNELS] = {
	[DESK_MEMBER] = "loyalty_member",
	[DESK_CASE] = "loyalty_case",
	[DESK_APPROVAL] = "loyalty_approval",
	[DESK_JOURNAL] = "loyalty_journal",
	[DESK_SURVEY] = "loyalty_survey",
	[DESK_PROGRAMME] = "loyalty_programme",
	[DESK_CAMPAIGN] = "loyalty_campaign",
	[DESK_INSIGHT] = "loyalty_insight",
	[DESK_DESK] = "loyalty_desk",
};

// How the connection stands, in the title: what is broken comes before what is waiting.
static void show_connection(struct desk *desk)
{
	struct status *status = &desk->ui->status;
	enum connection_state state = connection_state(desk->connection);
	if (state == CONNECTION_READY || state == CONNECTION_BUSY) {
		if (desk->down_since_ms)
			snprintf(status->notice, sizeof status->notice, "%s", "");
		desk->down_since_ms = 0;
		desk->was_ready = true;
		desk->told[0] = 0;
		return;
	}
	int64_t now = loop_now_ms();
	if (!desk->down_since_ms)
		desk->down_since_ms = now;
	if (desk->was_ready)
		snprintf(status->notice, sizeof status->notice, "reconnecting %lld s",
			(long long)(now - desk->down_since_ms) / SECOND_MS);
	else
		snprintf(status->notice, sizeof status->notice, "connecting");
}

// Trouble that will not go away by waiting: no such database, login refused, no server where it should be.
static bool is_hopeless(const struct desk *desk, const struct error *error)
{
	return !desk->was_ready && !connection_needs_password(desk->connection) &&
	       (strncmp(error->sqlstate, "28", 2) == 0 || strcmp(error->sqlstate, "3D000") == 0 ||
		       strcmp(error->sqlstate, "42501") == 0 || strcmp(error->sqlstate, "08001") == 0);
}

static void give_up(struct desk *desk, const struct error *error)
{
	desk->failure = *error;
	loop_leave(&desk->ui->loop);
}

static void tell_trouble(struct desk *desk)
{
	const struct error *error = connection_error(desk->connection);
	char line[sizeof desk->told];
	// While a new try is on its way, the error is that of the last.
	if (error->kind == ERROR_NONE || connection_needs_password(desk->connection) ||
		connection_state(desk->connection) != CONNECTION_DOWN)
		return;
	if (is_hopeless(desk, error)) {
		give_up(desk, error);
		return;
	}
	error_line(error, line, sizeof line);
	if (strcmp(line, desk->told) == 0)
		return;
	snprintf(desk->told, sizeof desk->told, "%s", line);
	ui_say(desk->ui, ROLE_BAD, "%s", line);
}

static void password_typed(struct screen *asker, const char *text, void *payload)
{
	(void)asker;
	struct desk *desk = payload;
	// What runs beside the screens has sessions of its own, which find the password there as libpq does.
	if (setenv("PGPASSWORD", text, 1) != 0 || !connection_password(desk->connection, text))
		ui_say(desk->ui, ROLE_BAD, "Out of memory: the password was not taken");
	desk->password_asked = false;
	desk->password_given = true;
}

static void password_refused(struct screen *asker, void *payload)
{
	(void)asker;
	struct desk *desk = payload;
	ui_say(desk->ui, ROLE_WARNING, "Not connected: the database wants a password; :password asks again");
}

void desk_ask_password(struct desk *desk)
{
	static const struct prompt_spec first = {
		.label = "Password: ", .secret = true, .done = password_typed, .cancelled = password_refused};
	static const struct prompt_spec again = {.label = "Wrong password. Password: ",
		.secret = true,
		.done = password_typed,
		.cancelled = password_refused};
	if (connection_needs_password(desk->connection))
		prompt_open(desk->ui->top, desk->password_given ? &again : &first, desk);
	else
		ui_say(desk->ui, ROLE_DIM, "No password is wanted");
}

static void refresh_badges(struct desk *desk)
{
	struct ask ask;
	if (!desk->facts.is_known)
		return;
	if (desk->badges != BADGES_IDLE) {
		desk->badges = BADGES_STALE;
		return;
	}
	if (desk->ui->rights & DESK_MAY_SERVE)
		badges_ask(&ask);
	else
		badges_workers_ask(&ask);
	if (desk_send_own(desk, DESK_TAG_BADGES, &ask))
		desk->badges = BADGES_ASKED;
	desk->refresh_due_ms = loop_now_ms() + (int64_t)desk->refresh_s * SECOND_MS;
}

static void add_badge(char *out, size_t size, int64_t count, const char *one, const char *many)
{
	size_t used = strlen(out);
	if (count)
		snprintf(out + used, size - used, "%s%lld %s", used ? " · " : "", (long long)count,
			count == 1 ? one : many);
}

void desk_take_badges(struct desk *desk, const struct answer *answer)
{
	struct status *status = &desk->ui->status;
	struct badges badges;
	bool is_stale = desk->badges == BADGES_STALE;
	desk->badges = BADGES_IDLE;
	if (answer->outcome == REQUEST_OK) {
		badges_take(&badges, answer->results[0]);
		status->notice[0] = 0;
		add_badge(status->notice, sizeof status->notice, badges.my_cases, "case", "cases");
		add_badge(status->notice, sizeof status->notice, badges.unread, "message", "messages");
		if (desk->ui->rights & DESK_MAY_DECIDE)
			add_badge(status->notice, sizeof status->notice, badges.approvals, "approval",
				"approvals");
		bool is_watched = desk->refresh_s > 0;
		snprintf(status->worker, sizeof status->worker, "%s",
			!badges.workers ? "no worker"
			: is_watched    ? "worker ok"
					: "");
	}
	if (is_stale)
		refresh_badges(desk);
}

static void show_person(struct desk *desk)
{
	const struct facts *facts = &desk->facts;
	struct status *status = &desk->ui->status;
	snprintf(status->user, sizeof status->user, "%s", facts->login);
	snprintf(status->role, sizeof status->role, "%s", facts->role_word);
	snprintf(status->database, sizeof status->database, "%s", facts->database);
	const char *environment =
		desk->environment && *desk->environment ? desk->environment : facts->environment;
	snprintf(status->environment, sizeof status->environment, "%s", environment);
	status->dangerous = strcasecmp(environment, "production") == 0;
}

static unsigned rights_of(enum staff_role role)
{
	static const unsigned rights[] = {
		[STAFF_SUPPORT] = DESK_MAY_LOOK | DESK_MAY_SERVE,
		[STAFF_MARKETING] = DESK_MAY_LOOK | DESK_MAY_DRAFT,
		[STAFF_MANAGER] = DESK_MAY_LOOK | DESK_MAY_SERVE | DESK_MAY_DECIDE,
		[STAFF_ADMIN] = DESK_MAY_LOOK | DESK_MAY_SERVE | DESK_MAY_DECIDE | DESK_MAY_DRAFT,
		[STAFF_OTHER] = 0,
	};
	return rights[role];
}

// Who may not see members starts with what everybody may see.
static void leave_members(struct desk *desk)
{
	struct screen *bottom = desk->ui->top;
	while (bottom->below)
		bottom = bottom->below;
	if (!(desk->ui->rights & DESK_MAY_SERVE) && bottom->ops->rights & DESK_MAY_SERVE)
		screen_replace(bottom, &health_screen, NULL);
}

static bool schema_fits(struct desk *desk, int applied)
{
	struct error error = {0};
	if (facts_schema_fits(applied, &error))
		return true;
	give_up(desk, &error);
	return false;
}

static void facts_failed(struct desk *desk, const struct answer *answer)
{
	const struct error *error = answer->error;
	bool is_empty = !answer->results[0] || !result_good(answer->results[0]);
	if (answer->outcome != REQUEST_SQL_ERROR || desk->facts.is_known)
		return;
	if (is_empty && strcmp(error->sqlstate, "42P01") == 0)
		schema_fits(desk, 0);
	else if (is_empty || schema_fits(desk, (int)result_int64(answer->results[0], 0, 0)))
		give_up(desk, error);
}

void desk_take_facts(struct desk *desk, const struct answer *answer)
{
	bool was_known = desk->facts.is_known;
	desk->facts_asked = false;
	for (int i = 0; i < FACTS_STATEMENTS; i++)
		if (!answer->results[i] || !result_good(answer->results[i])) {
			facts_failed(desk, answer);
			return;
		}
	if (!facts_take(&desk->facts, answer->results)) {
		ui_say(desk->ui, ROLE_BAD, "Out of memory: the facts of the programme were not read");
		return;
	}
	if (!was_known && !schema_fits(desk, desk->facts.migration))
		return;
	desk->facts_due_ms = loop_now_ms() + FACTS_AGE_MS;
	desk->ui->rights = rights_of(desk->facts.role);
	show_person(desk);
	leave_members(desk);
	if (!was_known)
		refresh_badges(desk);
	desk_tell(desk, &(struct desk_news){.kind = DESK_FACTS});
}

void desk_tell(struct desk *desk, const struct desk_news *news)
{
	for (struct screen *s = desk->ui->top, *below; s; s = below) {
		below = s->below; // taking the news, a screen may close itself
		struct desk_news copy = *news;
		if (s->ops->answer)
			s->ops->answer(s, &copy);
	}
}

static void on_listen(void *payload, enum listen_event event, const char *channel, const char *text)
{
	struct desk *desk = payload;
	int number = 0;
	while (number < DESK_CHANNELS && strcmp(channels[number], channel) != 0)
		number++;
	if (event == LISTEN_STARTED && desk->listens_owed) {
		desk->listens_owed--;
		loop_busy(&desk->ui->loop, -1);
	}
	// All channels come and go together: the last one speaks for all.
	if (event != LISTEN_NOTIFIED && number != DESK_CHANNELS - 1)
		return;
	struct desk_news news = {.kind = DESK_CHANGED, .channel = (enum desk_channel)number, .payload = text};
	if (event != LISTEN_NOTIFIED) {
		news.channel = DESK_EVERYTHING;
		news.payload = "";
	}
	if (news.channel == DESK_PROGRAMME || news.channel == DESK_EVERYTHING) {
		desk->rulebook_state = RULEBOOK_OLD;
		desk->facts_due_ms = 0; // they name currencies, tiers and rewards
	}
	if (!desk->facts.is_known)
		return;
	desk_tell(desk, &news);
	bool is_own_inbox = news.channel == DESK_DESK && strncmp(text, "inbox ", 6) == 0 &&
			    strcmp(text + 6, desk->facts.login) == 0;
	if (news.channel != DESK_MEMBER && news.channel != DESK_INSIGHT && (news.channel != DESK_DESK || is_own_inbox))
		refresh_badges(desk);
}

static int watch_fd(void *payload)
{
	const struct desk_watch *watch = payload;
	struct pollfd polled[CONNECTION_DESCRIPTORS];
	int count = connection_poll(watch->desk->connection, polled);
	return watch->number < count ? polled[watch->number].fd : -1;
}

static short watch_events(void *payload)
{
	const struct desk_watch *watch = payload;
	struct pollfd polled[CONNECTION_DESCRIPTORS];
	int count = connection_poll(watch->desk->connection, polled);
	return watch->number < count ? polled[watch->number].events : 0;
}

static int sooner(int a, int64_t b)
{
	return a < 0 || b < a ? (int)b : a;
}

static int watch_timeout_ms(void *payload)
{
	const struct desk_watch *watch = payload;
	const struct desk *desk = watch->desk;
	if (watch->number)
		return -1; // one is enough
	int64_t now = loop_now_ms();
	int wait = connection_timeout_ms(desk->connection);
	if (desk->down_since_ms && desk->was_ready)
		wait = sooner(wait, SECOND_MS - (now - desk->down_since_ms) % SECOND_MS);
	else if (desk->refresh_s && desk->facts.is_known)
		wait = sooner(wait, desk->refresh_due_ms > now ? desk->refresh_due_ms - now : 0);
	return wait;
}

static void watch_step(void *payload, short revents)
{
	(void)revents;
	struct desk *desk = ((const struct desk_watch *)payload)->desk;
	bool was_down = desk->down_since_ms != 0;
	connection_step(desk->connection);
	show_connection(desk);
	if (desk->down_since_ms)
		tell_trouble(desk);
	else if (was_down || (desk->refresh_s && loop_now_ms() >= desk->refresh_due_ms))
		refresh_badges(desk);
	if (connection_needs_password(desk->connection) && !desk->password_asked && desk->ui->top) {
		desk->password_asked = true;
		desk_ask_password(desk);
	}
}

static const struct loop_watch watch_ops = {
	.fd = watch_fd, .events = watch_events, .timeout_ms = watch_timeout_ms, .step = watch_step};

static bool listen_all(struct desk *desk)
{
	for (int i = 0; i < DESK_CHANNELS; i++)
		if (!connection_listen(desk->connection, channels[i], on_listen, desk))
			return false;
	desk->listens_owed = DESK_CHANNELS;
	loop_busy(&desk->ui->loop, DESK_CHANNELS);
	return true;
}

bool desk_init(struct desk *desk, struct ui *ui, const struct desk_options *options)
{
	*desk = (struct desk){.ui = ui,
		.environment = options->environment,
		.read_only = options->read_only,
		.another = options->another,
		.another_payload = options->another_payload,
		.refresh_s = options->refresh_s};
	desk->connection = options->connection;
	ui->program = desk;
	ui->rights = DESK_MAY_LOOK | DESK_MAY_SERVE | DESK_MAY_DECIDE | DESK_MAY_DRAFT;
	ui->status.read_only = options->read_only;
	snprintf(ui->status.notice, sizeof ui->status.notice, "connecting");
	bool is_watched = true;
	for (int i = 0; i < CONNECTION_DESCRIPTORS; i++) {
		desk->watches[i] = (struct desk_watch){.desk = desk, .number = i};
		is_watched = is_watched && loop_watch(&ui->loop, &watch_ops, &desk->watches[i]);
	}
	if (is_watched && listen_all(desk))
		return true;
	desk_free(desk);
	return false;
}

void desk_free(struct desk *desk)
{
	for (int i = 0; i < CONNECTION_DESCRIPTORS; i++)
		loop_unwatch(&desk->ui->loop, &watch_ops, &desk->watches[i]);
	connection_free(desk->connection);
	desk->connection = NULL;
	desk_drop_tickets(desk);
	facts_free(&desk->facts);
	rulebook_free(desk->rulebook);
}
