// The one loop of the program: terminal, signals, timers and the sockets of others, in one poll().
#ifndef UI_LOOP_H
#define UI_LOOP_H
#include "screens/ui/keys.h"

#include <stdbool.h>
#include <stdint.h>

// Something else to wait for, such as a database connection. Members are called with the payload of
// loop_watch(); an unset one means: none. They are asked anew before every poll(), so fds and events may
// change at any time.
struct loop_watch {
	int (*fd)(void *payload);                   // -1: nothing to poll at present
	short (*events)(void *payload);             // POLLIN | POLLOUT; unset: POLLIN
	int (*timeout_ms)(void *payload);           // wake me after so long, -1: never
	void (*step)(void *payload, short revents); // ready, or (revents 0) its time has come; must not block
};

// Who owns the loop draws and takes the input; called with `owner`.
struct loop_ops {
	void (*draw)(void *owner);                             // the whole frame, from state
	void (*input)(void *owner, const struct input *input); // borrowed for the call
	int (*timeout_ms)(void *owner);                        // when the frame changes by itself, -1: never
	void (*suspend)(void *owner);
};

enum loop_end {
	LOOP_RUNS,
	LOOP_LEFT,   // loop_leave() was called
	LOOP_SIGNAL, // SIGTERM, SIGHUP or SIGINT: loop->signal
	LOOP_GONE,   // the terminal was closed
};

enum { LOOP_WATCHES_MAX = 16 };

struct loop {
	const struct loop_ops *ops;
	void *owner;
	struct {
		const struct loop_watch *watch;
		void *payload;
		int64_t due_ms; // when its timeout is over, -1: never
	} watched[LOOP_WATCHES_MAX];
	int watched_count;
	struct keys keys;
	int busy;        // what is being loaded: the sync answer waits for 0
	int syncs;       // answers owed
	bool frame_owed; // something may have changed since the last frame
	enum loop_end end;
	int signal;
	long wakeups; // how often poll() returned: tests see that an idle loop sleeps
};

// Signals are caught from loop_init() to loop_free(); the terminal must be open in loop_run(). False: no
// pipe. A signal that ends the program leaves two seconds for everything up to loop_free(); then it ends by
// force, tidily.
bool loop_init(struct loop *l, const struct loop_ops *ops, void *owner);
void loop_free(struct loop *l);

// False: there are LOOP_WATCHES_MAX already. The watch is borrowed until loop_unwatch().
bool loop_watch(struct loop *l, const struct loop_watch *watch, void *payload);
void loop_unwatch(struct loop *l, const struct loop_watch *watch, void *payload);

// Counts what is loading, up (+1) and down (-1).
void loop_busy(struct loop *l, int change);

enum loop_end loop_run(struct loop *l);
void loop_leave(struct loop *l);

// Milliseconds that only ever grow.
int64_t loop_now_ms(void);
#endif
