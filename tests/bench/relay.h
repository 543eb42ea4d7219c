// A relay between a program and the server's unix socket that counts round trips and can hold the server's
// answers back.
#ifndef TESTS_BENCH_RELAY_H
#define TESTS_BENCH_RELAY_H
#include <stdbool.h>

struct relay;

// Listens in `directory` (made if missing) as port 5432 and passes on to the socket in `server_directory`.
// NULL: errno tells why.
struct relay *relay_start(const char *directory, const char *server_directory);
// No program may be connected any more.
void relay_stop(struct relay *relay);

// How often the program began to speak after the server had (or at all), since relay_forget(): on the
// connection where that was most often, as what goes on beside it on another costs no waiting.
int relay_round_trips(const struct relay *relay);
void relay_forget(struct relay *relay);
// While held, the server's answers are kept back.
void relay_hold(struct relay *relay, bool hold);
#endif
