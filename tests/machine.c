// What the machine the tests run on took from them, so that a busy one fails none.
#include "tests/machine.h"
#include <stdio.h>

int64_t machine_starved_us(pid_t pid)
{
	char path[64];
	long long run = 0, waited = 0;

	snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
	FILE *in = fopen(path, "re");
	if (in && fscanf(in, "%lld %lld", &run, &waited) != 2)
		waited = 0;
	if (in)
		fclose(in);
	return waited / 1000;
}
