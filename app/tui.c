// Without a verb: opens the screens over the database.
#include "app/tui.h"
#include "app/verb.h"
#include "screens/desk.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void run_members(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &members_screen);
}

static void run_cases(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &cases_screen);
}

static void run_approvals(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &approvals_screen);
}

static void run_health(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &health_screen);
}

static void run_rewards(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &rewards_screen);
}

static void run_surveys(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &surveys_screen);
}

static void run_campaigns(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &campaigns_screen);
}

static void run_tiers(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_go(ui, &tiers_screen);
}

static void run_password(struct ui *ui, const char *argument)
{
	(void)argument;
	desk_ask_password(ui->program);
}

static const struct ui_command COMMANDS[] = {
	{"members", "Find members", run_members},
	{"cases", "The queues of cases", run_cases},
	{"approvals", "What waits for a second person", run_approvals},
	{"health", "Workers, backlog, proof of the ledger", run_health},
	{"rewards", "The catalogue of rewards and its stock", run_rewards},
	{"campaigns", "Surprise rewards, their chances and budgets", run_campaigns},
	{"tiers", "The rules of the ladders, and what a change of them means", run_tiers},
	{"surveys", "What members say, and how sure that is", run_surveys},
	{"password", "Give the password the database wants", run_password},
	{.name = NULL},
};

static bool problem_set(struct error *error, const struct term_problem *problem)
{
	return error_set(error, ERROR_USAGE, problem->what, problem->todo, "%s", problem->why);
}

// Keys of the configuration, the table for the toolkit in *settings, which is the caller's to free.
static bool keys_read(const struct config *config, struct key_setting **settings, struct error *error)
{
	struct key_setting *list = calloc((size_t)config->key_count + 1, sizeof *list);
	*settings = list;
	if (!list)
		return error_set(error, ERROR_FAILED, "the keys of the configuration were not read", "",
			"out of memory");
	for (int i = 0; i < config->key_count; i++) {
		char joined[200] = "";
		for (char *const *key = config->keys[i].keys; *key; key++) {
			size_t used = strlen(joined);
			snprintf(joined + used, sizeof joined - used, "%s%s", used ? " " : "", *key);
		}
		list[i] = (struct key_setting){.action = config->keys[i].action, .keys = strdup(joined)};
	}
	return true;
}

static void keys_free_all(struct key_setting *settings)
{
	for (struct key_setting *setting = settings; setting && setting->action; setting++)
		free((char *)setting->keys);
	free(settings);
}

bool tui_check_keys(const struct config *config, struct error *error)
{
	struct key_setting *settings;
	char why[sizeof error->why] = "", what[sizeof error->what];
	actions_add(desk_actions, DESK_ACTION_COUNT);
	bool is_good = keys_read(config, &settings, error);
	if (is_good && !actions_init(why, sizeof why))
		is_good = error_set(error, ERROR_FAILED, "the table of actions", "", "%s", why);
	for (int i = 0; is_good && i < config->key_count; i++) {
		is_good = actions_set_keys(&settings[i], why, sizeof why);
		snprintf(what, sizeof what, "%.120s:%d: keys", config->file ? config->file : "",
			config->keys[i].line);
		if (!is_good)
			error_set(error, ERROR_USAGE, what, "`?` on a screen lists actions and keys", "%s",
				why);
	}
	keys_free_all(settings);
	return is_good;
}

// Where what was typed at ":" is kept: $XDG_STATE_HOME/loyalty/history. NULL: nowhere. The caller frees it.
static char *history_file(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char folder[4096], *file = NULL;
	if (state && *state)
		snprintf(folder, sizeof folder, "%s/loyalty", state);
	else if (home && *home)
		snprintf(folder, sizeof folder, "%s/.local/state/loyalty", home);
	else
		return NULL;
	if (access(folder, W_OK) != 0 && mkdir(folder, 0700) != 0)
		return NULL;
	return asprintf(&file, "%s/history", folder) < 0 ? NULL : file;
}

// A signal that ended the screens ends the program, so that whoever started it sees what happened.
static int leave_by(enum loop_end end, int signal_number)
{
	if (end != LOOP_SIGNAL)
		return 0;
	signal(signal_number, SIG_DFL);
	raise(signal_number);
	return 1;
}

// Asks nothing of the person: the terminal is the screens', and this is called from threads.
static struct session *open_another(void *payload, struct error *error)
{
	const struct arguments *arguments = payload;
	return session_open(arguments->database, "loyalty what-if", error);
}

// Made before the terminal is set up, so that the server starts a session meanwhile.
static struct connection *connection_made(const struct arguments *arguments)
{
	static const struct statement read_only = {.sql = SESSION_READ_ONLY};
	const struct connection_options options = {.conninfo = arguments->database,
		.setup = &read_only,
		.setups = arguments->read_only ? 1 : 0};
	struct connection *connection = connection_new(&options);
	if (connection)
		connection_start(connection);
	return connection;
}

static const struct screen_ops *screen_wanted(const struct arguments *arguments)
{
	const char *name = option_value(arguments, "screen");
	for (const struct screen_ops *const *screen = desk_screens; name && *screen; screen++)
		if (strcmp((*screen)->name, name) == 0)
			return *screen;
	return &members_screen;
}

static int screens_run(struct ui *ui, struct connection *connection, const struct arguments *arguments,
	struct error *error)
{
	const struct desk_options options = {
		.connection = connection,
		.environment = arguments->config->environment,
		.read_only = arguments->read_only,
		.refresh_s = arguments->config->refresh_seconds,
		.another = open_another,
		.another_payload = (void *)arguments,
	};
	struct desk desk;
	if (!desk_init(&desk, ui, &options)) {
		ui_free(ui);
		error_set(error, ERROR_FAILED, "the screens were not opened", "", "out of memory");
		return error_exit_status(error);
	}
	screen_open(ui, screen_wanted(arguments), NULL);
	enum loop_end end = ui_run(ui);
	int signal_number = ui->loop.signal;
	ui_free(ui);
	*error = desk.failure;
	desk_free(&desk);
	return error->kind == ERROR_NONE ? leave_by(end, signal_number) : error_exit_status(error);
}

int tui_verb(const struct arguments *arguments)
{
	const struct config *config = arguments->config;
	struct error error = {0};
	struct term_problem problem;
	struct key_setting *keys;
	struct ui ui;
	char *history = history_file();
	actions_add(desk_actions, DESK_ACTION_COUNT);
	int status = keys_read(config, &keys, &error) ? 0 : 1;
	const struct ui_options options = {
		.term = {.no_color = arguments->no_color,
			.ascii = arguments->ascii,
			.mouse = config->mouse,
			.sync = getenv("LOYALTY_SYNC") != NULL},
		.theme = config->theme,
		.commands = COMMANDS,
		.keys = keys,
		.screens = desk_screens,
		.history_file = history,
	};
	struct connection *connection = status ? NULL : connection_made(arguments);
	if (!status && !connection) {
		error_set(&error, ERROR_FAILED, "the screens were not opened", "", "out of memory");
		status = 1;
	} else if (!status && !ui_init(&ui, &options, &problem)) {
		connection_free(connection);
		problem_set(&error, &problem);
		status = 1;
	} else if (!status) {
		status = screens_run(&ui, connection, arguments, &error);
	}
	if (error.kind != ERROR_NONE)
		status = verb_failed(&error);
	keys_free_all(keys);
	free(history);
	return status;
}
