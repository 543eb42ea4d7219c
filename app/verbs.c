// The table of verbs and options.
#include "app/verb.h"

#include <stddef.h>

const struct option GLOBAL_OPTIONS[] = {
	{"config", OPTION_FILE, "FILE", "read this configuration instead of the usual one"},
	{"database", OPTION_TEXT, "CONNINFO", "where the database is, as libpq takes it (also LOYALTY_DATABASE)"},
	{"format", OPTION_CHOICE, "text|json|csv|html", "how to print what is found (html: of reports, one page that needs nothing else)"},
	{"read-only", OPTION_SWITCH, NULL, "change nothing in the database"},
	{"no-color", OPTION_SWITCH, NULL, "use no colours (also NO_COLOR)"},
	{"ascii", OPTION_SWITCH, NULL, "draw lines with plain characters"},
	{"check-config", OPTION_SWITCH, NULL, "read the configuration, tell what is wrong with it, and stop"},
	{"help", OPTION_SWITCH, NULL, "tell how to use loyalty, or the verb given with it"},
	{"version", OPTION_SWITCH, NULL, "tell which version this is"},
	{"man", OPTION_SWITCH, NULL, "write the manual page, as troff"},
	{"completion", OPTION_CHOICE, "bash|zsh", "write the completion script of that shell"},
	{.name = NULL},
};

static const struct option SCREEN_OPTIONS[] = {
	{"screen", OPTION_CHOICE, "members|cases|approvals|health|tiers|rewards|surveys", "begin there (members)"},
	{.name = NULL},
};

static const struct option MIGRATE_OPTIONS[] = {
	{"check", OPTION_SWITCH, NULL, "only tell whether anything is to be done: status 1 if so"},
	{.name = NULL},
};

static const struct option REHEARSE_OPTIONS[] = {
	{"programme", OPTION_FILE, "FILE or DIR", "look for programmes here first (may be given more than once)"},
	{.name = NULL},
};

static const struct option LOAD_OPTIONS[] = {
	{"effective-from", OPTION_DAY, "DATE", "instead of the document's own date"},
	{"draft", OPTION_NUMBER, "VERSION", "rewrite this draft of yours instead of making a new one"},
	{.name = NULL},
};

static const struct option WHAT_IF_OPTIONS[] = {
	{"from", OPTION_DAY, "DATE", "the draft's first day (its own, or the first one possible)"},
	{"period", OPTION_TEXT, "FROM..TO", "replay what really happened from that day to that day under the draft"},
	{"estimate", OPTION_SWITCH, NULL, "only estimate it from the sample"},
	{"exact", OPTION_SWITCH, NULL, "only count it, without an estimate before"},
	{"sample", OPTION_NUMBER, "NUMBER", "draw so many (1 % of all, at least 1000)"},
	{"seed", OPTION_NUMBER, "NUMBER", "other numbers draw other members (1)"},
	{.name = NULL},
};

static const struct option SUBMIT_OPTIONS[] = {
	{"wait", OPTION_NUMBER, "SECONDS", "wait so long for a worker to process it (5)"},
	{.name = NULL},
};

static const struct option MERGE_OPTIONS[] = {
	{"preview", OPTION_SWITCH, NULL, "only list what would move; status 1 if they cannot be merged"},
	{"reason", OPTION_TEXT, "TEXT", "stands in the timeline"},
	{.name = NULL},
};

static const struct option MEMBER_OPTIONS[] = {
	{"as-of", OPTION_DAY, "DATE", "how it was at the end of that day"},
	{.name = NULL},
};

static const struct option ERASE_OPTIONS[] = {
	{"confirm", OPTION_TEXT, "NUMBER", "the number once more, as it cannot be undone"},
	{"reason", OPTION_TEXT, "TEXT", "who asked for it and how; nothing personal"},
	{.name = NULL},
};

static const struct option REASON_OPTIONS[] = {
	{"reason", OPTION_TEXT, "TEXT", "stands in the timeline"},
	{.name = NULL},
};

static const struct option DECLARE_OPTIONS[] = {
	{"name", OPTION_TEXT, "TEXT", "what people call it (CODE)"},
	{"choices", OPTION_TEXT, "WORD,...", "of a choice: the words to choose from"},
	{"decimals", OPTION_NUMBER, "NUMBER", "of a number: how many it may have (0)"},
	{"personal", OPTION_CHOICE, "yes|no", "whether it tells of the person (yes)"},
	{"seen-by", OPTION_TEXT, "ROLE,...", "who sees and sets it: support, marketing, manager, admin (support,manager,admin)"},
	{.name = NULL},
};

static const struct option HOUSEHOLD_OPTIONS[] = {
	{"role", OPTION_CHOICE, "head|adult|child", "what the member is in the household (adult)"},
	{"percent", OPTION_NUMBER, "NUMBER", "how much of what the member earns goes to the household (100)"},
	{"may-redeem", OPTION_CHOICE, "yes|no", "whether the member may redeem its points (all but children may)"},
	{.name = NULL},
};

static const struct option HEAD_OPTIONS[] = {
	{"percent", OPTION_NUMBER, "NUMBER", "how much of what the head earns goes to the household (100)"},
	{.name = NULL},
};

static const struct option RESERVE_OPTIONS[] = {
	{"seconds", OPTION_NUMBER, "SECONDS", "hold it so long (900)"},
	{"key", OPTION_TEXT, "KEY", "your own name for this; else one is made up and printed"},
	{.name = NULL},
};

static const struct option USE_OPTIONS[] = {
	{"key", OPTION_TEXT, "KEY", "the reservation's key, or your own name for this use: sent twice it is used once"},
	{"note", OPTION_TEXT, "TEXT", "stands in the history"},
	{.name = NULL},
};

static const struct option KEY_OPTIONS[] = {
	{"key", OPTION_TEXT, "KEY", "the reservation's key, or your own name for this"},
	{.name = NULL},
};

static const struct option CANCEL_OPTIONS[] = {
	{"reason", OPTION_TEXT, "TEXT", "stands in the timeline"},
	{"wait", OPTION_NUMBER, "SECONDS", "wait so long for a worker to process it (5)"},
	{.name = NULL},
};

static const struct option DUE_OPTIONS[] = {
	{"to", OPTION_DAY, "DATE", "what is due, or to be tried again, up to this day (today)"},
	{.name = NULL},
};

static const struct option ANSWER_OPTIONS[] = {
	{"id", OPTION_TEXT, "ID", "the provider's own name for it: told twice it counts once"},
	{"on", OPTION_DAY, "DATE", "when that was (today)"},
	{.name = NULL},
};

static const struct option OUTBOX_OPTIONS[] = {
	{"state", OPTION_CHOICE, "waiting|sending|sent|failed|uncertain|suppressed|cancelled", "those in this state"},
	{"member", OPTION_TEXT, "NUMBER", "those of one member, in any state"},
	{.name = NULL},
};

static const struct option PARTNER_OPTIONS[] = {
	{"name", OPTION_TEXT, "NAME", "what people call it"},
	{"issued", OPTION_TEXT, "PRICE", "what it pays us for each point issued for its events, as 0.0125"},
	{"sent", OPTION_TEXT, "PRICE", "what we pay it for each point of ours sent to it"},
	{"from", OPTION_DAY, "DATE", "the first day of these prices (today)"},
	{.name = NULL},
};

static const struct option SETTLE_OPTIONS[] = {
	{"to", OPTION_DAY, "DATE", "up to the end of this day, which must be over"},
	{.name = NULL},
};

static const struct option TRANSFERS_OPTIONS[] = {
	{"since", OPTION_DAY, "DATE", "those of this day and later"},
	{"tell", OPTION_TEXT, "FILE", "only those not told yet, and mark them as told by the file of this name"},
	{.name = NULL},
};

static const struct option SETTLEMENT_OPTIONS[] = {
	{"from", OPTION_DAY, "DATE", "the first day"},
	{"to", OPTION_DAY, "DATE", "the last day"},
	{"partner", OPTION_TEXT, "PARTNER", "this one only"},
	{.name = NULL},
};

static const struct option CONSENT_OPTIONS[] = {
	{"all", OPTION_SWITCH, NULL, "all that was ever said, newest first"},
	{.name = NULL},
};

static const struct option SAID_OPTIONS[] = {
	{"source", OPTION_TEXT, "TEXT", "how the member said so: a form, on the phone"},
	{"date", OPTION_DAY, "DATE", "the day it was said on, if not now"},
	{.name = NULL},
};

static const struct option GIVE_OPTIONS[] = {
	{"source", OPTION_TEXT, "TEXT", "how the member said so: a form, on the phone"},
	{"date", OPTION_DAY, "DATE", "the day it was said on, if not now"},
	{"until", OPTION_DAY, "DATE", "the last day it holds; without it, until it is taken back"},
	{.name = NULL},
};

#define CONSENT_MATTERS                                                                                              \
	"WHAT is promotions:CHANNEL, partner_promotions:CHANNEL, profiling or terms:VERSION; a CHANNEL is email, sms, " \
	"phone, post or app. Every line stays; of each matter the one said last counts. What is so already is not written again."

#define CONDITION_LANGUAGE                                                                                             \
	"A CONDITION is one line, as: tier in (gold, reserve) and last_purchase < 60 days ago and spend(90 days) >= 200 and not " \
	"open_case. Clauses are joined by and, or, not and brackets. They ask for everybody, tier, tier_until, points, "      \
	"last_purchase, last_activity, purchases, spend(N days), enrolled, age, birthday, city, language, channel, status, "   \
	"flag(NAME), number, open_case, consent(WHAT), verified(CODE), household, household_role, has_reward(CODE), "         \
	"plan(CODE), attribute(CODE) and segment(CODE), and compare by = != < <= > >=, in (A, B), in last N days, in next N days, is unknown. " \
	"What is wrong is told with its place and what would fit. "

static const struct option COUNT_OPTIONS[] = {
	{"estimate", OPTION_SWITCH, NULL, "only from a sample, with the 95 % interval: quick however many members there are"},
	{.name = NULL},
};

static const struct option SEGMENT_LIST_OPTIONS[] = {
	{"limit", OPTION_NUMBER, "NUMBER", "at most so many members (100)"},
	{.name = NULL},
};

static const struct option EXPORT_OPTIONS[] = {
	{"where", OPTION_TEXT, "CONDITION", "only those that fit (all that are active)"},
	{.name = NULL},
};

static const struct option IMPORT_OPTIONS[] = {
	{"dry-run", OPTION_SWITCH, NULL, "do all of it, then take it back"},
	{"delimiter", OPTION_TEXT, "CHARACTER", "what stands between fields: , ; | or \\t"},
	{"chunk", OPTION_NUMBER, "NUMBER", "how many are taken together"},
	{.name = NULL},
};

static const struct option NPS_OPTIONS[] = {
	{"survey", OPTION_TEXT, "SURVEY", "this one (the first that survey list has)"},
	{"by", OPTION_CHOICE, "week|month|quarter", "how its time is cut (month)"},
	{"at", OPTION_DAY, "DATE", "the week, month or quarter of that day, and its parts (the newest with answers)"},
	{"population", OPTION_NUMBER, "MEMBERS", "so many could have been asked: the margin is narrower where most were"},
	{.name = NULL},
};

static const struct option CLOSE_OPTIONS[] = {
	{"on", OPTION_DAY, "DATE", "its last day (today)"},
	{.name = NULL},
};

static const struct option INVITE_OPTIONS[] = {
	{"sample", OPTION_TEXT, "PERCENT", "of those who can be invited, as 12.5 (the survey's own)"},
	{"where", OPTION_TEXT, "CONDITION", "only those it means, as segment count takes it (everybody)"},
	{"segment", OPTION_TEXT, "SEGMENT", "only those of a saved segment"},
	{"quota", OPTION_NUMBER, "NUMBER", "answers the wave is to have; those after them do not count (the survey's own)"},
	{"preview", OPTION_SWITCH, NULL, "only count whom it would invite, and who is left out why"},
	{"letter", OPTION_SWITCH, NULL, "send each the survey's letter (survey letter) with their link"},
	{"again", OPTION_NUMBER, "WAVE", "new tokens for those of a wave who have not answered"},
	{"mail", OPTION_FILE, "FILE", "send each a message with their link: the first line is its subject, the second empty"},
	{"link", OPTION_TEXT, "URL", "with --mail: the link, {token} standing for each one's own"},
	{"language", OPTION_TEXT, "CODE", "with --mail: the text's language, as en; numbers and days are written so (the member's)"},
	{.name = NULL},
};

static const struct option LETTER_OPTIONS[] = {
	{"link", OPTION_TEXT, "URL", "the link, {token} standing for each one's own"},
	{"language", OPTION_TEXT, "CODE", "the text's language, as en; numbers and days are written so (the member's)"},
	{.name = NULL},
};

static const struct option AFTER_CASE_OPTIONS[] = {
	{"group", OPTION_TEXT, "GROUP", "after cases of that group (of all groups without a rule of their own)"},
	{"hours", OPTION_NUMBER, "NUMBER", "so long after it was resolved (24)"},
	{.name = NULL},
};

static const struct option ANSWERS_OPTIONS[] = {
	{"of", OPTION_CHOICE, "low|middle|high", "only that class: detractors, passives or promoters"},
	{"tag", OPTION_TEXT, "TAG", "only those with it"},
	{"words", OPTION_TEXT, "TEXT", "only those in which it is said"},
	{"commented", OPTION_SWITCH, NULL, "only those with words"},
	{"most", OPTION_NUMBER, "NUMBER", "so many (100)"},
	{.name = NULL},
};

static const struct option PHRASES_OPTIONS[] = {
	{"of", OPTION_CHOICE, "low|middle|high", "of that class: detractors, passives or promoters (all)"},
	{"most", OPTION_NUMBER, "NUMBER", "so many (100)"},
	{.name = NULL},
};

static const struct option TAKE_OPTIONS[] = {
	{"channel", OPTION_CHOICE, "phone|store|email|sms|app|web|other", "how it came (phone)"},
	{.name = NULL},
};

#define IMPORT_FILE \
	"The file is UTF-8 CSV with a header; columns may stand in any order. What cannot be taken goes, with line and " \
	"reason, to FILE.csv.rejects.csv, which can be mended and taken in turn; the status is 1 then. Taking a file " \
	"twice changes nothing. "

static const struct option WORKER_OPTIONS[] = {
	{"once", OPTION_SWITCH, NULL, "do all pending work, open all days that are due, and end"},
	{"as-of", OPTION_DAY, "DATE", "take this as the business day"},
	{"batch", OPTION_NUMBER, "EVENTS", "post this many events at a time (2000)"},
	{"night-hours", OPTION_NUMBER, "HOURS", "spread a night on which very many members are due over so long (0)"},
	{"waiting-only", OPTION_SWITCH, NULL, "leave bulk and due days to other workers"},
	{"no-figures", OPTION_SWITCH, NULL, "leave figures that are behind, and reports, to other workers"},
	{.name = NULL},
};

static const struct option VERIFY_OPTIONS[] = {
	{"replay", OPTION_NUMBER, "PERCENT", "replay the journals of so many of the members, always the same ones (0)"},
	{"lanes", OPTION_NUMBER, "NUMBER", "look at so many parts at the same time, each over its own connection (2)"},
	{.name = NULL},
};

static const struct option CAMPAIGN_SHOW_OPTIONS[] = {
	{"prizes", OPTION_SWITCH, NULL, "its prizes, and how many of each were given"},
	{"revisions", OPTION_SWITCH, NULL, "its revisions: who wrote, submitted and approved them"},
	{"reveal", OPTION_SWITCH, NULL, "the seed, that is the secret of its draws, once it has ended"},
	{.name = NULL},
};

static const struct option RESULTS_OPTIONS[] = {
	{"days", OPTION_NUMBER, "DAYS", "look at so many days after each member's first decision (30)"},
	{.name = NULL},
};

static const struct option DRY_RUN_OPTIONS[] = {
	{"days", OPTION_NUMBER, "DAYS", "over so many days to come (30), from its start on; for triggers of the calendar"},
	{"last", OPTION_NUMBER, "DAYS", "over the last days instead, as if it had run then"},
	{.name = NULL},
};

static const struct option POLICY_OPTIONS[] = {
	{"cooldown-days", OPTION_NUMBER, "DAYS", "whom a campaign gave something gets nothing from any for so long"},
	{"hold-out", OPTION_TEXT, "PERCENT", "so many members get nothing from any campaign, to compare with"},
	{.name = NULL},
};

static const struct option SCHEDULE_OPTIONS[] = {
	{"as", OPTION_CHOICE, "text|csv|json|html", "what is written (html)"},
	{"every", OPTION_CHOICE, "day|week|month", "how often: on Mondays, on the first of the month (week)"},
	{"hour", OPTION_NUMBER, "HOUR", "not before this hour of the programme's time zone (6)"},
	{"mail-to", OPTION_TEXT, "ADDRESS,...", "mail it to these addresses, in place of the folder"},
	{.name = NULL},
};

static const struct option SEND_OPTIONS[] = {
	{"mail-to", OPTION_TEXT, "ADDRESS,...", "to whom"},
	{"as", OPTION_CHOICE, "text|csv|json|html", "what is attached; text is the message itself (html)"},
	{.name = NULL},
};

static const struct option RECOMPUTE_OPTIONS[] = {
	{"no-wait", OPTION_SWITCH, NULL, "ask for it, and do not wait until it is done"},
	{.name = NULL},
};

static const struct option DEMO_OPTIONS[] = {
	{"members", OPTION_NUMBER, "NUMBER", "how many members (20000)"},
	{"seed", OPTION_NUMBER, "NUMBER", "other numbers give other people (1)"},
	{.name = NULL},
};

static const struct option MOST_OPTIONS[] = {
	{"most", OPTION_NUMBER, "NUMBER", "at most so many (100)"},
	{.name = NULL},
};

static const struct option SHARED_OPTIONS[] = {
	{"shared", OPTION_SWITCH, NULL, "everybody's, not one's own; for managers and administrators"},
	{.name = NULL},
};

static const struct option CASE_OPTIONS[] = {
	{"group", OPTION_TEXT, "GROUP", "who is to work on it (desk)"},
	{"priority", OPTION_CHOICE, "high|normal|low", "how soon it is promised (normal)"},
	{"tags", OPTION_TEXT, "TAG,...", "words to find it by"},
	{"channel", OPTION_TEXT, "TEXT", "how it came (phone)"},
	{"internal", OPTION_SWITCH, NULL, "TEXT is an internal note, not what the member said"},
	{.name = NULL},
};

static const struct option PROMISE_OPTIONS[] = {
	{"group", OPTION_TEXT, "GROUP", "of this group alone"},
	{.name = NULL},
};

static const struct option AWAY_OPTIONS[] = {
	{"login", OPTION_TEXT, "LOGIN", "somebody else; for managers and administrators"},
	{.name = NULL},
};

static const struct option EDIT_OPTIONS[] = {
	{"title", OPTION_TEXT, "TEXT", "what it is about"},
	{"priority", OPTION_CHOICE, "high|normal|low", "how soon it is promised"},
	{"group", OPTION_TEXT, "GROUP", "who is to work on it"},
	{"tags", OPTION_TEXT, "TAG,...", "all its tags"},
	{.name = NULL},
};

static const struct option MANY_OPTIONS[] = {
	{"value", OPTION_TEXT, "VALUE", "of what is done: a login, a priority, a tag, a cause"},
	{"outcome", OPTION_CHOICE, "kept|lost|not_at_risk", "of resolve"},
	{.name = NULL},
};

static const struct option MACRO_OPTIONS[] = {
	{"text", OPTION_TEXT, "TEXT", "the canned text that is sent to the member first"},
	{.name = NULL},
};

static const struct option FIGURES_OPTIONS[] = {
	{"from", OPTION_DAY, "DATE", "the first day (30 days ago)"},
	{"to", OPTION_DAY, "DATE", "the last day (today)"},
	{"each", OPTION_CHOICE, "all|group|person", "a row for each (all)"},
	{.name = NULL},
};

static const struct option AUDIT_OPTIONS[] = {
	{"login", OPTION_TEXT, "LOGIN", "what this person did"},
	{"action", OPTION_TEXT, "TEXT", "actions that begin so, as member. or staff.add"},
	{"member", OPTION_TEXT, "NUMBER", "what was done to this member"},
	{"from", OPTION_DAY, "DATE", "the first day"},
	{"to", OPTION_DAY, "DATE", "the last day"},
	{"reads", OPTION_SWITCH, NULL, "only who read personal data"},
	{"most", OPTION_NUMBER, "NUMBER", "at most so many (100)"},
	{.name = NULL},
};

#define CASE_NAME "CASE is MEMBER/NUMBER, as 1002764/3."

const struct verb VERBS[] = {
	{"", "", 0, 0, "open the screens", NULL, SCREEN_OPTIONS, tui_verb},
	{"migrate", "", 0, 0, "bring the database's schema to this version", NULL, MIGRATE_OPTIONS, migrate_verb},
	{"worker", "", 0, 0, "post what the journal holds, until told to stop",
		"Any number may run beside the database. SIGTERM and SIGINT let the batch at hand finish. A lost connection "
		"comes back by itself.",
		WORKER_OPTIONS, worker_verb},
	{"verify", "", 0, 0, "prove the ledger",
		"Checks every balance, lot, entry, event, chain of hashes and the audit log in one look at the database, while "
		"workers go on. Prints each thing that is broken; the status is 1 if any is.",
		VERIFY_OPTIONS, verify_verb},
	{"rehearse", "SCENARIO...", 1, -1, "try the rules on scenario files, without a database",
		"Each case names its programme by code, found among those given and those shipped. Prints every check that "
		"fails and a last line of totals; the status is 1 if any failed.",
		REHEARSE_OPTIONS, rehearse_verb},
	{"programme check", "FILE...", 1, -1, "tell what is wrong with a programme document", NULL, NULL,
		programme_check_verb},
	{"programme load", "FILE or CODE", 1, 1, "put a programme document into the database",
		"CODE is one of the programmes that come with loyalty, such as starbucks_us_2026. The first version is in force "
		"at once; a later one is a draft, to be submitted. The same document with the same date is the version it was; "
		"a draft of your own takes the new date.",
		LOAD_OPTIONS, programme_load_verb},
	{"programme list", "", 0, 0, "list the versions of the programme: state, date, who wrote and approved them", NULL, NULL,
		programme_list_verb},
	{"programme show", "[VERSION]", 0, 1, "print the document of a version, or of the one in force", NULL, NULL,
		programme_show_verb},
	{"programme diff", "[FROM] TO", 1, 2, "tell which settings one version changes of another",
		"FROM and TO are numbers of versions, files, or codes of programmes that come with loyalty. FROM left out is the "
		"approved version that TO follows. Things are found by their code, id or date, wherever they stand.",
		NULL, programme_diff_verb},
	{"programme export", "VERSION [FILE]", 1, 2, "write the document of a version, byte for byte",
		"FILE must not be there yet; without it the document goes to standard output.", NULL, programme_export_verb},
	{"programme submit", "VERSION", 1, 1, "ask for a draft to be approved",
		"For marketing and administrators. The version must begin after the last day that was processed and after all "
		"approved versions, and must hold every currency, tier, plan and reward that members still hold: they are "
		"counted, and counted again when it is approved.",
		NULL, programme_submit_verb},
	{"programme approve", "VERSION", 1, 1, "let a submitted version come into force on its day",
		"For a manager or administrator who neither wrote nor submitted it. Workers and screens take it up by themselves.",
		NULL, programme_approve_verb},
	{"programme refuse", "VERSION REASON", 2, 2, "send a submitted version back to its author, as a draft",
		"For managers and administrators; its author and whoever submitted it may take it back so.", NULL,
		programme_refuse_verb},
	{"programme retire", "VERSION REASON", 2, 2, "take back the approval of the newest version before its day", NULL, NULL,
		programme_retire_verb},
	{"programme drop", "VERSION", 1, 1, "take a draft out for good",
		"For its author and for marketing. What was submitted is refused first; its number is not given again.", NULL,
		programme_drop_verb},
	{"what-if", "FILE, CODE or VERSION", 1, 1, "tell what a draft of the programme would change, before it is submitted",
		"Every member's standing on the draft's first day, by the rules as they are and by the draft: who goes up and down, "
		"from which tier to which, whom a promise made before protects, what becomes of the points and what they are worth "
		"in money, and the twenty largest changes. First an estimate from a sample, each number with its 95 % interval, "
		"then the exact numbers; without a terminal, and as JSON or CSV, only the last of the two. With --period the "
		"journals are replayed instead, the draft being in force from the period's first day, and held against what was "
		"really posted; what came late belongs to the day it happened on. Nothing is written. Ctrl-C stops it, on the "
		"server too.",
		WHAT_IF_OPTIONS, what_if_verb},
	{"submit", "TYPE KEY=VALUE...", 1, 60, "put one event into the journal and print what became of it",
		"TYPE is enrol, purchase, partner, activity, return, redeem, adjust, subscribe, use_benefit, cancel_plan, "
		"tier_grant, session_end, cancel_reward, transfer, verify or unverify. Keys of all but enrol: member (number or card), date, id, source, "
		"activity_date (when a purchase, partner event or activity happened, if before its date), and as the type "
		"needs amount, lines (CATEGORY:AMOUNT,...), category, quantity, units, basket, of, activity, partner, reward, "
		"currency, plan, ladder, tier, until, qualifying, tender, channel, flags (| between them), reward_no, receiver (number or "
		"card), by (who of a household redeems), segment, evidence, reason, case_no. "
		"Keys of enrol: family_name, given_name, born, email, phone, card, city, language, channel, flags, date, id, "
		"source. The same id again changes nothing and tells the outcome again.",
		SUBMIT_OPTIONS, submit_verb},
	{"event failed", "", 0, 0, "list the events that no worker could post", NULL, NULL, event_failed_verb},
	{"event retry", "MEMBER EVENT", 2, 2, "try a failed event again", NULL, NULL, event_retry_verb},
	{"event cancel", "MEMBER EVENT", 2, 2, "give a failed event up", NULL, NULL, event_cancel_verb},
	{"member", "NUMBER", 1, 1, "print one member: standing, balances, events, cases",
		"A card does as well as the number. CSV prints the member alone.", MEMBER_OPTIONS, member_verb},
	{"member find", "TEXT", 1, -1, "find members by name, card, phone or e-mail", NULL, NULL, member_find_verb},
	{"member duplicates", "NUMBER", 1, 1, "list members who may be the same person",
		"A phone that ends alike, the same name, or a name alike with the same date of birth. The enrolment form asks the same before it saves.", NULL,
		member_duplicates_verb},
	{"member change", "NUMBER KIND VALUE", 3, 3, "change what a member is called or reached by, or an attribute",
		"KIND is email, phone, card, given_name, family_name, or the code of an attribute (see attribute list); an empty VALUE takes it away. What was before "
		"is kept; names, addresses and cards are still found by it.", REASON_OPTIONS,
		member_change_verb},
	{"member past", "NUMBER", 1, 1, "list what a member was called and reached by before", NULL, NULL, member_past_verb},
	{"member block", "NUMBER", 1, 1, "block a member, who then spends nothing",
		"No redemption, no points sent on, no reward used, at tills and from a household neither. The member earns, gives back and is served as ever. What was "
		"accepted before stands, and what an import brings has happened already. Needs --reason.", REASON_OPTIONS, member_block_verb},
	{"member unblock", "NUMBER", 1, 1, "let a blocked member spend again", "For managers and administrators. Needs --reason.", REASON_OPTIONS, member_unblock_verb},
	{"member note", "NUMBER TEXT", 2, 2, "write a note about a member, which the member never sees", NULL, NULL, member_note_verb},
	{"member export", "NUMBER", 1, 1, "print everything that is kept about a member, as JSON",
		"For members who ask what is known of them. The export is written into the audit log.", NULL, member_export_verb},
	{"member erase", "NUMBER", 1, 1, "erase who a member is, for good",
		"Names, addresses, cards, notes, what was said in cases and surveys, consents, reasons: gone from every table. Number, journal and ledger stay, "
		"without a person; the receipt names the ledger's hash and sums, which are the same before and after. Managers and administrators may.",
		ERASE_OPTIONS, member_erase_verb},
	{"attribute declare", "CODE [TYPE]", 1, 2, "declare what else is to be known of members, or change a declaration",
		"For administrators. TYPE is text, number, date, choice or yes_no. It stands on the member's tab About and in the form that changes members, comes "
		"with import members, and conditions ask for it as attribute(CODE). What is personal goes when the member is erased, and the audit log never holds "
		"it. What members have keeps its type; a choice may get more words. At most 15.",
		DECLARE_OPTIONS, attribute_declare_verb},
	{"attribute list", "", 0, 0, "list the attributes that are declared", NULL, NULL, attribute_list_verb},
	{"attribute drop", "CODE", 1, 1, "take back the declaration of an attribute that no member has", NULL, NULL, attribute_drop_verb},
	{"claim", "MEMBER RECEIPT AMOUNT", 3, 3, "give a member a purchase that came in for nobody",
		"A till that does not know a card sends with unknown=keep. Receipt and amount have to fit, and it may be no older than the window.", NULL, claim_verb},
	{"claim list", "", 0, 0, "list what came in for nobody", NULL, NULL, claim_list_verb},
	{"claim window", "DAYS", 1, 1, "set how many days back purchases can be claimed (60)", "Managers and administrators may.", NULL, claim_window_verb},
	{"card block", "MEMBER CARD", 2, 2, "block a card that was lost: nothing comes in under it any more", NULL, REASON_OPTIONS, card_block_verb},
	{"card replace", "MEMBER CARD NEW", 3, 3, "give a member another card and block the old one", NULL, REASON_OPTIONS, card_replace_verb},
	{"member merge", "NUMBER OTHER", 2, 2, "merge a member into another one",
		"Points move with their dates, number and cards lead to the other one, rewards stay usable by their codes, and the higher "
		"tier is kept until its day. What still comes for the member goes on to the other: purchases under way, returns. Support's "
		"wish waits for a second person.",
		MERGE_OPTIONS, member_merge_verb},
	{"member unmerge", "NUMBER", 1, 1, "part a merged member from the other again",
		"Of the points that moved, what is left comes back with its dates; what was spent stays spent.", REASON_OPTIONS,
		member_unmerge_verb},
	{"consent", "NUMBER", 1, 1, "list what a member consents to", "A card does as well as the number.", CONSENT_OPTIONS,
		consent_verb},
	{"consent give", "NUMBER WHAT", 2, 2, "write down that a member consents", CONSENT_MATTERS " One whose last day is over is as if never given.", GIVE_OPTIONS, consent_give_verb},
	{"consent withdraw", "NUMBER WHAT", 2, 2, "write down that a member takes a consent back, or refuses it", CONSENT_MATTERS,
		SAID_OPTIONS, consent_withdraw_verb},
	{"import members", "FILE.csv", 1, 1, "enrol the members of a file",
		IMPORT_FILE "Columns: number, given_name, family_name, born, email, phone, card, enrolled, channel, city, "
			    "language, flags (| between them), consents (| between them, as promotions:email or terms:2026-05; a minus "
			    "before one says that it was refused, @2027-12-31 behind it that it holds through that day), attributes (CODE=VALUE with | between them). What came in for "
			    "nobody under the number or the card is the new member's, within the window of claims.",
		IMPORT_OPTIONS, import_members_verb},
	{"import events", "FILE.csv", 1, 1, "take the events of a file",
		IMPORT_FILE "Columns: source, external_id, member, type, date, and as the type needs amount (12.50), "
			    "category, tender, channel, partner, activity, quantity, flags (| between them), of, reward, "
			    "units, basket, currency, qualifying, receiver, plan, ladder, tier, until, segment, evidence; activity_date where a purchase, "
			    "partner event or activity happened before its date. Lines that follow one another "
			    "with the same source and external_id are lines of one event.",
		IMPORT_OPTIONS, import_events_verb},
	{"import codes", "REWARD FILE.csv", 2, 2, "put the codes of a file into a reward's pool",
		IMPORT_FILE "Column: code. From the first code on, the reward gives out these codes and no others, each once, and is "
			    "refused when there are none left.",
		IMPORT_OPTIONS, import_codes_verb},
	{"import responses", "FILE.csv", 1, 1, "take the answers to surveys of a file",
		IMPORT_FILE "Columns: score (of a cli three with | between them), answered_at (2026-05-17 16:30; Z or +02:00 behind it where it is "
			    "not the programme's time), and either token, or survey and member; comment, channel (web, email, sms, app, phone, "
			    "store, other). Answers of the last seven days open cases as live ones do, older ones do not.",
		IMPORT_OPTIONS, import_responses_verb},
	{"export members", "", 0, 0, "write members as CSV, or with --format json as one JSON object a line",
		CONDITION_LANGUAGE "Written are number, status, tier, points, last purchase, enrolment, language and channel, for "
				   "managers and administrators the names too. Who exports, and what, is noted in the audit log.",
		EXPORT_OPTIONS, export_members_verb},
	{"segment count", "CONDITION", 1, 1, "tell how many members a condition means", CONDITION_LANGUAGE, COUNT_OPTIONS,
		segment_count_verb},
	{"segment explain", "CONDITION", 1, 1, "tell in words what a condition means, and how many members each clause leaves",
		CONDITION_LANGUAGE, NULL, segment_explain_verb},
	{"segment list", "[CONDITION]", 0, 1, "list the members that a condition means; without one, the saved segments",
		CONDITION_LANGUAGE, SEGMENT_LIST_OPTIONS, segment_list_verb},
	{"segment save", "CODE CONDITION", 2, 2, "save a condition under a name, to be used in others as segment(CODE)",
		CONDITION_LANGUAGE "For marketing and administrators. A segment that is there already is changed, and with it "
				   "everything that uses it.",
		NULL, segment_save_verb},
	{"segment show", "CODE", 1, 1, "print a saved segment: its condition, who wrote it, what uses it", NULL, NULL,
		segment_show_verb},
	{"segment drop", "CODE", 1, 1, "take a saved segment away", "Only one that nothing uses.", NULL, segment_drop_verb},
	{"household create", "HEAD NAME", 2, 2, "open a household: one account that members put points into and redeem from",
		"Prints its number; it is found, shown and redeemed from like a member. Of what its members earn of currencies that "
		"members may pass on and owe, the share moves there by itself, rounded down; a return takes it back as far as it is "
		"still there. Redeem with: loyalty submit redeem member=HOUSEHOLD by=MEMBER reward=CODE.",
		HEAD_OPTIONS, household_create_verb},
	{"household add", "HOUSEHOLD MEMBER", 2, 2, "let a member join a household", "A member belongs to one household at most.",
		HOUSEHOLD_OPTIONS, household_add_verb},
	{"household set", "MEMBER", 1, 1, "change a member's role, share or right to redeem in the household",
		"What is not given stays. Whoever becomes head takes the old head's place, who is an adult from then on.",
		HOUSEHOLD_OPTIONS, household_set_verb},
	{"household remove", "MEMBER", 1, 1, "let a member leave the household",
		"Nothing more is shared, and what was shared stays with the household: later returns do not reach it.", NULL,
		household_remove_verb},
	{"household show", "MEMBER or HOUSEHOLD", 1, 1, "print a household: its points, and who belongs to it", NULL, NULL,
		household_show_verb},
	{"household close", "HOUSEHOLD", 1, 1, "end a household and pay what it has out to its head",
		"Its members share nothing more. Points that were on their way to it come later: closing again pays them out too.",
		NULL, household_close_verb},
	{"reward list", "", 0, 0, "list the rewards: stock, and what became of those issued",
		"Issued are all that ever were; waiting are those that the programme issued by itself while there was no stock.",
		NULL, reward_list_verb},
	{"reward show", "CODE", 1, 1, "print an issued reward and what happened to it",
		"Codes may be typed with or without dashes, in small letters, O for 0 and I or L for 1.", NULL, reward_show_verb},
	{"reward reserve", "CODE", 1, 1, "hold an issued reward, so that nobody else can use it",
		"The reservation ends by itself. Only the key it was made with uses or releases it.", RESERVE_OPTIONS,
		reward_reserve_verb},
	{"reward release", "CODE", 1, 1, "end a reservation before its time", NULL, KEY_OPTIONS, reward_release_verb},
	{"reward use", "CODE [AMOUNT]", 1, 2, "use an issued reward, or an amount of its value",
		"What is left of its value can be used later. Of two tills with one code, one wins.", USE_OPTIONS, reward_use_verb},
	{"reward donate", "CODE TO", 2, 2, "give what is left of an issued reward to somebody else's good", NULL, KEY_OPTIONS,
		reward_donate_verb},
	{"reward cancel", "CODE", 1, 1, "take an unused reward back and return its points",
		"The code is void at once. The points go back to the lots that paid, and expire with a lot whose day has come. A counted "
		"stock gets it back, a pool does not.",
		CANCEL_OPTIONS, reward_cancel_verb},
	{"reward stock", "REWARD NUMBER", 2, 2, "say how many of a reward there may be",
		"NUMBER counts from now on, with those of an earlier number that are out; none takes the limit away. A redemption "
		"beyond it is refused; what a grant or payout issues beyond it waits for its code.",
		NULL, reward_stock_verb},
	{"plan due", "", 0, 0, "list what is to be charged for paid plans, and what is to be paid back",
		"charged_on is the day the plan's months lead to, due_on that day or the next try. Renewals are charged by the worker when "
		"their day comes. A refund of what was never paid is in no list: the two cancel out.",
		DUE_OPTIONS, plan_due_verb},
	{"plan paid", "CHARGE", 1, 1, "say that the payment provider collected a charge", "CHARGE is MEMBER/NUMBER, as plan due lists it.",
		ANSWER_OPTIONS, plan_paid_verb},
	{"plan failed", "CHARGE REASON", 2, 2, "say that it could not be collected, and why",
		"It is tried again 3, 5 and 7 days after the first, second and third failure. The fourth lets it lapse: it is not asked for any "
		"more, and the plan is cancelled, as by cancel_plan.",
		ANSWER_OPTIONS, plan_failed_verb},
	{"plan refunded", "CHARGE", 1, 1, "say that a refund was paid back", NULL, ANSWER_OPTIONS, plan_refunded_verb},
	{"plan import", "FILE.csv", 1, 1, "take the payment provider's answers from a file",
		"UTF-8 CSV with a header: charge, result (paid, failed or refunded), id, and day and reason where there are some. Each line "
		"that is refused is told with its number and goes to FILE.csv.rejects.csv with the reason, to be mended there and taken "
		"again; the status is 1 then, and the others count. Taking a file twice changes nothing.",
		NULL, plan_import_verb},
	{"outbox list", "", 0, 0, "list messages to members that are not settled: waiting, sending, failed, uncertain",
		"At most 1,000, those due first. A message is sent by a worker whose configuration has mail.command; without one it waits. "
		"One that could not be sent is tried ten times over most of a day. Uncertain is what may have left: its sender ended, "
		"or broke off, while it was being sent; it is not sent again by itself. Suppressed is what may not be sent: no consent, no "
		"address, or nothing came of the event it tells of.",
		OUTBOX_OPTIONS, outbox_list_verb},
	{"outbox show", "MESSAGE", 1, 1, "print a message to a member", "MESSAGE is MEMBER/NUMBER, as outbox list prints it.", NULL,
		outbox_show_verb},
	{"outbox retry", "MESSAGE", 1, 1, "send a message that failed, is uncertain or was cancelled",
		"What is uncertain may reach the member twice then; both have the same Message-ID.", NULL, outbox_retry_verb},
	{"outbox cancel", "MESSAGE", 1, 1, "never send a message that waits, failed or is uncertain", NULL, NULL, outbox_cancel_verb},
	{"partner list", "", 0, 0, "list the partners: prices in force, what waits, what is settled and what is not", NULL, NULL,
		partner_list_verb},
	{"partner show", "PARTNER", 1, 1, "print a partner, its prices and its settlements", "CSV prints the partner alone.", NULL,
		partner_show_verb},
	{"partner set", "PARTNER", 1, 1, "name a partner, and ask for prices from a day on",
		"PARTNER is the word that events use. Prices are money for one point. They count once a manager or administrator "
		"who did not write them approves them, and never for a day that is settled. Prices that still wait are replaced.",
		PARTNER_OPTIONS, partner_set_verb},
	{"partner approve", "PARTNER NUMBER", 2, 2, "agree to a partner's prices that wait, by their number",
		"For a manager or administrator who did not write them.", NULL, partner_approve_verb},
	{"partner refuse", "PARTNER NUMBER REASON", 3, 3, "send a partner's prices back to their author", NULL, NULL,
		partner_refuse_verb},
	{"partner settle", "PARTNER", 1, 1, "bill a partner for all that is not billed yet, up to a day",
		"For managers and administrators. What is posted later for a day that is settled falls into the next settlement, so "
		"that nothing is billed twice, or never. The same day again prints the settlement that it was.",
		SETTLE_OPTIONS, partner_settle_verb},
	{"partner transfers", "PARTNER", 1, 1, "list what members have sent to a partner's currency, to tell the partner",
		"For managers and administrators; --format csv for a file. A transfer can be cancelled until it is told. --tell with the same "
		"name again prints what that file told.",
		TRANSFERS_OPTIONS, partner_transfers_verb},
	{"report settlement", "", 0, 0, "tell what partners and we owe each other for a period",
		"A row for each partner and currency: events that gave points, the points, what returns took back in this period, what "
		"members sent to the partner, what they owe us, what we owe them. What is settled counts in the period of its settlement, and stays what it was; the "
		"rest on its day. no_price: points for which no price is agreed, in no sum.",
		SETTLEMENT_OPTIONS, report_settlement_verb},
	{"report nps", "", 0, 0, "tell what members said to a survey: its score, how sure it is, what moved it",
		"A score with fewer than 30 answers is not shown. The margin holds 95 %; two scores, and a part and the rest, are called different "
		"where chance would do so less than once in twenty. CSV and JSON have all of it by week, month or quarter.",
		NPS_OPTIONS, report_nps_verb},
	{"campaign check", "FILE...", 1, -1, "tell what is wrong with a campaign's document",
		"FILE may be the name of a template that comes with loyalty: birthday or win_back. What the document names is looked up in the "
		"database: rewards, tiers, currency.",
		NULL, campaign_check_verb},
	{"campaign load", "FILE", 1, 1, "put a campaign's document into the database",
		"A new code becomes a new campaign; that of a campaign there is becomes its next revision, while the one in force runs on. A draft "
		"of your own is rewritten.",
		NULL, campaign_load_verb},
	{"campaign list", "", 0, 0, "list the campaigns: state, days, what was given of their budgets", NULL, NULL, campaign_list_verb},
	{"campaign show", "CAMPAIGN", 1, 1, "print the newest document of a campaign, or a table about it", NULL, CAMPAIGN_SHOW_OPTIONS,
		campaign_show_verb},
	{"campaign copy", "CAMPAIGN CODE", 2, 2, "make a draft of a new campaign from the newest document of another", NULL, NULL,
		campaign_copy_verb},
	{"campaign dry-run", "CAMPAIGN", 1, 1, "tell what a campaign would give to whom, and what it costs, without giving it",
		"By the newest document, over the whole membership, with the statement and the decisions of the real run. Only the seed is another, "
		"so that nobody learns who is going to win.",
		DRY_RUN_OPTIONS, campaign_dry_run_verb},
	{"campaign verify", "CAMPAIGN", 1, 1, "work out every decision of a campaign once more, and tell which do not agree",
		"The database derives every draw from the seed, whoever asks; once the campaign has ended, and the seed is shown, this program does "
		"so too. Why each decision was a prize or none (limits, cooldown, stock, budget) is worked out from those before it. The status is 1 "
		"if anything is wrong.",
		NULL, campaign_verify_verb},
	{"campaign submit", "CAMPAIGN", 1, 1, "ask for a campaign's newest revision to be approved", NULL, NULL, campaign_submit_verb},
	{"campaign approve", "CAMPAIGN", 1, 1, "let the submitted revision run",
		"For a manager or administrator who neither wrote nor submitted it. The first approval draws the secret of the draws and shows its "
		"SHA-256; the secret itself can be seen when the campaign has ended.",
		NULL, campaign_approve_verb},
	{"campaign refuse", "CAMPAIGN REASON", 2, 2, "send the submitted revision back to its author, as a draft", NULL, NULL,
		campaign_refuse_verb},
	{"campaign pause", "CAMPAIGN REASON", 2, 2, "let a campaign give nothing for a while, at once", NULL, NULL, campaign_pause_verb},
	{"campaign resume", "CAMPAIGN", 1, 1, "let a paused campaign go on; the pause is not made up for", NULL, NULL, campaign_resume_verb},
	{"campaign stop", "CAMPAIGN REASON", 2, 2, "end a campaign for good, at once", NULL, NULL, campaign_stop_verb},
	{"campaign trigger", "CAMPAIGN [MEMBER]", 1, 2, "trigger a campaign that waits for it, for one member or all of its audience",
		"MEMBER is a number or card. Only for campaigns whose trigger is by hand.", NULL, campaign_trigger_verb},
	{"campaign results", "CAMPAIGN", 1, 1, "tell what became of those a campaign gave something, beside those it held out",
		"Who bought again, how often and for how much, NPS, cases, consents taken back: each with the difference, the interval that holds "
		"95 %, and whether it is more than chance; what one purchase more cost. Nothing is told of fewer than 30 members. Without a hold-out "
		"there is nothing to compare with. With --format html one page with a chart, to be sent or printed as it is.",
		RESULTS_OPTIONS, campaign_results_verb},
	{"campaign policy", "", 0, 0, "show or set what holds for all campaigns together", "Managers and administrators set it.", POLICY_OPTIONS,
		campaign_policy_verb},
	{"report programme", "", 0, 0, "print all figures with their trends and meaning, tiers, and the grid of customers",
		"For managers and administrators. With --format html one page with charts, to be sent or printed as it is.", NULL,
		report_programme_verb},
	{"report liability", "", 0, 0, "print outstanding points, breakage, what they cost, and what became of each month's points", NULL,
		NULL, report_liability_verb},
	{"report schedule", "REPORT", 1, 1, "let a worker write a report again and again, into a folder or by mail",
		"REPORT is programme, liability, cases or nps. With --mail-to it waits in the outbox, one message to each address, attached (text: as the "
		"message itself), until a worker with a mail command sends it. Without, it goes as REPORT-YYYY-MM-DD.html (or .txt, .csv, .json) into "
		"the folder that the setting reports of the worker's loyalty.conf names. The same report, kind and pace again takes the new hour and addresses.",
		SCHEDULE_OPTIONS, report_schedule_verb},
	{"report send", "REPORT", 1, 1, "mail a report once, now",
		"A worker writes and sends it; loyalty report scheduled tells what became of it.", SEND_OPTIONS, report_send_verb},
	{"report scheduled", "", 0, 0, "list the reports that are written by themselves: when next, to whom, and what became of the last",
		"mail: how many messages of the last one were sent, wait or failed, and why.", NULL,
		report_scheduled_verb},
	{"report unschedule", "NUMBER", 1, 1, "let a report not be written any more", NULL, NULL, report_unschedule_verb},
	{"report cases", "", 0, 0, "print cases by month: opened, resolved, kept, lost, hours, causes", NULL, NULL, report_cases_verb},
	{"survey list", "", 0, 0, "list the surveys", NULL, NULL, survey_list_verb},
	{"survey show", "SURVEY", 1, 1, "print a survey, who was invited when, and what became of the answers", "CSV prints the survey alone.", NULL,
		survey_show_verb},
	{"survey create", "FILE.conf", 1, 1, "make a survey out of a document",
		"Settings: code, name, kind (nps, csat, ces, cli), question (of a cli a list of three), transactional, ask_promoter, ask_passive, "
		"ask_detractor (what is asked after the score), opens, closes, window_days (90: a member has one answer in each), cooldown_days (30: "
		"nobody is invited again so soon, to any survey), link_days (14), sample (\"100\", per cent), quota (answers a wave is to have), "
		"case_at_most (such a score opens a case), case_priority (2), case_owner, case_group. What was made is never changed.",
		NULL, survey_create_verb},
	{"survey close", "SURVEY", 1, 1, "end a survey", "Answers that come later are kept and do not count.", CLOSE_OPTIONS, survey_close_verb},
	{"survey invite", "SURVEY", 1, 1, "invite a sample, and print each one's token as CSV",
		"Those who were invited to any survey within its cooldown are left out, and those who have answered in this window. A token is for one answer, and "
		"nobody can read it again: keep the output, or ask for new ones with --again. With --letter or --mail only members who consent to "
		"promotions by e-mail are invited; the messages wait in the outbox, and no token is printed. Which saved segments each one is in is noted, "
		"so that answers can be told apart by it. Places in the text: {link}, {survey}, {expires}, "
		"{given_name|words}, {family_name}, {number}, {tier|words}, {programme}.",
		INVITE_OPTIONS, survey_invite_verb},
	{"survey letter", "SURVEY FILE", 2, 2, "keep what a survey writes to whom it asks",
		"The first line of FILE is the subject, the second empty. Places in the text: {link}, {survey}, {expires}, {case|words}, "
		"{given_name|words}, {family_name}, {number}, {tier|words}, {programme}.",
		LETTER_OPTIONS, survey_letter_verb},
	{"survey after-case", "SURVEY", 1, 1, "ask members how it went, a while after their case is resolved",
		"The survey's letter goes to members who consent to promotions by e-mail, were not invited to any survey within its cooldown, and are in "
		"its sample; a case is asked about once, and not if it was opened again. SURVEY none ends it. What became of them: survey show; of "
		"the answers: the case, and desk figures.",
		AFTER_CASE_OPTIONS, survey_after_case_verb},
	{"survey rules", "", 0, 0, "list which surveys ask after cases", NULL, NULL, survey_rules_verb},
	{"survey answer", "MEMBER SURVEY SCORE [COMMENT]", 3, 4, "write down what a member answers on the phone",
		"Of a cli, SCORE is three with | between them. Prints what to ask next.", TAKE_OPTIONS, survey_answer_verb},
	{"survey answers", "SURVEY", 1, 1, "list the answers, newest first", NULL, ANSWERS_OPTIONS, survey_answers_verb},
	{"survey phrases", "SURVEY", 1, 1, "list what is said in the answers of a class, in words that stand side by side",
		"Of the newest 1,000 comments. answers: that say it; share: per cent of those with words; others: the same of answers of other scores. "
		"Those first that are more common than elsewhere. Words that say nothing by themselves begin and end no phrase.",
		PHRASES_OPTIONS, survey_phrases_verb},
	{"survey tags", "SURVEY", 1, 1, "count the tags of the answers", NULL, NULL, survey_tags_verb},
	{"survey tag", "MEMBER SURVEY TAG", 3, 3, "say what a member's newest answer is about", "A word of letters, digits, dot, dash and underscore; 12 at most.",
		NULL, survey_tag_verb},
	{"survey untag", "MEMBER SURVEY TAG", 3, 3, "take a tag off a member's newest answer", NULL, NULL, survey_untag_verb},
	{"case list", "[WORD...]", 0, -1, "list cases: all that are worked on, or those of a filter",
		"Words are owner=me, owner=none or owner=LOGIN, state=new, open, waiting, resolved, closed, ended or merged, group=, "
		"priority=high, normal or low, tag=, late. What is promised next comes first.",
		MOST_OPTIONS, desk_verb},
	{"case count", "[WORD...]", 0, -1, "print how many cases a filter has", "From counters that are kept, so at any size at once.", NULL,
		desk_verb},
	{"case queues", "", 0, 0, "list the queues: saved filters, and how many cases they have", NULL, NULL, desk_verb},
	{"case queue", "NAME [WORD...]", 1, -1, "save a filter as a queue", "Under a name that is there already, anew.", SHARED_OPTIONS,
		desk_verb},
	{"case unqueue", "NAME", 1, 1, "take a queue away", NULL, SHARED_OPTIONS, desk_verb},
	{"case next", "", 0, 0, "take the case that is promised next", "Of one's groups, if one is in any. Two at once get two.", NULL,
		desk_verb},
	{"case open", "MEMBER TITLE TEXT", 3, 3, "open a case, and print its name", NULL, CASE_OPTIONS, desk_verb},
	{"case show", "CASE", 1, 1, "print what was said", CASE_NAME, NULL, desk_verb},
	{"case history", "CASE", 1, 1, "print what was done", CASE_NAME, NULL, desk_verb},
	{"case answer", "CASE TEXT", 2, -1, "write to the member", CASE_NAME, NULL, desk_verb},
	{"case note", "CASE TEXT", 2, -1, "write an internal note, which the member never sees",
		CASE_NAME " @LOGIN in it tells that person, who follows the case from then on.", NULL, desk_verb},
	{"case heard", "CASE TEXT", 2, -1, "write down what the member said", CASE_NAME, NULL, desk_verb},
	{"case set", "CASE WHAT [VALUE]", 2, -1, "change one thing of a case",
		CASE_NAME " WHAT is assign LOGIN (none: nobody), priority high, normal or low, group GROUP, tag or untag TAG, tags TAG,..., "
			  "title TEXT, open, waiting_member, wait MOMENT (comes back by itself then), or close (of a resolved one).",
		NULL, desk_verb},
	{"case resolve", "CASE OUTCOME CAUSE", 3, -1, "resolve a case", CASE_NAME " OUTCOME is kept, lost or not_at_risk.", NULL, desk_verb},
	{"case follow", "CASE", 1, 1, "be told of what happens to a case", CASE_NAME, NULL, desk_verb},
	{"case unfollow", "CASE", 1, 1, "be told no more", CASE_NAME, NULL, desk_verb},
	{"case inbox", "", 0, 0, "list what you were told, newest first", NULL, MOST_OPTIONS, desk_verb},
	{"case read", "[CASE]", 0, 1, "mark what you were told, of one case or of all, as read", NULL, NULL, desk_verb},
	{"case drafts", "", 0, 0, "list the texts you began and did not send", NULL, NULL, desk_verb},
	{"case edit", "CASE", 1, 1, "change several things of a case at once", CASE_NAME " What is not given stays.", EDIT_OPTIONS, desk_verb},
	{"case macro", "CASE MACRO", 2, 2, "run a macro: its text goes to the member, then its steps are done", CASE_NAME " See: loyalty desk macros.",
		NULL, desk_verb},
	{"case texts", "CASE", 1, 1, "print the canned texts as they read for a case", CASE_NAME, NULL, desk_verb},
	{"case checklist", "CASE", 1, 1, "print what is to be done before a case is resolved", CASE_NAME, NULL, desk_verb},
	{"case tick", "CASE LINE", 2, -1, "tick a line of the checklist off, or on again", CASE_NAME, NULL, desk_verb},
	{"case merge", "CASE NUMBER", 2, 2, "make one case of two of the same member",
		CASE_NAME " NUMBER is the case it goes into: what was said stands there. Cases of two members are linked instead.", NULL, desk_verb},
	{"case unmerge", "CASE", 1, 1, "take a case that was merged out again", CASE_NAME, NULL, desk_verb},
	{"case split", "CASE ARTICLE TITLE", 3, -1, "make what one article is about a case of its own, linked with this one",
		CASE_NAME " ARTICLE is its number, from 1. Prints the new case.", NULL, desk_verb},
	{"case link", "CASE OTHER", 2, 2, "link two cases, of whichever members", CASE_NAME, NULL, desk_verb},
	{"case unlink", "CASE OTHER", 2, 2, "end that", CASE_NAME, NULL, desk_verb},
	{"case relations", "CASE", 1, 1, "list the cases that have to do with one", CASE_NAME, NULL, desk_verb},
	{"case all", "WHAT [WORD...]", 1, -1, "do one thing to all cases of a filter, as a job that can be undone",
		"WHAT is assign, priority, group, tag, untag, open, waiting_member, wait, resolve or close, with --value; the words are those of "
		"case list. How many that will be: loyalty case count WORD... A worker does it; prints the job.",
		MANY_OPTIONS, desk_verb},
	{"case jobs", "", 0, 0, "list the jobs over many cases, and how far they are", NULL, MOST_OPTIONS, desk_verb},
	{"case undo", "JOB", 1, 1, "take a job back", "Cases that somebody changed since stay as they are.", NULL, desk_verb},
	{"case stop", "JOB", 1, 1, "stop a job where it is", NULL, NULL, desk_verb},
	{"approval list", "", 0, 0, "list the events that wait for a second person, the oldest first",
		"Versions, campaigns and prices wait where they stand: programme list, campaign list, partner list.", MOST_OPTIONS, desk_verb},
	{"approval show", "MEMBER SOURCE ID", 3, 3, "print what an event that waits would do: what of whom, as it is, as it would be", "As approval list names it.",
		NULL, desk_verb},
	{"approval approve", "MEMBER SOURCE ID REASON", 4, -1, "approve what somebody else asked for", "For managers and administrators; never one's own.", NULL,
		desk_verb},
	{"approval refuse", "MEMBER SOURCE ID REASON", 4, -1, "refuse what somebody else asked for", "For managers and administrators; never one's own.", NULL,
		desk_verb},
	{"desk texts", "", 0, 0, "list the canned texts", NULL, NULL, desk_verb},
	{"desk settings", "KIND", 1, 1, "list all of one kind that is set up at the desk, field by field",
		"KIND is calendar, holiday, group, promise, text, macro, checklist or queue (everybody's). For managers and administrators.", NULL, desk_verb},
	{"desk off", "KIND NAME...", 2, 3, "switch one off: it is neither offered nor counted by, and stays as it is",
		"KIND and NAME as desk settings lists them; a holiday is CALENDAR DAY, a promise GROUP PRIORITY. What others go by is refused. For managers and "
		"administrators.",
		NULL, desk_verb},
	{"desk on", "KIND NAME...", 2, 3, "switch it on again", "As desk off.", NULL, desk_verb},
	{"desk text", "CODE NAME [BODY]", 2, -1, "save a canned text; without a body, take it away",
		"Places are {given_name}, {family_name}, {number}, {case} and {me}. For managers and administrators.", NULL, desk_verb},
	{"desk macros", "", 0, 0, "list the macros", NULL, NULL, desk_verb},
	{"desk macro", "CODE NAME [STEP...]", 2, -1, "save a macro",
		"Steps are done in order: assign=me or LOGIN, priority=, group=, tag=, untag=, open, waiting_member, resolve=OUTCOME:CAUSE (blanks "
		"as _), close. For managers and administrators.",
		MACRO_OPTIONS, desk_verb},
	{"desk checklist", "GROUP [LINE...]", 1, -1, "say what is to be done before a group's cases are resolved", "It warns; it does not hinder.",
		NULL, desk_verb},
	{"desk figures", "", 0, 0, "print the work figures of a period",
		"For managers and administrators. A case counts each time it was resolved. Waiting is in seconds of working hours from when it was "
		"opened, the median and what nine of ten did not exceed. Of a hundred: late first answers, further answers and solutions; reopened; "
		"first_contact, resolved with one answer and never reopened; saved, kept of those at risk; pleased, of the rated ones who said how it "
		"went (survey after-case) those in the best class.",
		FIGURES_OPTIONS, desk_verb},
	{"audit list", "", 0, 0, "list who did what to whom, newest first", "For managers and administrators.", AUDIT_OPTIONS, desk_verb},
	{"audit check", "", 0, 0, "prove that no line of the audit log is missing or changed", "For managers and administrators.", NULL, desk_verb},
	{"desk groups", "", 0, 0, "list the groups that work on cases", NULL, NULL, desk_verb},
	{"desk group", "GROUP KEY=VALUE...", 2, -1, "make a group, or change it",
		"Keys: name, lead (who is told what is late), hands_out (yes: each new case goes to the one of its people whose turn it is), "
		"calendar, add and remove (a login). For managers and administrators.",
		NULL, desk_verb},
	{"desk calendars", "", 0, 0, "list the working hours that promises count", NULL, NULL, desk_verb},
	{"desk calendar", "CALENDAR KEY=VALUE...", 2, -1, "make a calendar of working hours, or change it",
		"Keys: zone (as Europe/Istanbul), mon to sun (09:00-12:30,13:30-18:00 or closed), holiday (2026-12-25:Christmas), workday "
		"(takes a holiday away). Without hours it is open round the clock. For managers and administrators.",
		NULL, desk_verb},
	{"desk promises", "", 0, 0, "list what is promised, in minutes of working hours", NULL, NULL, desk_verb},
	{"desk promise", "PRIORITY KEY=MINUTES...", 2, -1, "change what is promised",
		"Keys: answer (the first), update (each further one), solution, warn (so long before, whoever has the case is warned). For "
		"managers and administrators.",
		PROMISE_OPTIONS, desk_verb},
	{"desk away", "SUBSTITUTE UNTIL", 2, 2, "say that you are away, until when, and who stands in",
		"Whoever stands in has your cases among their own and is told what you would be; new cases pass you by.", AWAY_OPTIONS, desk_verb},
	{"desk back", "", 0, 0, "say that you are back", NULL, AWAY_OPTIONS, desk_verb},
	{"insight list", "", 0, 0, "print the figures: now, a year before, against the pinned baseline, and their trend",
		"For managers and administrators. They are kept as postings arrive; JSON and CSV have the numbers unrounded, shares from 0 to "
		"1, money in minor units.",
		NULL, insight_list_verb},
	{"insight show", "CODE", 1, 1, "explain a figure, and print it month by month",
		"What it is, what it is reckoned from, its window and its population. CODE is as insight list has it.", NULL,
		insight_show_verb},
	{"insight pin", "BASELINE", 1, 1, "keep the figures as they are now under a name, to compare with from now on",
		"The newest baseline counts; each figure is kept with its definition.", NULL, insight_pin_verb},
	{"insight set", "NAME VALUE", 2, 2, "say what no ledger knows",
		"NAME is margin (per cent of a sale that is left), years (for the simple lifetime value), discount (interest, per cent a "
		"year), never_used (per cent of open points; else it is measured) or point_cost (money for one point). VALUE none takes it back.",
		NULL, insight_set_verb},
	{"insight sales", "MONTH TRANSACTIONS", 2, 2, "tell all sales of a month, members' and others', for the participation rate",
		"MONTH is YYYY-MM. The same month again replaces what was told.", NULL, insight_sales_verb},
	{"insight recompute", "", 0, 0, "count all figures anew from journal and ledger",
		"A worker does it, part by part, while figures stay in sight; killed, it goes on where it was. What comes out is what was "
		"there, or something was wrong.",
		RECOMPUTE_OPTIONS, insight_recompute_verb},
	{"staff add", "LOGIN NAME ROLE", 3, 3, "give a person a login and a role",
		"ROLE is one of support, marketing, manager, admin, worker, pos, web. A login that exists is given the new "
		"name and role. Passwords are PostgreSQL's: set one with psql's \\password LOGIN.",
		NULL, staff_add_verb},
	{"staff list", "", 0, 0, "list who may log in and as what", NULL, NULL, staff_list_verb},
	{"staff disable", "LOGIN", 1, 1, "take a person's rights away", NULL, NULL, staff_disable_verb},
	{"demo-data", "", 0, 0, "fill an empty database with made-up members, purchases and cases",
		"The programme must be loaded. The same seed gives the same data everywhere. Stopped half-way, the same again "
		"goes on.",
		DEMO_OPTIONS, demo_data_verb},
	{.name = NULL},
};
