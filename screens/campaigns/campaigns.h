// How other screens open a campaign.
#ifndef SCREENS_CAMPAIGNS_H
#define SCREENS_CAMPAIGNS_H
#include <stddef.h>

// Which campaign is to be opened.
struct campaign_open {
	int campaign_no;      // 0: a new one, begun from ...
	const char *document; // ... this; NULL: as it stands in the database
	size_t length;
};

#endif
