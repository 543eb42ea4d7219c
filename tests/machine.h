// What the machine the tests run on took from them, so that a busy one fails none.
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H
#include <stdint.h>
#include <sys/types.h>

// Microseconds a process has waited for a processor, though it could have run. 0 where the kernel does not
// tell.
int64_t machine_starved_us(pid_t pid);
#endif
