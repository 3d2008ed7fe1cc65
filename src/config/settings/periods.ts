/** Longer periods than a day are said in days. */
export const MAX_SECONDS = 86_400;
