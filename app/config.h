// loyalty.conf: what a person or an installation sets once.
#ifndef APP_CONFIG_H
#define APP_CONFIG_H
#include "db/error.h"
#include "model/outbox/mailer.h"
#include <stdbool.h>

// The sample loyalty.conf at the top of the source describes each setting. A setting that is not given has the
// default of the table in config.c. There is no setting for a password.
struct config {
	char *file; // where it was read; NULL: there is none
	char *database;    // libpq connection string; "" for libpq's own defaults
	char *environment; // the word shown on every screen; "" takes the programme's
	char *theme;
	char *csv_delimiter; // one character
	int refresh_seconds;
	int import_chunk; // events taken per transaction
	int night_hours;  // over which a worker spreads a night with very many members due
	bool ascii, mouse, read_only;
	char *mail_command, *mail_from, *mail_unsubscribe; // how a worker sends mail; command "": it does not
	int mail_seconds;
	char *reports; // folder that a worker writes scheduled reports into; "": it writes none
	struct config_key { // a rebinding of keys
		char *action;
		char **keys; // ends with NULL; none: the action has no key
		int line;    // in file
	} *keys;
	int key_count;
};

// Reads `file`, or when NULL the first of $XDG_CONFIG_HOME/loyalty/loyalty.conf (~/.config without it) and
// /etc/loyalty.conf that exists; none is fine then. false: error tells file, line and what is allowed. The
// config is to be freed either way.
bool config_load(struct config *config, const char *file, struct error *error);
void config_free(struct config *config);

// How a worker sends mail; borrows from the config.
struct mail_settings config_mail(const struct config *config);
#endif
