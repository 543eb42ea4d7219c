// The settings of a campaign's document, and how they become a campaign.
#ifndef MODEL_CAMPAIGN_FORM_H
#define MODEL_CAMPAIGN_FORM_H
#include "model/campaign/campaign.h"
#include "model/engine/form.h"

extern const struct field campaign_document_fields[]; // the whole file

// Takes what form_check() found right. Names are not looked up; points are in units of `decimals`.
void campaign_take(struct campaign *campaign, const struct node *group, int decimals);
// The prize of that code among the first `count`, or -1.
int campaign_prize_find(const struct campaign *campaign, const char *code);

// Notes every mistake that lies in several settings together, or in names the house does not know.
void campaign_check(struct document *document, const struct node *group, const struct campaign *campaign,
	const struct campaign_house *house);
#endif
