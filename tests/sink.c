// Serves SMTP (RFC 5321) to one client after the other, as far as a client without extensions asks.
#include "tests/sink.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct {
	enum sink_mood mood;
	int listener;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct sink_mail mail;
	int count;
} sink = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

static void append(char *out, size_t size, const char *line)
{
	size_t used = strlen(out);
	snprintf(out + used, size - used, "%s\n", line);
}

static bool line_read(FILE *in, char *line, int size)
{
	if (!fgets(line, size, in))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

// False: the connection is to end without an answer.
static bool data_read(FILE *in, struct sink_mail *mail)
{
	char line[2000];
	while (line_read(in, line, sizeof line) && strcmp(line, ".") != 0)
		append(mail->text, sizeof mail->text, line + (*line == '.'));
	pthread_mutex_lock(&sink.lock);
	sink.mail = *mail;
	sink.count++;
	pthread_cond_signal(&sink.came);
	pthread_mutex_unlock(&sink.lock);
	*mail = (struct sink_mail){.text = ""};
	return sink.mood != SINK_BREAKS_OFF;
}

static const char *receiver_take(struct sink_mail *mail, const char *line)
{
	if (sink.mood == SINK_REFUSES)
		return "550 nobody lives here";
	if (sink.mood == SINK_PUTS_OFF)
		return "451 later";
	append(mail->receivers, sizeof mail->receivers, line + strlen("RCPT TO:"));
	return "250 ok";
}

static void client_serve(FILE *in, FILE *out)
{
	static struct sink_mail mail;
	char line[2000];
	mail = (struct sink_mail){.text = ""};
	fputs("220 sink\r\n", out);
	while (fflush(out) == 0 && line_read(in, line, sizeof line)) {
		const char *answer = "250 ok";
		if (strncasecmp(line, "RCPT", 4) == 0)
			answer = receiver_take(&mail, line);
		if (strncasecmp(line, "QUIT", 4) == 0)
			answer = "221 bye";
		if (strcasecmp(line, "DATA") == 0) {
			fputs("354 go on\r\n", out);
			fflush(out);
			if (!data_read(in, &mail))
				return;
		}
		fprintf(out, "%s\r\n", answer);
	}
}

static void *serve(void *unused)
{
	int client;
	while ((client = accept(sink.listener, NULL, NULL)) >= 0) {
		FILE *in = fdopen(client, "r"), *out = fdopen(dup(client), "w");
		if (in && out)
			client_serve(in, out);
		if (in)
			fclose(in);
		if (out)
			fclose(out);
	}
	return unused;
}

int sink_open(enum sink_mood mood)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	sink.mood = mood;
	sink.count = 0;
	sink.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(sink.listener, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(sink.listener, 20), 0);
	ck_assert_int_eq(getsockname(sink.listener, (struct sockaddr *)&address, &length), 0);
	ck_assert_int_eq(pthread_create(&sink.thread, NULL, serve, NULL), 0);
	return ntohs(address.sin_port);
}

const struct sink_mail *sink_wait(int count)
{
	struct timespec until;
	int failure = 0;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&sink.lock);
	while (sink.count < count && failure == 0)
		failure = pthread_cond_timedwait(&sink.came, &sink.lock, &until);
	int came = sink.count;
	pthread_mutex_unlock(&sink.lock);
	ck_assert_msg(came >= count, "%d messages came, not %d", came, count);
	return &sink.mail;
}

int sink_count(void)
{
	pthread_mutex_lock(&sink.lock);
	int count = sink.count;
	pthread_mutex_unlock(&sink.lock);
	return count;
}

void sink_close(void)
{
	shutdown(sink.listener, SHUT_RDWR);
	pthread_join(sink.thread, NULL);
	close(sink.listener);
}
