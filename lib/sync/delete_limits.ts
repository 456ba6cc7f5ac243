/** So many files may be deleted in one run without a word. */
export const deletesFreeMax = 10;
/** Beyond that, at most this share of all files, from 0 to 1, may go without a word; and never all of several. */
export const deletesShareMax = 0.25;
