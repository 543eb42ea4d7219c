// An SMTP server on the loopback that keeps what it is sent, so that a real mail system can be tested against
// it.
#ifndef TESTS_SINK_H
#define TESTS_SINK_H

enum sink_mood {
	SINK_TAKES,
	SINK_REFUSES,   // the receiver: 550
	SINK_PUTS_OFF,  // the receiver: 451
	SINK_BREAKS_OFF // takes the message whole and closes the connection instead of saying so
};

struct sink_mail {
	char receivers[400]; // the envelope's, one a line
	char text[200000];   // headers and body, lines ended by "\n", without the dots that SMTP doubles
};

// Serves from a thread of this process; returns the port. One at a time.
int sink_open(enum sink_mood mood);
// Waits until so many messages have come whole and returns the last of them, or fails the test after a
// minute.
const struct sink_mail *sink_wait(int count);
int sink_count(void); // that have come whole
void sink_close(void);
#endif
