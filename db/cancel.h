// Asks the server to cancel what runs, without waiting for it to take the message.
#ifndef DB_CANCEL_H
#define DB_CANCEL_H
#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>

struct cancel;

// NULL when it cannot even be tried. It outlives the connection it is for.
struct cancel *cancel_start(PGconn *pg);
struct pollfd cancel_poll(const struct cancel *cancel);
// Goes on without waiting; true once the server has taken the message, or cannot be reached for it. Only then
// is it safe to send the next statement, which the message might hit otherwise.
bool cancel_step(struct cancel *cancel);
// Also before it is done. NULL is fine.
void cancel_free(struct cancel *cancel);
#endif
