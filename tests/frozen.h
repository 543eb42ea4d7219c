// Processes that a test stops, such as a server's, and that go on when the test ends, however it ends: a backend left
// stopped holds up whatever drops a database on that server after it.
#ifndef TESTS_FROZEN_H
#define TESTS_FROZEN_H

#include <sys/types.h>

// Stops one more process. The test fails if that cannot be done.
void frozen_add(pid_t pid);

// Lets all of them go on; back when they have been told. Nothing to do without any.
void frozen_thaw(void);

#endif
