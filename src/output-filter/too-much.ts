/** There is more to examine than the filter takes on, in values or in encoded text: what is not examined does not pass. */
export class TooMuchToExamineError extends Error {}
