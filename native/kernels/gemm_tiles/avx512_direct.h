// The AVX-512 tiles that read A and B where they lie, for products too small or too thin to be worth packing.
//
// Rows of A are adjacent in k, rows of B in the columns; a step is one k. The wide tile is 14 rows of two vectors, the
// narrow one 16 rows of one. Needs the definitions of avx512_tile.h.
//
// Registers beside those of avx512_tile.h: rcx, rdx, rsi A's rows 4, 8, 12; r8 bytes of a row of A, r9 three times
// that; r11 bytes of a row of B; rbx what is fetched ahead, by r15 bytes each step.

#define ASSAY_AT_ROW_0 "(%%rax)"
#define ASSAY_AT_ROW_1 "(%%rax, %%r8)"
#define ASSAY_AT_ROW_2 "(%%rax, %%r8, 2)"
#define ASSAY_AT_ROW_3 "(%%rax, %%r9)"
#define ASSAY_AT_ROW_4 "(%%rcx)"
#define ASSAY_AT_ROW_5 "(%%rcx, %%r8)"
#define ASSAY_AT_ROW_6 "(%%rcx, %%r8, 2)"
#define ASSAY_AT_ROW_7 "(%%rcx, %%r9)"
#define ASSAY_AT_ROW_8 "(%%rdx)"
#define ASSAY_AT_ROW_9 "(%%rdx, %%r8)"
#define ASSAY_AT_ROW_10 "(%%rdx, %%r8, 2)"
#define ASSAY_AT_ROW_11 "(%%rdx, %%r9)"
#define ASSAY_AT_ROW_12 "(%%rsi)"
#define ASSAY_AT_ROW_13 "(%%rsi, %%r8)"
#define ASSAY_AT_ROW_14 "(%%rsi, %%r8, 2)"
#define ASSAY_AT_ROW_15 "(%%rsi, %%r9)"

#define ASSAY_WIDE_ROW(I, LOW, HIGH, A) \
  ASSAY_LOAD_A " " ASSAY_AT_ROW_##I ", %%zmm" #A "\n\t" ASSAY_FMA(A, 0, LOW) ASSAY_FMA(A, 1, HIGH)
#define ASSAY_NARROW_ROW(I, SUM, A) ASSAY_LOAD_A " " ASSAY_AT_ROW_##I ", %%zmm" #A "\n\t" ASSAY_FMA(A, 0, SUM)
#define ASSAY_WIDE_1 ASSAY_WIDE_ROW(0, 4, 5, 2)
#define ASSAY_WIDE_2 ASSAY_WIDE_1 ASSAY_WIDE_ROW(1, 6, 7, 3)
#define ASSAY_WIDE_3 ASSAY_WIDE_2 ASSAY_WIDE_ROW(2, 8, 9, 2)
#define ASSAY_WIDE_4 ASSAY_WIDE_3 ASSAY_WIDE_ROW(3, 10, 11, 3)
#define ASSAY_WIDE_5 ASSAY_WIDE_4 ASSAY_WIDE_ROW(4, 12, 13, 2)
#define ASSAY_WIDE_6 ASSAY_WIDE_5 ASSAY_WIDE_ROW(5, 14, 15, 3)
#define ASSAY_WIDE_7 ASSAY_WIDE_6 ASSAY_WIDE_ROW(6, 16, 17, 2)
#define ASSAY_WIDE_8 ASSAY_WIDE_7 ASSAY_WIDE_ROW(7, 18, 19, 3)
#define ASSAY_WIDE_9 ASSAY_WIDE_8 ASSAY_WIDE_ROW(8, 20, 21, 2)
#define ASSAY_WIDE_10 ASSAY_WIDE_9 ASSAY_WIDE_ROW(9, 22, 23, 3)
#define ASSAY_WIDE_11 ASSAY_WIDE_10 ASSAY_WIDE_ROW(10, 24, 25, 2)
#define ASSAY_WIDE_12 ASSAY_WIDE_11 ASSAY_WIDE_ROW(11, 26, 27, 3)
#define ASSAY_WIDE_13 ASSAY_WIDE_12 ASSAY_WIDE_ROW(12, 28, 29, 2)
#define ASSAY_WIDE_14 ASSAY_WIDE_13 ASSAY_WIDE_ROW(13, 30, 31, 3)
#define ASSAY_NARROW_1 ASSAY_NARROW_ROW(0, 4, 2)
#define ASSAY_NARROW_2 ASSAY_NARROW_1 ASSAY_NARROW_ROW(1, 5, 3)
#define ASSAY_NARROW_3 ASSAY_NARROW_2 ASSAY_NARROW_ROW(2, 6, 2)
#define ASSAY_NARROW_4 ASSAY_NARROW_3 ASSAY_NARROW_ROW(3, 7, 3)
#define ASSAY_NARROW_5 ASSAY_NARROW_4 ASSAY_NARROW_ROW(4, 8, 2)
#define ASSAY_NARROW_6 ASSAY_NARROW_5 ASSAY_NARROW_ROW(5, 9, 3)
#define ASSAY_NARROW_7 ASSAY_NARROW_6 ASSAY_NARROW_ROW(6, 10, 2)
#define ASSAY_NARROW_8 ASSAY_NARROW_7 ASSAY_NARROW_ROW(7, 11, 3)
#define ASSAY_NARROW_9 ASSAY_NARROW_8 ASSAY_NARROW_ROW(8, 12, 2)
#define ASSAY_NARROW_10 ASSAY_NARROW_9 ASSAY_NARROW_ROW(9, 13, 3)
#define ASSAY_NARROW_11 ASSAY_NARROW_10 ASSAY_NARROW_ROW(10, 14, 2)
#define ASSAY_NARROW_12 ASSAY_NARROW_11 ASSAY_NARROW_ROW(11, 15, 3)
#define ASSAY_NARROW_13 ASSAY_NARROW_12 ASSAY_NARROW_ROW(12, 16, 2)
#define ASSAY_NARROW_14 ASSAY_NARROW_13 ASSAY_NARROW_ROW(13, 17, 3)
#define ASSAY_NARROW_15 ASSAY_NARROW_14 ASSAY_NARROW_ROW(14, 18, 2)
#define ASSAY_NARROW_16 ASSAY_NARROW_15 ASSAY_NARROW_ROW(15, 19, 3)
#define ASSAY_NARROW_EACH_1(DO) DO(4)
#define ASSAY_NARROW_EACH_2(DO) DO(5) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_1(DO)
#define ASSAY_NARROW_EACH_3(DO) DO(6) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_2(DO)
#define ASSAY_NARROW_EACH_4(DO) DO(7) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_3(DO)
#define ASSAY_NARROW_EACH_5(DO) DO(8) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_4(DO)
#define ASSAY_NARROW_EACH_6(DO) DO(9) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_5(DO)
#define ASSAY_NARROW_EACH_7(DO) DO(10) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_6(DO)
#define ASSAY_NARROW_EACH_8(DO) DO(11) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_7(DO)
#define ASSAY_NARROW_EACH_9(DO) DO(12) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_8(DO)
#define ASSAY_NARROW_EACH_10(DO) DO(13) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_9(DO)
#define ASSAY_NARROW_EACH_11(DO) DO(14) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_10(DO)
#define ASSAY_NARROW_EACH_12(DO) DO(15) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_11(DO)
#define ASSAY_NARROW_EACH_13(DO) DO(16) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_12(DO)
#define ASSAY_NARROW_EACH_14(DO) DO(17) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_13(DO)
#define ASSAY_NARROW_EACH_15(DO) DO(18) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_14(DO)
#define ASSAY_NARROW_EACH_16(DO) DO(19) ASSAY_ROW_ABOVE ASSAY_NARROW_EACH_15(DO)

#define ASSAY_NARROW_STORE(SUM) ASSAY_PUT("0", SUM, "k1")
#define ASSAY_NARROW_PLUS(SUM) ASSAY_PLUS("0", SUM, "k1") ASSAY_NARROW_STORE(SUM)

#define ASSAY_PLACES                                                                              \
  "mov %c[a](%%rdi), %%rax\n\tmov %c[a_row](%%rdi), %%r8\n\tlea (%%r8, %%r8, 2), %%r9\n\t"        \
  "lea (%%rax, %%r8, 4), %%rcx\n\tlea (%%rcx, %%r8, 4), %%rdx\n\tlea (%%rdx, %%r8, 4), %%rsi\n\t" \
  "mov %c[ahead_a](%%rdi), %%rbx\n\tmov %c[ahead_a_step](%%rdi), %%r15\n\t"                       \
  "mov %c[b](%%rdi), %%r10\n\tmov %c[b_row](%%rdi), %%r11\n\tmov %c[steps](%%rdi), %%r12\n\t" ASSAY_C_ROW ASSAY_MASKS
#define ASSAY_ADVANCE                                                                                          \
  "add $" ASSAY_STEP ", %%rax\n\tadd $" ASSAY_STEP ", %%rcx\n\tadd $" ASSAY_STEP ", %%rdx\n\tadd $" ASSAY_STEP \
  ", %%rsi\n\tadd %%r11, %%r10\n\tdec %%r12\n\tjnz 1b\n\t"

// The same rows of B under the next tile, and the lines of C where it is too large to be near.
#define ASSAY_FETCH_BESIDE "prefetcht0 128(%%r10)\n\tprefetcht0 192(%%r10)\n\t"
#define ASSAY_FETCH_ROW(LOW, HIGH) "prefetchw (%%r13)\n\tprefetchw 64(%%r13)\n\tprefetchw 127(%%r13)\n\t"
#define ASSAY_FETCH_ONE(LEVEL) "prefetch" LEVEL " (%%rbx)\n\tadd %%r15, %%rbx\n\t"

#define ASSAY_FETCH_ROWS(ROWS) \
  "cmpl $0, %c[dense](%%rdi)\n\tjz 1f\n\t" ASSAY_LAST_ROW(ROWS) ASSAY_EACH_##ROWS(ASSAY_FETCH_ROW)

// Laid out by hand: the formatter finds no fixed point for these.
// clang-format off
#define ASSAY_WIDE_TILE(ROWS)                                                                                 \
  void wide_##ROWS(const TileWords<Scale>* words) {                                                           \
    asm volatile(ASSAY_PLACES ASSAY_EACH_##ROWS(ASSAY_CLEAR) ASSAY_FETCH_ROWS(ROWS) ".p2align 5\n"          \
                 "1:\n\t" ASSAY_MOVE " (%%r10), %%zmm0%{%%k1%}%{z%}\n\t"                                    \
                 ASSAY_MOVE " 64(%%r10), %%zmm1%{%%k2%}%{z%}\n\t"                                           \
                 ASSAY_FETCH_BESIDE ASSAY_FETCH_ONE("t1") ASSAY_WIDE_##ROWS ASSAY_ADVANCE                                         \
                 ASSAY_FINISH(ROWS, ASSAY_EACH_##ROWS, ASSAY_SCALE, ASSAY_PLUS_C, ASSAY_STORE)                    \
                 : "+D"(words)                                                                              \
                 : ASSAY_OFFSETS                                                                            \
                 : ASSAY_CHANGED); \
  }

#define ASSAY_NARROW_TILE(ROWS)                                                                                  \
  void narrow_##ROWS(const TileWords<Scale>* words) {                                                            \
    asm volatile(ASSAY_PLACES ASSAY_NARROW_EACH_##ROWS(ASSAY_ZERO) ".p2align 5\n"                              \
                 "1:\n\t" ASSAY_MOVE " (%%r10), %%zmm0%{%%k1%}%{z%}\n\t" ASSAY_FETCH_ONE("t0") ASSAY_NARROW_##ROWS ASSAY_ADVANCE     \
                 ASSAY_FINISH(ROWS, ASSAY_NARROW_EACH_##ROWS, ASSAY_TIMES, ASSAY_NARROW_PLUS, ASSAY_NARROW_STORE)    \
                 : "+D"(words)                                                                                 \
                 : ASSAY_OFFSETS                                                                               \
                 : ASSAY_CHANGED); \
  }

#define ASSAY_DIRECT_TILES                                                                                    \
  ASSAY_WIDE_TILE(1) ASSAY_WIDE_TILE(2) ASSAY_WIDE_TILE(3) ASSAY_WIDE_TILE(4) ASSAY_WIDE_TILE(5)              \
  ASSAY_WIDE_TILE(6) ASSAY_WIDE_TILE(7) ASSAY_WIDE_TILE(8) ASSAY_WIDE_TILE(9) ASSAY_WIDE_TILE(10)             \
  ASSAY_WIDE_TILE(11) ASSAY_WIDE_TILE(12) ASSAY_WIDE_TILE(13) ASSAY_WIDE_TILE(14)                             \
  ASSAY_NARROW_TILE(1) ASSAY_NARROW_TILE(2) ASSAY_NARROW_TILE(3) ASSAY_NARROW_TILE(4)                         \
  ASSAY_NARROW_TILE(5) ASSAY_NARROW_TILE(6) ASSAY_NARROW_TILE(7) ASSAY_NARROW_TILE(8)                         \
  ASSAY_NARROW_TILE(9) ASSAY_NARROW_TILE(10) ASSAY_NARROW_TILE(11) ASSAY_NARROW_TILE(12)                      \
  ASSAY_NARROW_TILE(13) ASSAY_NARROW_TILE(14) ASSAY_NARROW_TILE(15) ASSAY_NARROW_TILE(16)                     \
  constexpr AsmTile<Scale> WIDE_OF_ROWS[] = {wide_1, wide_2, wide_3, wide_4, wide_5, wide_6, wide_7,          \
                                             wide_8, wide_9, wide_10, wide_11, wide_12, wide_13, wide_14};    \
  constexpr AsmTile<Scale> NARROW_OF_ROWS[] = {narrow_1, narrow_2, narrow_3, narrow_4, narrow_5, narrow_6,    \
                                               narrow_7, narrow_8, narrow_9, narrow_10, narrow_11, narrow_12, \
                                               narrow_13, narrow_14, narrow_15, narrow_16};
// clang-format on
