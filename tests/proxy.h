// A bad network between the program and the server: a unix socket in, a unix socket out, run by a thread.
#ifndef TESTS_PROXY_H
#define TESTS_PROXY_H

enum proxy_mode {
	PROXY_PASS,
	PROXY_STALL, // takes nothing from either side, and nobody new
	PROXY_SLOW,  // holds everything back for a while
	PROXY_CUT,   // closes what is open, and whoever comes new
	PROXY_EAT,   // swallows the next thing the server says, cuts that connection, then passes
};

struct proxy;

// Listens as port 5432 in a fresh folder and leads to the server's socket folder and port; the test fails if
// it cannot.
struct proxy *proxy_start(const char *host, const char *port);
// For PGHOST or host=.
const char *proxy_host(const struct proxy *proxy);
// From the next byte on. slow_ms counts in PROXY_SLOW.
void proxy_set(struct proxy *proxy, enum proxy_mode mode, int slow_ms);
// How many answers it has swallowed.
int proxy_eaten(struct proxy *proxy);
// Closes everything and takes the folder away.
void proxy_stop(struct proxy *proxy);
#endif
