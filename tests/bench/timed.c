// Runs a command and prints how many of something it did a second: NAME <tab> ROUND <tab> rate.
// usage: timed NAME ROUND COUNT COMMAND ARGUMENT...; the command's own output goes to standard error.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int status;
	if (argc < 5)
		return 2;
	double began_s = now_s();
	pid_t command = fork();
	if (command == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	if (command < 0 || waitpid(command, &status, 0) != command || status != 0) {
		fprintf(stderr, "bench: %s failed\n", argv[4]);
		return 1;
	}
	printf("%s\t%s\t%.6g\n", argv[1], argv[2], strtod(argv[3], NULL) / (now_s() - began_s));
	return 0;
}
