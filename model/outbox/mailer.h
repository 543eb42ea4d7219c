// Sends what waits in the outbox by e-mail, messages to members and reports: one at a time, each claimed
// before and told about after.
#ifndef MODEL_OUTBOX_MAILER_H
#define MODEL_OUTBOX_MAILER_H
#include "db/error.h"
#include "db/session.h"
#include "model/outbox/mail_command.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Borrowed texts of the configuration.
struct mail_settings {
	const char *command;     // NULL or "": nothing is sent from here
	const char *from;        // message_from_is_right()
	const char *unsubscribe; // for promotions; or ""
	int seconds;             // the command may take
};
bool mail_is_set(const struct mail_settings *settings);
// Whether they do; nothing to send with does too. error tells why not.
bool mail_check(const struct mail_settings *settings, struct error *error);

// How often a message is sent. It is claimed in a transaction of its own before the command runs, and what
// came of it is written in another after. Killed before the first, it waits as before; killed between the
// two, it is uncertain, once the claim's time is over, and no sender touches it again: at most once. The one
// that the command itself may have sent before it broke off (MAIL_UNCERTAIN) is uncertain too. Of any number
// of senders one has a message.
struct mailer {
	const struct mail_settings *settings;
	struct session *(*open)(void *payload, struct error *error);
	void (*say)(void *payload, const char *line); // may be NULL
	void *payload;
	const volatile sig_atomic_t *stop;
	struct mail_command command;
	pthread_t thread;
	bool is_started;
	atomic_bool is_over; // the thread is to end
	int64_t sent;        // messages the mail system took
	int64_t rest_until;  // of clock_ms(): the command cannot be started
};

// False, error filled, where mail_check() is. settings, open, say, payload and stop are to be set before.
bool mailer_init(struct mailer *mailer, struct error *error);
void mailer_free(struct mailer *mailer);

// In a thread of its own, over a session of its own, until *stop; a lost connection comes back by itself.
// Without a command it does nothing.
void mailer_start(struct mailer *mailer);
void mailer_join(struct mailer *mailer); // lets it finish the message at hand

// All that is due now, over a session that nobody uses meanwhile.
bool mailer_drain(struct mailer *mailer, struct session *session, struct error *error);
#endif
