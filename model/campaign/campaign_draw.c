// The draw: a number from 0 to 999999 for each instance of a trigger, that nobody can choose and anybody who
// has the seed can work out.
#include "model/campaign/campaign_draw.h"

#include "model/engine/decimal.h"
#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <string.h>

enum { TICKETS = 1000000, MESSAGE = 128 };

void campaign_draw_init(struct campaign_draw *draw, const uint8_t seed[CAMPAIGN_DRAW_SEED])
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end()};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac); // the context keeps it
	*draw = (struct campaign_draw){.mac = context};
	draw->has_failed = !context || !EVP_MAC_init(context, seed, CAMPAIGN_DRAW_SEED, params);
}

void campaign_draw_free(struct campaign_draw *draw)
{
	EVP_MAC_CTX_free(draw->mac);
	draw->mac = NULL;
}

static int ticket(struct campaign_draw *draw, const char *message)
{
	uint8_t code[EVP_MAX_MD_SIZE];
	size_t length;
	uint64_t number = 0;
	draw->has_failed = draw->has_failed || !EVP_MAC_init(draw->mac, NULL, 0, NULL) ||
			   !EVP_MAC_update(draw->mac, (const uint8_t *)message, strlen(message)) ||
			   !EVP_MAC_final(draw->mac, code, &length, sizeof code);
	if (draw->has_failed)
		return 0;
	for (int i = 0; i < 8; i++)
		number = number << 8 | code[i];
	return (int)((wide_t)number * TICKETS >> 64);
}

int campaign_draw_ticket(
	struct campaign_draw *draw, int campaign_no, int revision_no, int64_t member_id, int64_t instance)
{
	char message[MESSAGE];
	snprintf(message, sizeof message, "draw|%d|%d|%" PRId64 "|%" PRId64, campaign_no, revision_no,
		member_id, instance);
	return ticket(draw, message);
}

int campaign_draw_hold_out(struct campaign_draw *draw, int campaign_no, int64_t member_id)
{
	char message[MESSAGE];
	snprintf(message, sizeof message, "hold-out|%d|%" PRId64, campaign_no, member_id);
	return ticket(draw, message);
}

int campaign_draw_house_hold_out(struct campaign_draw *draw, int64_t member_id)
{
	char message[MESSAGE];
	snprintf(message, sizeof message, "hold-out|%" PRId64, member_id);
	return ticket(draw, message);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool campaign_draw_seed_read(const char *text, uint8_t seed[CAMPAIGN_DRAW_SEED])
{
	if (strlen(text) != 2 * (size_t)CAMPAIGN_DRAW_SEED)
		return false;
	for (int i = 0; i < CAMPAIGN_DRAW_SEED; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		seed[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
