/*
 * page.S - the page of `tally report`, as bytes of the program: see page.h. TALLY_PAGE_FILE is what
 * build.mjs made.
 */
        .section .rodata
        .globl  tally_page_begin, tally_page_end
        .hidden tally_page_begin, tally_page_end
        .type   tally_page_begin, @object
        .type   tally_page_end, @object
tally_page_begin:
        .incbin TALLY_PAGE_FILE
tally_page_end:
        .byte   0
        .size   tally_page_begin, tally_page_end - tally_page_begin
        .size   tally_page_end, 1

        .section .note.GNU-stack, "", %progbits
