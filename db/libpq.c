// How loyalty opens a libpq connection: its session defaults, quiet notices, safe texts.
#include "db/libpq.h"

#include <string.h>

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

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		if (strcmp(option->keyword, keyword) == 0)
			return option->val && *option->val ? option->val : NULL;
	return NULL;
}

bool libpq_needs_lookup(const char *conninfo)
{
	PQconninfoOption *given = PQconninfoParse(conninfo, NULL), *defaults = PQconndefaults();
	const char *host = option_value(given, "host"), *address = option_value(given, "hostaddr");
	bool is_elsewhere = option_value(given, "service") != NULL; // what that says is not read here
	if (!host)
		host = option_value(defaults, "host");
	if (!address)
		address = option_value(defaults, "hostaddr");
	bool needs = is_elsewhere || (!address && host && (*host != '/' || strchr(host, ',')));
	PQconninfoFree(given);
	PQconninfoFree(defaults);
	return needs;
}

const char LIBPQ_SET_ISO_DATES[] = "SET DateStyle TO ISO";

bool libpq_has_iso_dates(PGconn *pg)
{
	const char *style = PQparameterStatus(pg, "DateStyle");
	return style && strncmp(style, "ISO", 3) == 0;
}
