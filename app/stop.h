// Ctrl-C and SIGTERM for verbs that can stop at a good place.
#ifndef APP_STOP_H
#define APP_STOP_H
#include <signal.h>
#include <stdbool.h>

// From now on the first signal is only remembered; a second one ends the program at once.
void stop_listen(void);
bool stop_requested(void);
// Not 0 once a signal came.
const volatile sig_atomic_t *stop_flag(void);
#endif
