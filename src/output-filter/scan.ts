import { AssignmentReader } from './assignment.js';
import { codeAt, isInRun, isInWord, isWordCharacter, unitAt } from './characters.js';
import { isCredentialAssignment, MIN_LENGTH_BUT_OF_PASSWORDS } from './credential-name.js';
import type { CompiledDetector } from './compiled-detector.js';
import type { Rule } from './detector.js';
import type { Hit } from './hits.js';
import { judgeName, mayNamePassword } from './name-strength.js';
import { isOneCharacter } from './placeholder.js';
import type { Revision } from './revision.js';
import { RULES } from './rules.js';
import { TenantMarker } from './tenant-marker.js';
import { findVendorToken, MIN_VENDOR_TOKEN, VENDOR_REACH } from './vendor-token.js';

const MAX_NESTED_VALUE = 64;
const MAX_WORD_BEFORE = 192;
const MASKS = new Set('xX*.0#-');
const MASKED = /x{16}|\*{6}/i;
/** No documentation shows a longer body with a mask in it. */
const MAX_MASKED_BODY = 256;

/** Offsets at which parts of a text were joined. */
export interface Joints {
  has(offset: number): boolean;
}

/** A part of a text to scan, and where words may begin and end inside it though no blank is there. */
export interface ScanInput {
  readonly text: string;
  readonly joints?: Joints | undefined;
  /** Whether a finding of a rule covers a span already, so that another there would say nothing new. */
  isCovered?(rule: Rule, start: number, end: number): boolean;
  /** For another form of a text that was scanned: only what differs, and is near to it, is scanned. */
  readonly revision?: Revision | undefined;
  /** Only detectors with a fixed format: no assignments, no vendors' names. */
  readonly formatsOnly?: boolean;
}
/** What a keyword leads to: a detector, or the beginning of an assignment, or a vendor's token nearby. */
export interface Lead {
  readonly kind: 'detector' | 'credential' | 'vendor';
  readonly length: number;
  readonly detector: CompiledDetector | null;
}

/** A part of a text, as far as it was looked at, without some character; it ends with one. */
interface Stretch {
  readonly without: string;
  start: number;
  end: number;
}

/** One pass over one text. */
export class Scan {
  readonly #text: string;
  readonly #joints: Joints | undefined;
  /** Where each detector's last match ended: matches of one detector do not overlap. Made with the first match. */
  #matchedUntil: Map<number, number> | null = null;
  /** Made with the first name of a credential. */
  #assignment: AssignmentReader | null = null;
  #nameEnd = -1;
  #vendorEnd = -1;
  /** One for each character asked for, which are few. */
  readonly #stretches: Stretch[] = [];
  /** The end of the last value that a finding covers: what is assigned inside it is covered with it. */
  #coveredUntil = -1;

  constructor(
    private readonly input: ScanInput,
    private readonly report: (hit: Hit) => void,
  ) {
    this.#text = input.text;
    this.#joints = input.joints;
  }

  follow(lead: Lead, end: number): void {
    const start = end - lead.length;
    if (lead.detector !== null) this.tryDetector(lead.detector, start);
    else if (this.input.formatsOnly === true) return;
    else if (lead.kind === 'vendor') {
      if (this.#isNameStart(start)) this.#vendorEnd = end;
    } else if (start >= this.#nameEnd) this.#tryAssignment(start, end);
  }

  /** Whether a name found before a place, or what is assigned to it, goes on there. */
  isBusyAt(offset: number): boolean {
    return this.#nameEnd > offset;
  }

  tryDetector(detector: CompiledDetector, at: number): void {
    const { index, rule, pattern, insideWord, reach, needs } = detector;
    if (reach > 0 && !isInRun(codeAt(this.#text, at + reach))) return;
    if (needs !== null && this.nextOf(needs.character, at) - at >= needs.within) return;
    if (!insideWord && !this.#isEdge(at)) return;
    const lowest = this.#matchedUntil?.get(index) ?? 0;
    if (lowest > at || detector.admits?.(this.#text, at) === false) return;
    const matchStart = this.#startOfMatch(detector, at);
    if (matchStart < 0) return;
    const matchEnd = pattern.lastIndex;
    if (!insideWord && !this.#isEdge(matchEnd)) return;
    const start = detector.fromWordStart
      ? this.#wordStart(matchStart, lowest, detector.looksBack)
      : matchStart;
    if (this.input.isCovered?.(rule, start, matchEnd) === true) {
      this.#setMatchedUntil(index, matchEnd);
      return;
    }
    const secret = this.#text.slice(matchStart, matchEnd);
    const { prefix } = detector;
    if (isMask(secret.slice(prefix.length)) || detector.validate?.(secret) === false) return;
    if (detector.validateWhole?.(this.#text.slice(start, matchEnd)) === false) return;
    const end = detector.extend?.(this.#text, matchEnd) ?? matchEnd;
    this.#setMatchedUntil(index, end);
    const sample = detector.sample?.(secret);
    if (rule.id === RULES.tenantMarker.id) {
      const tenant = new TenantMarker(this.#text, start, end, this.#joints);
      this.report({ rule, label: prefix, sample, start, end: tenant.end, tenant });
    } else this.report({ rule, label: prefix, sample, start, end });
  }

  #setMatchedUntil(index: number, end: number): void {
    this.#matchedUntil ??= new Map();
    this.#matchedUntil.set(index, end);
  }

  /**
   * Where the secret begins that a detector matches at `at`: its first group, or all of the match; -1 where it does not.
   * Its pattern says where the match ends.
   */
  #startOfMatch({ pattern, hasGroup }: CompiledDetector, at: number): number {
    pattern.lastIndex = at;
    if (!hasGroup) return pattern.test(this.#text) ? at : -1;
    const match = pattern.exec(this.#text);
    if (match === null) return -1;
    const group = match[1];
    return group === undefined ? at : pattern.lastIndex - group.length;
  }

  #tryAssignment(start: number, end: number): void {
    const assignment = (this.#assignment ??= new AssignmentReader(this.#text));
    const isAssigned = assignment.readAround(start, end);
    this.#nameEnd = assignment.nameEnd;
    if (!isAssigned) return;
    const { nameStart, nameEnd, valueStart, valueEnd } = assignment;
    // Names inside a long value are read no more, or a text of nothing but names would be read over and over.
    if (valueEnd - valueStart > MAX_NESTED_VALUE) this.#nameEnd = valueEnd;
    if (valueEnd <= this.#coveredUntil) return;
    const isShort = valueEnd - valueStart < MIN_LENGTH_BUT_OF_PASSWORDS;
    if (isShort && !mayNamePassword(this.#text, nameStart, nameEnd)) return;
    const judgement = judgeName(this.#text, nameStart, nameEnd);
    const rule = judgement.label === null ? RULES.assignment : RULES.secret;
    if (this.input.isCovered?.(rule, valueStart, valueEnd) === true) {
      this.#coveredUntil = valueEnd;
      return;
    }
    if (!isCredentialAssignment(assignment, judgement)) return;
    const { wholeEnd } = assignment;
    this.#nameEnd = Math.max(this.#nameEnd, wholeEnd);
    this.report({ rule, label: judgement.label ?? 'credential=', start: valueStart, end: wholeEnd });
  }

  /**
   * Where a character stands next, at or behind an offset; at infinity where it does not. Asked for one in nearly ascending
   * order, so that the text is searched once for each.
   */
  nextOf(character: string, offset: number): number {
    const known = this.#stretchOf(character);
    if (offset > known.end) {
      const found = this.#text.indexOf(character, offset);
      known.start = offset;
      known.end = found < 0 ? Infinity : found;
    }
    if (offset < known.start) {
      const before = this.#text.slice(offset, known.start).indexOf(character);
      known.start = offset;
      if (before >= 0) known.end = offset + before;
    }
    return known.end;
  }

  #stretchOf(character: string): Stretch {
    for (const stretch of this.#stretches) if (stretch.without === character) return stretch;
    const stretch = { without: character, start: 0, end: -1 };
    this.#stretches.push(stretch);
    return stretch;
  }

  /** A run of the base64 alphabets that ended: the token of the vendor named before it? */
  tryVendorToken(start: number, end: number): void {
    if (this.#vendorEnd < 0 || start - this.#vendorEnd > VENDOR_REACH) return;
    // A token is at least this long and ends with the run: where its end is covered, it is a known one.
    const tailStart = Math.max(start, this.#vendorEnd, end - MIN_VENDOR_TOKEN);
    if (this.input.isCovered?.(RULES.vendorAssignment, tailStart, end) === true) return;
    const found = findVendorToken(this.#text, this.#vendorEnd, start, end);
    if (found === null) return;
    this.report({ rule: RULES.vendorAssignment, label: 'vendor=', start: found.start, end: found.end });
  }

  /**
   * Where the word that ends at `end` begins, not before `lowest`; `~ . %` belong to it besides what runs hold. It ends at
   * a joint that so many characters of it stand behind.
   */
  #wordStart(end: number, lowest: number, enough: number): number {
    const first = Math.max(lowest, end - MAX_WORD_BEFORE);
    let start = end;
    while (start > first && isInWord(unitAt(this.#text, start - 1))) {
      if (end - start >= enough && this.#joints?.has(start) === true) break;
      start -= 1;
    }
    return start;
  }

  /** Whether a word of a name begins here: at the edge of a word, or at a capital inside one. */
  #isNameStart(at: number): boolean {
    if (this.#isEdge(at)) return true;
    const code = unitAt(this.#text, at);
    return code >= 65 && code <= 90 && unitAt(this.#text, at - 1) >= 97;
  }

  /** Whether a word begins or ends here. */
  #isEdge(at: number): boolean {
    if (at <= 0 || at >= this.#text.length || this.#joints?.has(at) === true) return true;
    return !(isWordCharacter(unitAt(this.#text, at - 1)) && isWordCharacter(unitAt(this.#text, at)));
  }
}

/**
 * A body of documentation, such as `xxxxxxxx` or `********`.
 *
 * THREAT: a match that is refused is tried again at the next keyword inside it. Were a long one refused for a few masked
 * characters at its end, a text of nothing but the keyword would be read to its end from each of them.
 */
function isMask(body: string): boolean {
  if (MASKS.has(body.charAt(0)) && isOneCharacter(body)) return true;
  return body.length <= MAX_MASKED_BODY && MASKED.test(body);
}
