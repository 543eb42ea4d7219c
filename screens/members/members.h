// Enrolling a member: the form, its sending, and what is done when an identifier belongs to someone else
// already.
#ifndef SCREENS_MEMBERS_H
#define SCREENS_MEMBERS_H
#include "model/ask.h"
#include "screens/ui/screen.h"
#include <stdbool.h>
#include <stdint.h>

enum { ENROL_FIELDS = 11, ENROL_VALUE = 260 };

// One enrolment at a time, kept by the screen it was asked on.
struct enrolment {
	uint32_t form;      // serial of its form
	int tag;            // of its requests
	char key[KEY_SIZE]; // the same until it was refused or done: sent twice it enrols once
	bool is_asking; // whether the person is there already; what was typed is then:
	char values[ENROL_FIELDS][ENROL_VALUE], consents[120];
	int64_t alike[10]; // who may be it
	int alike_count;
	char other[24];     // number of the member whose identifier it was
	int other_tag;
};

void enrolment_open(struct enrolment *enrolment, struct screen *s, int tag);
// The answer to the request of that tag. other_tag: of the request that finds the other member.
void enrolment_answer(
	struct enrolment *enrolment, struct screen *s, int other_tag, const struct answer *answer);
// The answer to other_tag: opens the member found.
void enrolment_open_other(struct screen *s, const struct answer *answer);
#endif
