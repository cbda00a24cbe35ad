/* units.h - the translation units compiled with the plugin, see units.c. */
#ifndef TLI_UNITS_H
#define TLI_UNITS_H

#include "tally/abi.h"

const struct tally_unit *tli_units(void); /* linked by `next`; null if none */

#endif
