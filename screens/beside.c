// Puts work that runs in a thread of its own into the loop of the screens.
#include "screens/beside.h"

static int beside_fd(void *payload)
{
	const struct beside *b = payload;
	return b->is_waited ? background_descriptor(b->background) : -1;
}

static void beside_step(void *payload, short revents)
{
	struct beside *b = payload;
	(void)revents;
	if (!background_look(b->background, &b->progress) && b->is_waited) {
		b->is_waited = false;
		screen_waited(b->screen);
	}
	b->told(b->screen, b);
}

static const struct loop_watch watch = {.fd = beside_fd, .step = beside_step};

bool beside_start(struct screen *s, struct beside *b, const char *what, background_run *run, void *work,
	void free_work(void *work), void told(struct screen *s, struct beside *beside))
{
	struct error error = {0};
	const struct background_task task = {.open = desk_of(s)->another,
		.open_payload = desk_of(s)->another_payload,
		.run = run,
		.free = free_work,
		.work = work};
	beside_free(b);
	*b = (struct beside){.screen = s, .work = work, .told = told};
	if (!loop_watch(&s->ui->loop, &watch, b))
		error_set(&error, ERROR_FAILED, what, "", "too much is running beside the screens");
	else if (!(b->background = background_start(&task, &error)))
		loop_unwatch(&s->ui->loop, &watch, b);
	if (!b->background) {
		desk_say_error(s, what, &error);
		free_work(work);
		return false;
	}
	b->is_waited = true;
	screen_wait(s, what);
	return true;
}

void beside_cancel(struct beside *b)
{
	if (b->is_waited)
		background_cancel(b->background);
}

void beside_free(struct beside *b)
{
	if (!b->background)
		return;
	loop_unwatch(&b->screen->ui->loop, &watch, b);
	if (b->is_waited)
		screen_waited(b->screen);
	background_free(b->background);
	*b = (struct beside){.screen = NULL};
}
