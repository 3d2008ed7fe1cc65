/** API keys are sent in a header: visible ASCII without blanks. */
const USABLE_KEY = /^[\x21-\x7e]{1,1024}$/;

/** Whether a string can be an API key at all: 1–1024 visible ASCII characters. */
export function isUsableKey(candidate: string): boolean {
  return USABLE_KEY.test(candidate);
}
