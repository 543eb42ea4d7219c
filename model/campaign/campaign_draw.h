// The draw: a number from 0 to 999999 for each instance of a trigger, that nobody can choose and anybody who
// has the seed can work out.
#ifndef MODEL_CAMPAIGN_DRAW_H
#define MODEL_CAMPAIGN_DRAW_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAMPAIGN_DRAW_SEED = 32 };

// ticket = floor(1000000 x U / 2^64), U being the first eight bytes, big endian, of HMAC-SHA256 under the
// seed of the ASCII text
//
//	draw|CAMPAIGN|REVISION|MEMBER|INSTANCE     for what is won: a prize has the tickets from the sum of
// the chances 	                                           before it on, in parts per million
// hold-out|CAMPAIGN|MEMBER                   for the campaign's hold-out: whoever has a ticket below its
// share 	hold-out|MEMBER                            under the house's seed, for the universal hold-out
//
// numbers being decimal, MEMBER the database's member_id. So a hold-out is the same for all revisions and
// instances.
struct campaign_draw {
	void *mac;
	bool has_failed; // the library did, of memory: every ticket since is 0 and counts for nothing
};
void campaign_draw_init(struct campaign_draw *draw, const uint8_t seed[CAMPAIGN_DRAW_SEED]);
void campaign_draw_free(struct campaign_draw *draw); // zeroed is fine

int campaign_draw_ticket(
	struct campaign_draw *draw, int campaign_no, int revision_no, int64_t member_id, int64_t instance);
int campaign_draw_hold_out(struct campaign_draw *draw, int campaign_no, int64_t member_id);
int campaign_draw_house_hold_out(struct campaign_draw *draw, int64_t member_id);

// Reads 64 hexadecimal digits.
bool campaign_draw_seed_read(const char *text, uint8_t seed[CAMPAIGN_DRAW_SEED]);
#endif
