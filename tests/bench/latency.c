// One event that somebody waits for, on an idle worker: from its submission to the news that it was posted,
// beside two bare commits, in turn. usage: latency TIMES; prints samples. The database and a till's login as
// libpq's environment says.
#include "db/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void need(bool is_good, const struct error *error)
{
	char line[800];
	if (is_good)
		return;
	fprintf(stderr, "bench: %s\n", error_line(error, line, sizeof line));
	exit(1);
}

static double two_commits_ms(struct session *session)
{
	struct error error = {0};
	double began_ms = now_ms();
	for (int i = 0; i < 2; i++)
		need(session_execute(session, "INSERT INTO bench.committed VALUES (1)", NULL, 0, &error),
			&error);
	return now_ms() - began_ms;
}

// The news is a list of member ids.
static bool is_named(const char *news, const char *member)
{
	size_t length = strlen(member);
	for (const char *at = news; *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == length && strncmp(at, member, length) == 0)
			return true;
	return false;
}

static void wait_for(struct session *listener, const char *member)
{
	struct error error = {0};
	struct notification news;
	do {
		int came = session_wait(listener, PATIENCE_MS, &news, &error);
		if (came == 0)
			error_set(&error, ERROR_FAILED, "latency", "", "no worker posted the event");
		need(came > 0, &error);
	} while (!is_named(news.text, member));
}

static double posted_ms(struct session *session, struct session *listener, int n)
{
	struct error error = {0};
	char member[24], key[48];
	snprintf(member, sizeof member, "%d", 1 + n * 37 % 1000);
	snprintf(key, sizeof key, "latency %d.%d", (int)getpid(), n); // of this run
	double began_ms = now_ms();
	need(session_execute(session,
		     "SELECT loyalty.submit_event($1, 'purchase', 'latency', $2, NULL, '{\"amount\": 1000}', "
		     "0)",
		     (const char *[]){member, key}, 2, &error),
		&error);
	wait_for(listener, member);
	return now_ms() - began_ms;
}

int main(int argc, char **argv)
{
	struct error error = {0};
	struct session *session = session_open("", "loyalty bench", &error);
	need(session != NULL, &error);
	struct session *listener = session_open("", "loyalty bench", &error);
	need(listener != NULL, &error);
	need(session_listen(listener, "loyalty_member", &error), &error);
	int times = argc == 2 ? atoi(argv[1]) : 50;
	posted_ms(session, listener, times); // the first one warms up
	for (int i = 0; i < times; i++) {
		printf("latency.two_commits\t%d\t%.4g\n", i, two_commits_ms(session));
		printf("latency.posted\t%d\t%.4g\n", i, posted_ms(session, listener, i));
	}
	session_close(listener);
	session_close(session);
	return 0;
}
