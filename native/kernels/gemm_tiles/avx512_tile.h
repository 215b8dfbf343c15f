// The AVX-512 tiles, scheduled by hand: compilers spill the accumulators of the dot-product instructions when the same
// loops are written with intrinsics. This file holds what they share and the tile that reads packed A and B.
//
// Include it once per element type, with these defined:
//   ASSAY_LOAD_A  instruction that repeats one step of A over a vector     ASSAY_STEP  bytes of that step, as text
//   ASSAY_ADD, ASSAY_MUL  on C's elements
//   ASSAY_MOVE    masked move of C's elements                              ASSAY_SPREAD  repeats alpha over a vector
//   ASSAY_FMA(A, B, SUM)  the instruction itself, since its operands come in different order
//   ASSAY_BEGIN(ROWS)     what the accumulators start from
//   ASSAY_ROW_BYTES       of a packed row of A, at most, where that is not STEPS_BYTES
//   ASSAY_CARRY(ROWS)     steps that carry: ASSAY_CARRY_PIECES, or ASSAY_CARRY_NONE where packing is not copying
//
// Registers: rdi TileWords, rax A, r10 B, r11 and r12 steps left, r13 walks along C, r14 bytes of a row of C, rcx and
// rsi what is fetched ahead, by rdx and r8 bytes each time; while pieces are carried rcx is where from, by rdx, and rbx
// where to, by r9; zmm0 and zmm1 a step of B, zmm2 and zmm3 one of A, zmm4 to
// zmm31 two accumulators a row; k1 and k2 the columns that exist. They are fixed, because an unoptimised build has too
// few to give to so many operands.

#ifndef ASSAY_ROW_BYTES
#define ASSAY_ROW_BYTES STEPS_BYTES
#endif
#define ASSAY_ROW(I, LOW, HIGH, A, U)                                                                  \
  ASSAY_LOAD_A " " #I "*%c[stride]+" #U "*" ASSAY_STEP "(%%rax), %%zmm" #A "\n\t" ASSAY_FMA(A, 0, LOW) \
      ASSAY_FMA(A, 1, HIGH)
#define ASSAY_ROWS_1(U) ASSAY_ROW(0, 4, 5, 2, U)
#define ASSAY_ROWS_2(U) ASSAY_ROWS_1(U) ASSAY_ROW(1, 6, 7, 3, U)
#define ASSAY_ROWS_3(U) ASSAY_ROWS_2(U) ASSAY_ROW(2, 8, 9, 2, U)
#define ASSAY_ROWS_4(U) ASSAY_ROWS_3(U) ASSAY_ROW(3, 10, 11, 3, U)
#define ASSAY_ROWS_5(U) ASSAY_ROWS_4(U) ASSAY_ROW(4, 12, 13, 2, U)
#define ASSAY_ROWS_6(U) ASSAY_ROWS_5(U) ASSAY_ROW(5, 14, 15, 3, U)
#define ASSAY_ROWS_7(U) ASSAY_ROWS_6(U) ASSAY_ROW(6, 16, 17, 2, U)
#define ASSAY_ROWS_8(U) ASSAY_ROWS_7(U) ASSAY_ROW(7, 18, 19, 3, U)
#define ASSAY_ROWS_9(U) ASSAY_ROWS_8(U) ASSAY_ROW(8, 20, 21, 2, U)
#define ASSAY_ROWS_10(U) ASSAY_ROWS_9(U) ASSAY_ROW(9, 22, 23, 3, U)
#define ASSAY_ROWS_11(U) ASSAY_ROWS_10(U) ASSAY_ROW(10, 24, 25, 2, U)
#define ASSAY_ROWS_12(U) ASSAY_ROWS_11(U) ASSAY_ROW(11, 26, 27, 3, U)
#define ASSAY_ROWS_13(U) ASSAY_ROWS_12(U) ASSAY_ROW(12, 28, 29, 2, U)
#define ASSAY_ROWS_14(U) ASSAY_ROWS_13(U) ASSAY_ROW(13, 30, 31, 3, U)

// DO is applied to the two accumulators of every row, walking up C from ASSAY_LAST_ROW.
#define ASSAY_EACH_1(DO) DO(4, 5)
#define ASSAY_EACH_2(DO) DO(6, 7) ASSAY_ROW_ABOVE ASSAY_EACH_1(DO)
#define ASSAY_EACH_3(DO) DO(8, 9) ASSAY_ROW_ABOVE ASSAY_EACH_2(DO)
#define ASSAY_EACH_4(DO) DO(10, 11) ASSAY_ROW_ABOVE ASSAY_EACH_3(DO)
#define ASSAY_EACH_5(DO) DO(12, 13) ASSAY_ROW_ABOVE ASSAY_EACH_4(DO)
#define ASSAY_EACH_6(DO) DO(14, 15) ASSAY_ROW_ABOVE ASSAY_EACH_5(DO)
#define ASSAY_EACH_7(DO) DO(16, 17) ASSAY_ROW_ABOVE ASSAY_EACH_6(DO)
#define ASSAY_EACH_8(DO) DO(18, 19) ASSAY_ROW_ABOVE ASSAY_EACH_7(DO)
#define ASSAY_EACH_9(DO) DO(20, 21) ASSAY_ROW_ABOVE ASSAY_EACH_8(DO)
#define ASSAY_EACH_10(DO) DO(22, 23) ASSAY_ROW_ABOVE ASSAY_EACH_9(DO)
#define ASSAY_EACH_11(DO) DO(24, 25) ASSAY_ROW_ABOVE ASSAY_EACH_10(DO)
#define ASSAY_EACH_12(DO) DO(26, 27) ASSAY_ROW_ABOVE ASSAY_EACH_11(DO)
#define ASSAY_EACH_13(DO) DO(28, 29) ASSAY_ROW_ABOVE ASSAY_EACH_12(DO)
#define ASSAY_EACH_14(DO) DO(30, 31) ASSAY_ROW_ABOVE ASSAY_EACH_13(DO)

#define ASSAY_ROW_ABOVE "sub %%r14, %%r13\n\t"
#define ASSAY_TOP "mov %c[c](%%rdi), %%r13\n\t"
#define ASSAY_LAST_ROW(ROWS) "imul $" #ROWS "-1, %%r14, %%r13\n\tadd %c[c](%%rdi), %%r13\n\t"
#define ASSAY_ZERO(SUM) "vpxord %%zmm" #SUM ", %%zmm" #SUM ", %%zmm" #SUM "\n\t"
#define ASSAY_CLEAR(LOW, HIGH) ASSAY_ZERO(LOW) ASSAY_ZERO(HIGH)
#define ASSAY_START(LOW, HIGH) "vmovdqu32 (%%r10), %%zmm" #LOW "\n\tvmovdqu32 64(%%r10), %%zmm" #HIGH "\n\t"
#define ASSAY_TIMES(SUM) ASSAY_MUL " %%zmm0, %%zmm" #SUM ", %%zmm" #SUM "\n\t"
#define ASSAY_SCALE(LOW, HIGH) ASSAY_TIMES(LOW) ASSAY_TIMES(HIGH)
#define ASSAY_PLUS(AT, SUM, MASK) ASSAY_ADD " " AT "(%%r13), %%zmm" #SUM ", %%zmm" #SUM "%{%%" MASK "%}\n\t"
#define ASSAY_PUT(AT, SUM, MASK) ASSAY_MOVE " %%zmm" #SUM ", " AT "(%%r13)%{%%" MASK "%}\n\t"
#define ASSAY_STORE(LOW, HIGH) ASSAY_PUT("0", LOW, "k1") ASSAY_PUT("64", HIGH, "k2")
#define ASSAY_PLUS_C(LOW, HIGH) ASSAY_PLUS("0", LOW, "k1") ASSAY_PLUS("64", HIGH, "k2") ASSAY_STORE(LOW, HIGH)

#define ASSAY_MASKS "kmovw %c[low](%%rdi), %%k1\n\tkmovw %c[high](%%rdi), %%k2\n\t"
#define ASSAY_C_ROW "mov %c[c_row](%%rdi), %%r14\n\t"
// C = alpha * sums, or C += that; EACH is one of the ASSAY_EACH above. Each row once, the one fetched last first: where
// rows of C are a power of two apart they share a set of the first-level cache that has no room for all of them.
#define ASSAY_FINISH(ROWS, EACH, SCALE, PLUS_C, STORE)                 \
  "cmpl $0, %c[scaled](%%rdi)\n\tjz 2f\n\t" ASSAY_SPREAD               \
  " %c[alpha](%%rdi), %%zmm0\n\t" EACH(SCALE) "2:\n\t" ASSAY_LAST_ROW( \
      ROWS) "cmpl $0, %c[added](%%rdi)\n\tjz 3f\n\t" EACH(PLUS_C) "jmp 9f\n3:\n\t" EACH(STORE) "9:\n\t"

#define ASSAY_OFFSET(FIELD) [FIELD] "i"(__builtin_offsetof(TileWords<Scale>, FIELD))
#define ASSAY_OFFSETS                                                                                               \
  ASSAY_OFFSET(a), ASSAY_OFFSET(a_row), ASSAY_OFFSET(b), ASSAY_OFFSET(b_row), ASSAY_OFFSET(c), ASSAY_OFFSET(c_row), \
      ASSAY_OFFSET(steps), ASSAY_OFFSET(last_steps), ASSAY_OFFSET(ahead_a), ASSAY_OFFSET(ahead_a_step),             \
      ASSAY_OFFSET(ahead_b), ASSAY_OFFSET(ahead_b_step), ASSAY_OFFSET(from), ASSAY_OFFSET(from_step),               \
      ASSAY_OFFSET(to), ASSAY_OFFSET(to_step), ASSAY_OFFSET(carry_steps), ASSAY_OFFSET(dense), ASSAY_OFFSET(low),   \
      ASSAY_OFFSET(high), ASSAY_OFFSET(scaled), ASSAY_OFFSET(added),                                                \
      ASSAY_OFFSET(alpha), [stride] "i"(ASSAY_ROW_BYTES + 64)
#define ASSAY_CHANGED                                                                                                  \
  "memory", "cc", "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "k1", "k2", \
      "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",       \
      "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",      \
      "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31"

#define ASSAY_STEP_TEXT(ROWS, U) \
  "vmovups " #U "*128(%%r10), %%zmm0\n\tvmovups " #U "*128+64(%%r10), %%zmm1\n\t" ASSAY_ROWS_##ROWS(U)
#define ASSAY_FOUR_STEPS(ROWS) \
  ASSAY_STEP_TEXT(ROWS, 0)     \
  ASSAY_STEP_TEXT(ROWS, 1)     \
  ASSAY_STEP_TEXT(ROWS, 2) ASSAY_STEP_TEXT(ROWS, 3) "add $4*" ASSAY_STEP ", %%rax\n\tadd $4*128, %%r10\n\t"
#define ASSAY_LOAD_TILE                                                                     \
  "mov %c[a](%%rdi), %%rax\n\tmov %c[b](%%rdi), %%r10\n\tmov %c[ahead_a](%%rdi), %%rcx\n\t" \
  "mov %c[ahead_a_step](%%rdi), %%rdx\n\tmov %c[ahead_b](%%rdi), %%rsi\n\t"                 \
  "mov %c[ahead_b_step](%%rdi), %%r8\n\tmov %c[steps](%%rdi), %%r12\n\tmov %c[last_steps](%%rdi), %%r11\n\t"
// What is needed next is fetched during the first steps, and the lines of C during the last.
#define ASSAY_FETCH_AHEAD "prefetcht1 (%%rcx)\n\tprefetcht1 (%%rsi)\n\tadd %%rdx, %%rcx\n\tadd %%r8, %%rsi\n\t"
// The same eight lines at a time: all that four steps read, where every panel is read once.
#define ASSAY_FETCH_DENSELY                                                                           \
  "prefetcht0 (%%rcx)\n\tprefetcht0 128(%%rcx)\n\tprefetcht0 256(%%rcx)\n\tprefetcht0 384(%%rcx)\n\t" \
  "prefetcht0 (%%rsi)\n\tprefetcht0 128(%%rsi)\n\tprefetcht0 256(%%rsi)\n\tprefetcht0 384(%%rsi)\n\t" \
  "add %%rdx, %%rcx\n\tadd %%r8, %%rsi\n\t"
// Three lines, since C need not begin at one.
#define ASSAY_FETCH_C "prefetchw (%%r13)\n\tprefetchw 64(%%r13)\n\tprefetchw 127(%%r13)\n\tadd %%r14, %%r13\n\t"
// What is copied next is fetched while this is. Between two steps zmm2 and zmm3 hold nothing.
#define ASSAY_CARRY_PIECE                                                                      \
  "prefetcht1 (%%rsi)\n\tprefetcht1 64(%%rsi)\n\tprefetcht1 127(%%rsi)\n\tadd %%r8, %%rsi\n\t" \
  "vmovups (%%rcx), %%zmm2\n\tvmovups 64(%%rcx), %%zmm3\n\tadd %%rdx, %%rcx\n\t"               \
  "vmovups %%zmm2, (%%rbx)\n\tvmovups %%zmm3, 64(%%rbx)\n\tadd %%r9, %%rbx\n\t"
#define ASSAY_CARRY_NONE(ROWS) ""
#define ASSAY_CARRY_PIECES(ROWS) \
  "mov %c[carry_steps](%%rdi), %%r11\n\ttest %%r11, %%r11\n\tjz 7f\n\tsub %%r11, %%r12\n\t"            \
  "mov %c[from](%%rdi), %%rcx\n\tmov %c[from_step](%%rdi), %%rdx\n\tmov %c[to](%%rdi), %%rbx\n\t"       \
  "mov %c[to_step](%%rdi), %%r9\n\t.p2align 5\n6:\n\t" ASSAY_CARRY_PIECE ASSAY_FOUR_STEPS(ROWS)         \
  "sub $4, %%r11\n\tjnz 6b\n\tmov %c[ahead_a](%%rdi), %%rcx\n\tmov %c[ahead_a_step](%%rdi), %%rdx\n\t" \
  "7:\n\tmov %c[last_steps](%%rdi), %%r11\n\ttest %%r12, %%r12\n\t"
#ifndef ASSAY_CARRY
#define ASSAY_CARRY ASSAY_CARRY_NONE
#endif

#define ASSAY_TILE(ROWS)                                                                                       \
  void tile_##ROWS(const TileWords<Scale>* words) {                                                            \
    asm volatile(ASSAY_MASKS ASSAY_C_ROW ASSAY_LOAD_TILE ASSAY_BEGIN(ROWS) ASSAY_TOP                         \
                 "sub %%r11, %%r12\n\t" ASSAY_CARRY(ROWS) "jz 4f\n\tcmpl $0, %c[dense](%%rdi)\n\tjz 1f\n\t.p2align 5\n"            \
                 "5:\n\t" ASSAY_FETCH_DENSELY ASSAY_FOUR_STEPS(ROWS) "sub $4, %%r12\n\tjnz 5b\n\tjmp 4f\n"   \
                 ".p2align 5\n"                                                                              \
                 "1:\n\t" ASSAY_FETCH_AHEAD ASSAY_FOUR_STEPS(ROWS) "sub $4, %%r12\n\tjnz 1b\n\t"            \
                 "4:\n\t" ASSAY_FETCH_C ASSAY_FOUR_STEPS(ROWS) "sub $4, %%r11\n\tjnz 4b\n\t"                \
                 ASSAY_FINISH(ROWS, ASSAY_EACH_##ROWS, ASSAY_SCALE, ASSAY_PLUS_C, ASSAY_STORE)                     \
                 : "+D"(words)                                                                               \
                 : ASSAY_OFFSETS                                                                             \
                 : ASSAY_CHANGED); \
  }

#define ASSAY_TILES                                                                                      \
  ASSAY_TILE(1)                                                                                          \
  ASSAY_TILE(2)                                                                                          \
  ASSAY_TILE(3)                                                                                          \
  ASSAY_TILE(4)                                                                                          \
  ASSAY_TILE(5)                                                                                          \
  ASSAY_TILE(6)                                                                                          \
  ASSAY_TILE(7)                                                                                          \
  ASSAY_TILE(8)                                                                                          \
  ASSAY_TILE(9)                                                                                          \
  ASSAY_TILE(10)                                                                                         \
  ASSAY_TILE(11)                                                                                         \
  ASSAY_TILE(12)                                                                                         \
  ASSAY_TILE(13)                                                                                         \
  ASSAY_TILE(14)                                                                                         \
  constexpr AsmTile<Scale> TILE_OF_ROWS[] = {tile_1, tile_2, tile_3,  tile_4,  tile_5,  tile_6,  tile_7, \
                                             tile_8, tile_9, tile_10, tile_11, tile_12, tile_13, tile_14};
