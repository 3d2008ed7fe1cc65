/** A JSON pointer (RFC 6901) to the place that these steps lead to. */
export function toPointer(steps: readonly PropertyKey[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
