// A bad network between the program and the server.
#include "tests/proxy.h"

#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS = 32, CLIENT = 0, SERVER = 1 };

struct proxy {
	char folder[64], path[96];
	struct sockaddr_un server;
	int listening, wake;
	atomic_int mode, slow_ms, eaten;
	atomic_bool is_ending;
	pthread_t thread;
	int pairs[PAIRS][2]; // client's and server's descriptor; -1 where free
};

static void pair_close(int pair[2])
{
	if (pair[CLIENT] < 0)
		return;
	close(pair[CLIENT]);
	close(pair[SERVER]);
	pair[CLIENT] = pair[SERVER] = -1;
}

static void pair_accept(struct proxy *proxy)
{
	int client = accept4(proxy->listening, NULL, NULL, SOCK_CLOEXEC);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int *pair = NULL;
	for (int i = 0; i < PAIRS && !pair; i++)
		if (proxy->pairs[i][CLIENT] < 0)
			pair = proxy->pairs[i];
	bool is_open = pair && client >= 0 && atomic_load(&proxy->mode) != PROXY_CUT &&
		       connect(server, (struct sockaddr *)&proxy->server, sizeof proxy->server) == 0;
	if (is_open) {
		pair[CLIENT] = client;
		pair[SERVER] = server;
		return;
	}
	close(client);
	close(server);
}

static bool write_all(int descriptor, const char *data, ssize_t length)
{
	while (length > 0) {
		ssize_t written = send(descriptor, data, (size_t)length, MSG_NOSIGNAL);
		if (written <= 0)
			return false;
		data += written;
		length -= written;
	}
	return true;
}

// Moves what one side says to the other.
static void pair_move(struct proxy *proxy, int pair[2], int from)
{
	char data[65536];
	ssize_t length = recv(pair[from], data, sizeof data, 0);
	if (length > 0 && from == SERVER && atomic_load(&proxy->mode) == PROXY_EAT) {
		atomic_store(&proxy->mode, PROXY_PASS);
		atomic_fetch_add(&proxy->eaten, 1);
		length = 0;
	}
	if (length > 0 && atomic_load(&proxy->mode) == PROXY_SLOW)
		poll(&(struct pollfd){.fd = -1}, 1, atomic_load(&proxy->slow_ms));
	if (length <= 0 || !write_all(pair[!from], data, length))
		pair_close(pair);
}

static void cut_all(struct proxy *proxy)
{
	for (int i = 0; i < PAIRS; i++)
		pair_close(proxy->pairs[i]);
}

static int list_descriptors(struct proxy *proxy, struct pollfd *list)
{
	int count = 0;
	list[count++] = (struct pollfd){.fd = proxy->wake, .events = POLLIN};
	if (atomic_load(&proxy->mode) == PROXY_STALL)
		return count;
	list[count++] = (struct pollfd){.fd = proxy->listening, .events = POLLIN};
	for (int i = 0; i < PAIRS; i++)
		for (int side = CLIENT; side <= SERVER; side++)
			list[count++] = (struct pollfd){.fd = proxy->pairs[i][side], .events = POLLIN};
	return count;
}

static void *proxy_run(void *payload)
{
	struct proxy *proxy = payload;
	struct pollfd list[2 + 2 * PAIRS];
	eventfd_t ignored;
	while (!atomic_load(&proxy->is_ending)) {
		int count = list_descriptors(proxy, list);
		poll(list, (nfds_t)count, -1);
		if (list[0].revents) {
			eventfd_read(proxy->wake, &ignored);
			if (atomic_load(&proxy->mode) == PROXY_CUT)
				cut_all(proxy);
			continue;
		}
		for (int i = 2; i < count; i++)
			if (list[i].revents && list[i].fd == proxy->pairs[(i - 2) / 2][i % 2])
				pair_move(proxy, proxy->pairs[(i - 2) / 2], i % 2);
		if (count > 1 && list[1].revents)
			pair_accept(proxy);
	}
	cut_all(proxy);
	return NULL;
}

static void address(struct sockaddr_un *out, const char *folder, const char *port)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	int length = snprintf(out->sun_path, sizeof out->sun_path, "%s/.s.PGSQL.%s", folder, port);
	ck_assert_int_lt(length, (int)sizeof out->sun_path);
}

struct proxy *proxy_start(const char *host, const char *port)
{
	struct proxy *proxy = calloc(1, sizeof *proxy);
	struct sockaddr_un own;
	ck_assert_ptr_nonnull(proxy);
	memset(proxy->pairs, 0xff, sizeof proxy->pairs);
	strcpy(proxy->folder, "/tmp/loyalty.proxy.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(proxy->folder));
	address(&proxy->server, host, port ? port : "5432");
	address(&own, proxy->folder, "5432");
	snprintf(proxy->path, sizeof proxy->path, "%.90s", own.sun_path);
	proxy->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	proxy->wake = eventfd(0, EFD_CLOEXEC);
	ck_assert_int_eq(bind(proxy->listening, (struct sockaddr *)&own, sizeof own), 0);
	ck_assert_int_eq(listen(proxy->listening, PAIRS), 0);
	ck_assert_int_eq(pthread_create(&proxy->thread, NULL, proxy_run, proxy), 0);
	return proxy;
}

const char *proxy_host(const struct proxy *proxy)
{
	return proxy->folder;
}

void proxy_set(struct proxy *proxy, enum proxy_mode mode, int slow_ms)
{
	atomic_store(&proxy->slow_ms, slow_ms);
	atomic_store(&proxy->mode, mode);
	eventfd_write(proxy->wake, 1);
}

int proxy_eaten(struct proxy *proxy)
{
	return atomic_load(&proxy->eaten);
}

void proxy_stop(struct proxy *proxy)
{
	atomic_store(&proxy->is_ending, true);
	eventfd_write(proxy->wake, 1);
	pthread_join(proxy->thread, NULL);
	close(proxy->listening);
	close(proxy->wake);
	unlink(proxy->path);
	rmdir(proxy->folder);
	free(proxy);
}
