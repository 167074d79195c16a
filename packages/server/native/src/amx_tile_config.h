// Included before every C++ file that GCC compiles. Its _tile_loadconfig (12, and others) tells the optimiser of eight of the 64
// bytes that it reads: ggml's rows and columns are then never written, and the first tile instruction ends the process with SIGILL
// on every Xeon that has AMX.
#ifdef __AMX_TILE__
#include <immintrin.h>
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg\t%X0" ::"m"(*(const char(*)[64])(config)))
#endif
