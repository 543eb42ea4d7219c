// Ctrl-C and SIGTERM for verbs that can stop at a good place.
#include "app/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t is_requested;

static void take(int signal_number)
{
	(void)signal_number;
	is_requested = 1;
}

void stop_listen(void)
{
	struct sigaction action = {.sa_handler = take, .sa_flags = (int)SA_RESETHAND};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool stop_requested(void)
{
	return is_requested;
}

const volatile sig_atomic_t *stop_flag(void)
{
	return &is_requested;
}
