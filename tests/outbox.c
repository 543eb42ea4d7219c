// Owes members of a house messages, and runs workers that send them.
#include "tests/outbox.h"
#include "tests/database.h"
#include "tests/tui/house.h"

#include <stdio.h>

void outbox_house(const char *name)
{
	house_open(name);
	house_sql(NULL, "INSERT INTO loyalty.member_consent (member_id, kind, channel, said_at, is_given, "
			"source) SELECT "
			"member_id, 'promotions', 'email', '2026-01-01', true, 'test' FROM loyalty.member");
}

void outbox_empty(void)
{
	house_sql(NULL, "DELETE FROM loyalty.outbox");
}

void outbox_owe(int member, const char *key, const char *purpose, const char *rest)
{
	char sql[1000];
	snprintf(
		sql, sizeof sql, "SELECT loyalty.outbox_add(%d, '%s', '%s', %s)", member, key, purpose, rest);
	house_sql(NULL, sql);
}

const struct program *outbox_mail(const char *command)
{
	char text[1000];
	snprintf(text, sizeof text,
		"mail = { command = \"%s\"; from = \"Starbucks <club@example.org>\"; unsubscribe = "
		"\"mailto:stop@example.org\"; "
		"seconds = 20; };\n",
		command);
	return program_expect(0, "worker --once --config %s", program_file("mail.conf", text));
}

const char *outbox_state(int member)
{
	static char state[400];
	char sql[200];
	struct session *session = database_session(NULL);
	snprintf(sql, sizeof sql,
		"SELECT string_agg(state || CASE WHEN why <> '' THEN ': ' || why ELSE '' END, '; ' ORDER BY "
		"message_no) FROM "
		"loyalty.outbox WHERE member_id = %d",
		member);
	snprintf(state, sizeof state, "%s", database_text(session, sql));
	session_close(session);
	return state;
}

void outbox_due_now(void)
{
	house_sql(NULL, "UPDATE loyalty.outbox SET due_at = now() - interval '1 s' WHERE state IN "
			"('waiting', 'sending')");
}

const char *outbox_script(const char *text)
{
	static char command[200];
	snprintf(command, sizeof command, "sh %s", program_file("mta.sh", text));
	return command;
}

const char *outbox_kept_file(void)
{
	static char path[200];
	snprintf(path, sizeof path, "%s", program_file("kept", ""));
	return path;
}
