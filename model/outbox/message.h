// A message as mail systems take it (RFC 5322), perhaps with a file attached (RFC 2046): header lines folded,
// everything in plain ASCII.
#ifndef MODEL_OUTBOX_MESSAGE_H
#define MODEL_OUTBOX_MESSAGE_H
#include <stdbool.h>
#include <stddef.h>

// All texts are borrowed and of unknown origin: nothing in them can begin another header line or another
// address.
struct message {
	const char *from;        // "club@example.org", or with a name: "Loyalty Club <club@example.org>"
	const char *to;          // an address
	const char *subject;     // UTF-8
	const char *body;        // UTF-8, lines ended by "\n"
	const char *date;        // as RFC 5322 writes it: "Sun, 22 Nov 2026 15:37:00 +0000"
	const char *identity;    // what the message is, for good: sent again it has the same Message-ID
	const char *language;    // two letters, or ""
	const char *unsubscribe; // where to unsubscribe, a mailto: or https: address, or ""
	bool is_automatic;       // no person wrote it
	// A file that comes with it, or NULL: its text, and its name, whose ending tells what it is: .html,
	// .csv, .json, else plain text.
	const char *attachment, *attachment_name;
};

// The message with lines ended by "\n", as `sendmail -t -i` reads it; the caller's to free. NULL: an address
// is none, or there is no memory.
char *message_write(const struct message *message, size_t *length);

// Whether the text is one address that any mail system takes: no comments, quotes, lists or letters beyond
// ASCII.
bool message_address_is_right(const char *address);
// The same of a `from`: an address, or a name and an address in angle brackets. *address and *length (may be
// NULL) are the address within it.
bool message_from_is_right(const char *from, const char **address, size_t *length);
// Whether it can stand in List-Unsubscribe: a mailto: or https: address.
bool message_unsubscribe_is_right(const char *unsubscribe);
#endif
