// poll() over everything; keys are drained before a frame is drawn, and a frame is drawn only after something
// happened.
#include "screens/ui/loop.h"

#include "screens/ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static const int caught[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
enum { CAUGHT_COUNT = sizeof caught / sizeof caught[0], LEAVE_PATIENCE_S = 2 };

static int signal_pipe[2] = {-1, -1};
static struct sigaction caught_before[CAUGHT_COUNT];

static void on_signal(int number)
{
	int saved = errno;
	char byte = (char)number;

	// Should the terminal no longer take our output, we must go all the same: SIGALRM restores what it
	// can and ends us.
	if (number == SIGTERM || number == SIGHUP || number == SIGINT)
		alarm(LEAVE_PATIENCE_S);
	(void)!write(signal_pipe[1], &byte, 1);
	errno = saved;
}

int64_t loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool loop_init(struct loop *l, const struct loop_ops *ops, void *owner)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	*l = (struct loop){.ops = ops, .owner = owner};
	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK))
		return false;
	for (int i = 0; i < CAUGHT_COUNT; i++) {
		sigaction(caught[i], NULL, &caught_before[i]);
		// A shell without job control, or nohup, ignores some for good reason.
		if (caught_before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	return true;
}

void loop_free(struct loop *l)
{
	for (int i = 0; i < CAUGHT_COUNT && signal_pipe[0] >= 0; i++)
		sigaction(caught[i], &caught_before[i], NULL);
	for (int i = 0; i < 2; i++)
		if (signal_pipe[i] >= 0)
			close(signal_pipe[i]);
	signal_pipe[0] = signal_pipe[1] = -1;
	alarm(0);
	keys_free(&l->keys);
}

bool loop_watch(struct loop *l, const struct loop_watch *watch, void *payload)
{
	if (l->watched_count == LOOP_WATCHES_MAX)
		return false;
	l->watched[l->watched_count].watch = watch;
	l->watched[l->watched_count].payload = payload;
	l->watched[l->watched_count++].due_ms = -1;
	return true;
}

void loop_unwatch(struct loop *l, const struct loop_watch *watch, void *payload)
{
	for (int i = 0; i < l->watched_count; i++)
		if (l->watched[i].watch == watch && l->watched[i].payload == payload) {
			l->watched[i] = l->watched[--l->watched_count];
			return;
		}
}

void loop_busy(struct loop *l, int change)
{
	l->busy += change;
}

void loop_leave(struct loop *l)
{
	if (l->end == LOOP_RUNS)
		l->end = LOOP_LEFT;
}

static void take_signal(struct loop *l, int number)
{
	switch (number) {
	case SIGWINCH:
		term_resize();
		break;
	case SIGTSTP:
		l->ops->suspend(l->owner);
		break;
	case SIGCONT:
		term_resume();
		break;
	default:
		l->end = LOOP_SIGNAL;
		l->signal = number;
	}
}

static void take_signals(struct loop *l)
{
	char numbers[64];
	ssize_t count;

	while ((count = read(signal_pipe[0], numbers, sizeof numbers)) > 0)
		for (ssize_t i = 0; i < count; i++)
			take_signal(l, numbers[i]);
}

static void take_mouse(struct loop *l, struct input *input)
{
	int button;

	while (term_mouse_next(&input->y, &input->x, &button)) {
		input->button = (enum mouse_button)button;
		l->ops->input(l->owner, input);
	}
}

static void give_inputs(struct loop *l)
{
	struct input input;

	while (l->end == LOOP_RUNS && keys_next(&l->keys, &input)) {
		if (input.kind == INPUT_SYNC)
			l->syncs++;
		else if (input.kind == INPUT_MOUSE)
			take_mouse(l, &input);
		else
			l->ops->input(l->owner, &input);
	}
}

// Everything that is there, since curses may hold bytes that poll() cannot see.
static void take_keys(struct loop *l)
{
	int64_t now = loop_now_ms();
	int code;

	while (l->end == LOOP_RUNS && (code = term_read()) >= 0) {
		keys_feed(&l->keys, code, now);
		give_inputs(l);
	}
	keys_flush(&l->keys, now);
	give_inputs(l);
}

static void show(struct loop *l)
{
	if (l->frame_owed && term_writable()) {
		l->ops->draw(l->owner);
		l->frame_owed = false;
	}
	for (; !l->frame_owed && !l->busy && l->syncs; l->syncs--)
		term_answer_sync();
}

static int sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static int wait_ms(struct loop *l, int64_t now)
{
	int wait = sooner(keys_wait_ms(&l->keys, now), l->ops->timeout_ms(l->owner));

	for (int i = 0; i < l->watched_count; i++) {
		const struct loop_watch *watch = l->watched[i].watch;
		int own = watch->timeout_ms ? watch->timeout_ms(l->watched[i].payload) : -1;
		l->watched[i].due_ms = own < 0 ? -1 : now + own;
		wait = sooner(wait, own);
	}
	return wait;
}

// A step may watch and unwatch, so the watch found ready is looked for again before it is called.
static void step_ready(struct loop *l, const struct pollfd *polled, int count)
{
	struct {
		const struct loop_watch *watch;
		void *payload;
		short revents;
	} ready[LOOP_WATCHES_MAX];
	int ready_count = 0;
	int64_t now = loop_now_ms();

	for (int i = 0; i < count; i++) {
		bool due = l->watched[i].due_ms >= 0 && now >= l->watched[i].due_ms;
		if (!polled[i].revents && !due)
			continue;
		ready[ready_count].watch = l->watched[i].watch;
		ready[ready_count].payload = l->watched[i].payload;
		ready[ready_count++].revents = polled[i].revents;
	}
	for (int i = 0; i < ready_count; i++)
		for (int j = 0; j < l->watched_count; j++)
			if (l->watched[j].watch == ready[i].watch &&
				l->watched[j].payload == ready[i].payload) {
				ready[i].watch->step(ready[i].payload, ready[i].revents);
				break;
			}
}

static int fill_polled(struct loop *l, struct pollfd *polled)
{
	polled[0] = (struct pollfd){.fd = term_fd(), .events = POLLIN};
	if (l->frame_owed)
		polled[0].events |= POLLOUT;
	polled[1] = (struct pollfd){.fd = signal_pipe[0], .events = POLLIN};
	for (int i = 0; i < l->watched_count; i++) {
		const struct loop_watch *watch = l->watched[i].watch;
		void *payload = l->watched[i].payload;
		polled[2 + i].fd = watch->fd ? watch->fd(payload) : -1;
		polled[2 + i].events = watch->events ? watch->events(payload) : POLLIN;
		polled[2 + i].revents = 0;
	}
	return l->watched_count;
}

static void turn(struct loop *l)
{
	struct pollfd polled[2 + LOOP_WATCHES_MAX];
	int watches = fill_polled(l, polled);

	int ready = poll(polled, (nfds_t)(2 + watches), wait_ms(l, loop_now_ms()));
	l->wakeups++;
	if (ready < 0 && errno != EINTR) {
		l->end = LOOP_GONE;
		return;
	}
	if (ready < 0)
		for (int i = 0; i < 2 + watches; i++)
			polled[i].revents = 0;
	l->frame_owed = true;
	take_signals(l); // whatever poll() says: one may have come while it returned
	if (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL) || term_gone())
		l->end = LOOP_GONE;
	if (l->end != LOOP_RUNS)
		return;
	take_keys(l);
	step_ready(l, polled + 2, watches);
}

enum loop_end loop_run(struct loop *l)
{
	l->end = LOOP_RUNS;
	l->frame_owed = true;
	while (l->end == LOOP_RUNS) {
		show(l);
		turn(l);
		take_signals(l); // those that came before the last key was read belong to the frame that shows the key
	}
	return l->end;
}
