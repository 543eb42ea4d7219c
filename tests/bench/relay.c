// A relay between a program and the server's unix socket that counts round trips and can hold the server's
// answers back.
#include "tests/bench/relay.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINKS = 16, TICK_MS = 5 };

struct relay {
	struct sockaddr_un here, there;
	int listener;
	pthread_t thread;
	atomic_bool held, stopped;
	struct link {
		int program, server; // -1: not in use
		bool program_spoke;  // last
		atomic_int round_trips;
	} links[LINKS];
};

static void address_of(struct sockaddr_un *address, const char *directory)
{
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof address->sun_path, "%s/.s.PGSQL.5432", directory);
}

static void link_close(struct link *link)
{
	close(link->program);
	close(link->server);
	*link = (struct link){.program = -1, .server = -1};
}

static void link_accept(struct relay *relay)
{
	int program = accept(relay->listener, NULL, NULL);
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	if (connect(server, (const struct sockaddr *)&relay->there, sizeof relay->there) == 0)
		for (struct link *link = relay->links; link < relay->links + LINKS; link++)
			if (link->program < 0) {
				*link = (struct link){.program = program, .server = server};
				return;
			}
	close(program);
	close(server);
}

// False: one side has gone.
static bool pass(int from, int to)
{
	char buffer[65536];
	ssize_t length = read(from, buffer, sizeof buffer);
	for (ssize_t done = 0, n; done < length; done += n)
		if ((n = send(to, buffer + done, (size_t)(length - done), MSG_NOSIGNAL)) <= 0)
			return false;
	return length > 0;
}

static void link_serve(struct relay *relay, struct link *link, short program, short server)
{
	bool stands = true;
	if (program) {
		if (!link->program_spoke)
			atomic_fetch_add(&link->round_trips, 1);
		link->program_spoke = true;
		stands = pass(link->program, link->server);
	}
	if (stands && server && !atomic_load(&relay->held)) {
		link->program_spoke = false;
		stands = pass(link->server, link->program);
	}
	if (!stands)
		link_close(link);
}

static void *serve(void *argument)
{
	struct relay *relay = argument;
	while (!atomic_load(&relay->stopped)) {
		struct pollfd ready[1 + 2 * LINKS] = {{.fd = relay->listener, .events = POLLIN}};
		for (int i = 0; i < LINKS; i++) {
			ready[1 + 2 * i] = (struct pollfd){.fd = relay->links[i].program, .events = POLLIN};
			ready[2 + 2 * i] =
				(struct pollfd){.fd = atomic_load(&relay->held) ? -1 : relay->links[i].server,
					.events = POLLIN};
		}
		poll(ready, 1 + 2 * LINKS, TICK_MS);
		for (int i = 0; i < LINKS; i++)
			link_serve(
				relay, &relay->links[i], ready[1 + 2 * i].revents, ready[2 + 2 * i].revents);
		if (ready[0].revents)
			link_accept(relay);
	}
	return NULL;
}

struct relay *relay_start(const char *directory, const char *server_directory)
{
	struct relay *relay = calloc(1, sizeof *relay);
	if (!relay)
		return NULL;
	for (int i = 0; i < LINKS; i++)
		relay->links[i] = (struct link){.program = -1, .server = -1};
	address_of(&relay->here, directory);
	address_of(&relay->there, server_directory);
	mkdir(directory, 0700);
	unlink(relay->here.sun_path);
	relay->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(relay->listener, (const struct sockaddr *)&relay->here, sizeof relay->here) == 0 &&
		listen(relay->listener, LINKS) == 0 &&
		(errno = pthread_create(&relay->thread, NULL, serve, relay)) == 0)
		return relay;
	close(relay->listener);
	free(relay);
	return NULL;
}

void relay_stop(struct relay *relay)
{
	atomic_store(&relay->stopped, true);
	pthread_join(relay->thread, NULL);
	for (struct link *link = relay->links; link < relay->links + LINKS; link++)
		if (link->program >= 0)
			link_close(link);
	close(relay->listener);
	unlink(relay->here.sun_path);
	free(relay);
}

int relay_round_trips(const struct relay *relay)
{
	int most = 0;
	for (const struct link *link = relay->links; link < relay->links + LINKS; link++)
		if (atomic_load(&link->round_trips) > most)
			most = atomic_load(&link->round_trips);
	return most;
}

void relay_forget(struct relay *relay)
{
	for (struct link *link = relay->links; link < relay->links + LINKS; link++)
		atomic_store(&link->round_trips, 0);
}

void relay_hold(struct relay *relay, bool hold)
{
	atomic_store(&relay->held, hold);
}
