/* A mathematical library of another machine, on this one: what the system's functions return, with the last bit moved.
   A quarter of the results are one unit in the last place further from zero, a quarter nearer to it, by a hash of
   the result and of the number in LAST_BITS. Results that are exact stay, as they do in every library: 0, infinities,
   and numbers of few digits, such as exp(0) and log2(8). Results of equal magnitude are moved alike, so that sin
   remains odd and cos even, and none beyond 1 that was not there. If anything was moved, the file that LAST_BITS_MOVED names is written
   at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t salt;
static volatile int moved;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("LAST_BITS");
    salt = text ? strtoull(text, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("LAST_BITS_MOVED");
    FILE *file = moved && path ? fopen(path, "w") : NULL;
    if (file) {
        fputs("moved\n", file);
        fclose(file);
    }
}

static double move(double result) {
    const uint64_t sign = 1ull << 63, infinity = 0x7ffull << 52, one = 0x3ffull << 52;
    uint64_t bits;
    memcpy(&bits, &result, sizeof bits);
    uint64_t magnitude = bits & ~sign;
    /* No number, or one of thirty binary digits at most: exact. */
    if (magnitude >= infinity || (magnitude & ((1ull << 23) - 1)) == 0) {
        return result;
    }
    /* The finaliser of SplitMix64. */
    uint64_t hash = magnitude + (salt + 1) * 0x9e3779b97f4a7c15ull;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ull;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebull;
    hash ^= hash >> 31;
    uint64_t to = magnitude + (hash % 4 == 0) - (hash % 4 == 1);
    if (to != magnitude && to < infinity && !(magnitude < one && to > one)) {
        magnitude = to;
        if (!moved) {
            moved = 1;
        }
    }
    bits = (bits & sign) | magnitude;
    memcpy(&result, &bits, sizeof bits);
    return result;
}

/* The next function of this name: the system's. Finding it twice does no harm. */
#define SYSTEM(name)                                                                               \
    if (!system) {                                                                                 \
        *(void **)&system = dlsym(RTLD_NEXT, #name);                                               \
    }

#define OF_ONE(name)                                                                               \
    double name(double x) {                                                                        \
        static double (*system)(double);                                                           \
        SYSTEM(name)                                                                               \
        return move(system(x));                                                                    \
    }

#define OF_TWO(name)                                                                               \
    double name(double x, double y) {                                                              \
        static double (*system)(double, double);                                                   \
        SYSTEM(name)                                                                               \
        return move(system(x, y));                                                                 \
    }

OF_ONE(exp)
OF_ONE(exp2)
OF_ONE(expm1)
OF_ONE(log)
OF_ONE(log2)
OF_ONE(log10)
OF_ONE(log1p)
OF_ONE(sin)
OF_ONE(cos)
OF_ONE(tan)
OF_ONE(asin)
OF_ONE(acos)
OF_ONE(atan)
OF_ONE(sinh)
OF_ONE(cosh)
OF_ONE(tanh)
OF_ONE(asinh)
OF_ONE(acosh)
OF_ONE(atanh)
OF_ONE(cbrt)
OF_ONE(tgamma)
OF_ONE(erf)
OF_ONE(erfc)
OF_TWO(atan2)
OF_TWO(hypot)

/* Its value is exact where it is the base. */
double pow(double x, double y) {
    static double (*system)(double, double);
    SYSTEM(pow)
    return y == 1.0 ? x : move(system(x, y));
}

double lgamma_r(double x, int *sign) {
    static double (*system)(double, int *);
    SYSTEM(lgamma_r)
    return move(system(x, sign));
}

void sincos(double x, double *sine, double *cosine) {
    static void (*system)(double, double *, double *);
    SYSTEM(sincos)
    system(x, sine, cosine);
    *sine = move(*sine);
    *cosine = move(*cosine);
}
