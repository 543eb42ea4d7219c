// The command line: options, then a verb, then its arguments.
#include <stdio.h>

int main(void)
{
	puts("loyalty " LOYALTY_VERSION);
	return 0;
}
