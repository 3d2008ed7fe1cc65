import type { Rule, Span } from './detector.js';
import type { TenantMarker } from './tenant-marker.js';

/** All matches of one rule: the first by position, how many, and where. */
export interface RuleHits {
  readonly rule: Rule;
  /** The sample for the first match. */
  sample: string;
  /** The tenant that the first match names, for the tenant marker. */
  tenantId: string | null;
  first: Span;
  occurrences: number;
  /** Spans in order of position, a list for each form of the text that was examined. */
  readonly spans: Span[][];
  /** The form that the last list belongs to. */
  form: number;
}

/** A match as a scanner reports it. */
export interface Hit {
  readonly rule: Rule;
  /** What its sample says before the length; `sk-` or `credential=`. */
  readonly label: string;
  /** The sample, where it is not of the label and the length. */
  readonly sample?: string | undefined;
  readonly start: number;
  readonly end: number;
  /** For the tenant marker: the id it gives. */
  readonly tenant?: TenantMarker;
}

/** What a sample says: the public part, and the length of what was found. */
function sampleOf(label: string, length: number): string {
  return `${label}${label === '' || label.endsWith('=') ? '' : '…'}[REDACTED:${length}]`;
}

/** Only the first match of a rule shows its sample: those of the others are not made. */
function sampleOfHit({ label, sample, start, end }: Hit): string {
  return sample ?? sampleOf(label, end - start);
}

/** The matches of one examination, gathered by rule. */
export class Hits {
  /** Made with the first match: most examinations find none. */
  #byRule: Map<string, RuleHits> | null = null;
  #form = 0;

  /** Says that what is added from here on was found in another form of the text. */
  beginForm(): void {
    this.#form += 1;
  }

  /** Whether a rule has matched. */
  has(rule: Rule): boolean {
    return this.#byRule?.has(rule.id) === true;
  }

  /** Whether a match of a rule covers the whole of a span of the text that was given. */
  covers(rule: Rule, start: number, end: number): boolean {
    for (const list of this.#byRule?.get(rule.id)?.spans ?? []) {
      const span = list[firstEndingAfter(list, start)];
      if (span !== undefined && span.start <= start && end <= span.end) return true;
    }
    return false;
  }

  /** Adds a match, at its place in the text that was given, unless one of the same rule covers part of it already: the same secret seen in another form. */
  add(hit: Hit, start: number, end: number): void {
    const { rule, tenant } = hit;
    const hits = this.#byRule?.get(rule.id);
    if (hits === undefined) {
      this.#insert(rule, sampleOfHit(hit), tenant?.id ?? null, { start, end });
      return;
    }
    for (const list of hits.spans) if (overlaps(list, start, end)) return;
    if (hits.form !== this.#form) {
      hits.spans.push([]);
      hits.form = this.#form;
    }
    const span = { start, end };
    hits.spans.at(-1)?.push(span);
    hits.occurrences += 1;
    if (start < hits.first.start) {
      Object.assign(hits, { sample: sampleOfHit(hit), tenantId: tenant?.id ?? null, first: span });
    }
  }

  /** Adds matches that have no place in the text: a key, a field, a source. */
  addPlaceless(rule: Rule, sample: string, tenantId: string | null = null, occurrences = 1): void {
    const hits = this.#byRule?.get(rule.id);
    if (hits !== undefined) hits.occurrences += occurrences;
    else this.#insert(rule, sample, tenantId, null, occurrences);
  }

  #insert(rule: Rule, sample: string, tenantId: string | null, span: Span | null, occurrences = 1): void {
    this.#byRule ??= new Map();
    this.#byRule.set(rule.id, {
      rule,
      sample,
      tenantId,
      first: span ?? { start: 0, end: 0 },
      occurrences,
      spans: span === null ? [] : [[span]],
      form: span === null ? -1 : this.#form,
    });
  }

  get isEmpty(): boolean {
    return this.#byRule === null;
  }

  all(): RuleHits[] {
    return this.#byRule === null ? [] : [...this.#byRule.values()];
  }
}

/** The place of the first span that ends after an offset, in a list of disjoint ones, ordered by position. */
function firstEndingAfter(list: readonly Span[], offset: number): number {
  const last = list.at(-1);
  if (last === undefined || last.end <= offset) return list.length;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a list of disjoint spans, ordered by position, covers part of a span. */
function overlaps(list: readonly Span[], start: number, end: number): boolean {
  return (list[firstEndingAfter(list, start)]?.start ?? Infinity) < end;
}
