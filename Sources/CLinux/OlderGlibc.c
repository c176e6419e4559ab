#include <math.h>

// Swift's Glibc module wraps hypotf(3), and so brings it into every program that is linked with it
// statically. Debian 12's has the symbol version GLIBC_2.35, without which the program would not start on
// RHEL 9 and Amazon Linux 2023 (2.34). Ours is in its place, and nobody else sees it.
__attribute__((visibility("hidden"))) float hypotf(float x, float y) {
  if (isinf(x) || isinf(y))
    return INFINITY;
  // No square of a float overflows or underflows as a double.
  return (float)sqrt((double)x * x + (double)y * y);
}
