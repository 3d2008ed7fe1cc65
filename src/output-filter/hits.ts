import type { Rule, Span } from './detector.js';
import { SpanList } from './span-list.js';
import type { TenantMarker } from './tenant-marker.js';

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

/** What a finding shows of a match that has no place in the text. */
interface Shown {
  readonly sample: string;
  readonly tenantId: string | null;
}

const NONE: readonly SpanList[] = [];
const NOWHERE: Span = { start: 0, end: 0 };

/** All matches of one rule: the first by position, how many, and where. */
export class RuleHits {
  /** Made when asked for: of most rules there is one match. */
  #spans: SpanList[] | null = null;

  constructor(
    readonly rule: Rule,
    /** The first match: what a finding shows of it is made when asked for, as most are only counted. */
    private shown: Hit | Shown,
    /** Where it stands in the text that was given. */
    public first: Span,
    public occurrences: number,
  ) {}

  /** All spans, each in one list: as few lists as there have to be for each to ascend. */
  get spans(): SpanList[] {
    const { first } = this;
    return (this.#spans ??= first === NOWHERE ? [] : [new SpanList(first.start, first.end)]);
  }

  /** The sample for the first match. */
  get sample(): string {
    const { shown } = this;
    return shown.sample ?? ('label' in shown ? sampleOf(shown.label, shown.end - shown.start) : '');
  }

  /** The tenant that the first match names, for the tenant marker. */
  get tenantId(): string | null {
    const { shown } = this;
    return 'tenantId' in shown ? shown.tenantId : (shown.tenant?.id ?? null);
  }

  addSpan(start: number, end: number): void {
    const { spans } = this;
    // Another form of the text begins anew, and in one form what an encoding holds may be seen before what precedes it.
    for (const list of spans) if (list.append(start, end)) return;
    spans.push(new SpanList(start, end));
  }

  showFirst(hit: Hit, span: Span): void {
    this.shown = hit;
    this.first = span;
  }
}

/** The matches of one examination, gathered by rule. */
export class Hits {
  /** Those of the rules that matched first: most examinations find none, and most of the others one kind or two. */
  #first: RuleHits | null = null;
  #second: RuleHits | null = null;
  #others: Map<string, RuleHits> | null = null;

  #of(rule: Rule): RuleHits | undefined {
    if (this.#first?.rule.id === rule.id) return this.#first;
    return this.#second?.rule.id === rule.id ? this.#second : this.#others?.get(rule.id);
  }

  /** Whether a rule has matched. */
  has(rule: Rule): boolean {
    return this.#of(rule) !== undefined;
  }

  /** Whether a match of a rule covers the whole of a span of the text that was given. */
  covers(rule: Rule, start: number, end: number): boolean {
    for (const list of this.#of(rule)?.spans ?? NONE) if (list.covers(start, end)) return true;
    return false;
  }

  /** Adds a match, at its place in the text that was given, unless one of the same rule covers part of it already: the same secret seen in another form. */
  add(hit: Hit, start: number, end: number): void {
    const known = this.#of(hit.rule);
    if (known === undefined) {
      this.#insert(new RuleHits(hit.rule, hit, { start, end }, 1));
      return;
    }
    for (const list of known.spans) if (list.overlaps(start, end)) return;
    known.addSpan(start, end);
    known.occurrences += 1;
    if (start < known.first.start) known.showFirst(hit, { start, end });
  }

  /** Adds matches that have no place in the text: a key, a field, a source. */
  addPlaceless(rule: Rule, sample: string, tenantId: string | null = null, occurrences = 1): void {
    const known = this.#of(rule);
    if (known === undefined) this.#insert(new RuleHits(rule, { sample, tenantId }, NOWHERE, occurrences));
    else known.occurrences += occurrences;
  }

  /** Adds the matches of another examination, whose text is no part of the one that was given; those of a rule may be left out. */
  addAllPlaceless(found: Hits, leftOut: Rule | null = null): void {
    if (found.isEmpty) return;
    for (const hits of found.all()) {
      if (hits.rule.id === leftOut?.id) continue;
      const known = this.#of(hits.rule);
      if (known === undefined) this.addPlaceless(hits.rule, hits.sample, hits.tenantId, hits.occurrences);
      else known.occurrences += hits.occurrences;
    }
  }

  #insert(hits: RuleHits): void {
    if (this.#first === null) this.#first = hits;
    else if (this.#second === null) this.#second = hits;
    else (this.#others ??= new Map<string, RuleHits>()).set(hits.rule.id, hits);
  }

  get isEmpty(): boolean {
    return this.#first === null;
  }

  /** Whether they block a text, wherever it goes. */
  get isBlocking(): boolean {
    return this.all().some(({ rule: { severity } }) => severity === 'critical' || severity === 'high');
  }

  all(): readonly RuleHits[] {
    if (this.#first === null) return [];
    if (this.#second === null) return [this.#first];
    return [this.#first, this.#second, ...(this.#others?.values() ?? [])];
  }
}
