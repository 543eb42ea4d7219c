// A program under the stopwatch in a terminal of 80x24: loyalty, or the floor.
#include "tests/bench/subject.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 24, COLUMNS = 80, PATIENCE_US = 30000000, NUMBER_DIGITS = 7 };

static const char SYNC[] = "\033[999~", ANSWER[] = "\033]777;sync\a";

const struct subject_kind subject_kinds[] = {
	[LOYALTY] = {.name = "loyalty",
		.path_variable = "LOYALTY",
		.path = "build/loyalty",
		.down = "j",
		.up = "k",
		.page_down = "\006",
		.first = "g",
		.last = "G",
		.open = "\r",
		.back = "\033",
		.find = "/",
		.find_end = "",
		.found_back = "\033",
		.numbers = "SELECT number FROM loyalty.member ORDER BY number"},
	[FLOOR] = {.name = "floor",
		.path_variable = "LOYALTY_FLOOR",
		.path = "build/bench/floor",
		.down = "j",
		.up = "k",
		.page_down = " ",
		.first = "g",
		.last = "G",
		.open = "\r",
		.back = "\033",
		.find = "/",
		.find_end = "\r",
		.found_back = "g",
		.numbers = "SELECT number FROM floor_member ORDER BY id"},
};

_Noreturn void bench_fail(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(1);
}

int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)1000000 + now.tv_nsec / 1000;
}

void sample(const struct subject_kind *kind, const char *what, int round, double value)
{
	printf("%s.%s\t%d\t%.6g\n", kind->name, what, round, value);
}

// Anything that looks like a member's number.
static bool shows_member(struct vt *vt)
{
	for (int row = 1; row < ROWS; row++) {
		int digits = 0;
		for (const char *text = vt_row(vt, row); *text; text++) {
			digits = isdigit((unsigned char)*text) ? digits + 1 : 0;
			if (digits == NUMBER_DIGITS)
				return true;
		}
	}
	return false;
}

static bool shows_anything(struct vt *vt)
{
	for (int row = 0; row < ROWS; row++)
		if (*vt_row(vt, row))
			return true;
	return false;
}

static int64_t wait_until(struct subject *subject, bool (*condition)(struct vt *), int64_t since_us)
{
	while (!condition(subject->vt)) {
		if (subject->vt->fd < 0 || now_us() - since_us > PATIENCE_US) {
			vt_print(subject->vt);
			bench_fail(subject->kind->name, "its list did not come up");
		}
		vt_pump(subject->vt, 20);
	}
	return now_us() - since_us;
}

void subject_start(struct subject *subject, const struct subject_kind *kind, const char *socket_directory,
	bool only_frame)
{
	char host[200], path[400];
	const char *environment[] = {socket_directory ? host : NULL, NULL};
	const char *given = getenv(kind->path_variable);
	snprintf(path, sizeof path, "%s", given ? given : kind->path);
	snprintf(host, sizeof host, "PGHOST=%s", socket_directory ? socket_directory : "");
	*subject = (struct subject){.kind = kind};
	int64_t start_us = now_us();
	subject->vt = vt_open((char *[]){path, NULL}, environment, ROWS, COLUMNS);
	subject->first_frame_us = wait_until(subject, shows_anything, start_us);
	if (!only_frame)
		subject->usable_us = wait_until(subject, shows_member, start_us);
}

void subject_stop(struct subject *subject)
{
	vt_close(subject->vt);
	subject->vt = NULL;
}

struct reply subject_type(struct subject *subject, const char *keys)
{
	struct vt *vt = subject->vt;
	char typed[4096];
	int syncs = vt->syncs;
	long bytes = vt->bytes;
	int length = snprintf(typed, sizeof typed, "%s%s", keys, SYNC);
	int64_t start_us = now_us();
	if (write(vt->fd, typed, (size_t)length) != length)
		bench_fail(subject->kind->name, "cannot type");
	while (vt->syncs == syncs) {
		if (vt->fd < 0 || now_us() - start_us > PATIENCE_US) {
			vt_print(vt);
			bench_fail(subject->kind->name, "did not answer");
		}
		vt_pump(vt, 20);
	}
	return (struct reply){.us = now_us() - start_us, .bytes = vt->bytes - bytes - (long)strlen(ANSWER)};
}

const char *subject_selected(struct subject *subject)
{
	for (int row = ROWS - 1; row > 0; row--)
		if (vt_cell(subject->vt, row, 1).attrs.reverse &&
			strlen(vt_row(subject->vt, row)) > NUMBER_DIGITS)
			return vt_row(subject->vt, row);
	return "";
}

static int64_t status_number(const char *path, const char *field)
{
	char line[256];
	int64_t number = -1;
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, field, strlen(field)) == 0)
			number = strtoll(line + strlen(field), NULL, 10);
	if (file)
		fclose(file);
	return number;
}

int64_t subject_resident_kb(const struct subject *subject)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/status", subject->vt->pid);
	return status_number(path, "VmRSS:");
}

int64_t subject_sleeps(const struct subject *subject)
{
	char path[400];
	int64_t sum = 0;
	snprintf(path, sizeof path, "/proc/%d/task", subject->vt->pid);
	DIR *tasks = opendir(path);
	for (struct dirent *task; tasks && (task = readdir(tasks));) {
		if (task->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/status", subject->vt->pid, task->d_name);
		sum += status_number(path, "voluntary_ctxt_switches:");
	}
	if (tasks)
		closedir(tasks);
	return sum;
}
