// The settings of a programme document and their words (FORMAT section 3).
#ifndef ENGINE_PROGRAMME_FORM_H
#define ENGINE_PROGRAMME_FORM_H
#include "model/engine/form.h"

// In the order of the enums of programme.h that they stand for; each ends with NULL.
extern const char *const currency_kind_words[],
	*const expiry_policy_words[],
		*const activity_words[],
			*const metric_words[],
				*const window_words[],
					*const validity_words[],
						*const returns_words[],
							*const rollover_words[],
								*const downgrade_words[],
									*const earn_event_words[],
										*const stack_words[],
											*const rounding_words[],
												*const period_words[],
													*const reward_kind_words[],
														*const grant_event_words[],
															*const leap_words[],
																*const payout_window_words[],
																	*const refund_words[],
																		*const benefit_kind_words
																			[];

enum { LADDER_UNTIL_WINDOW_END, LADDER_UNTIL_LIFETIME, LADDER_UNTIL_MONTHS }; // validity_words

extern const struct field programme_fields[];
extern const struct field programme_document_fields[]; // the whole file
#endif
