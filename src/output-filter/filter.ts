import { tellFault, type FaultObserver } from '../domain/fault.js';
import type { FilterContext, FilterInput, FilterVerdict, OutputFilter } from '../domain/filter.js';
import type { Detector } from './detector.js';
import { credentialWords, piiDetectors, standardDetectors, vendorNames } from './detectors/all.js';
import { examineText, type Examiner } from './examine.js';
import { HarmlessTexts } from './harmless-texts.js';
import { Hits, type Hit } from './hits.js';
import { createFoldTable } from './homoglyphs.js';
import { createFold, createNormaliser } from './normalise.js';
import { redactHits } from './redaction.js';
import { RULES } from './rules.js';
import { createScanner } from './scanner.js';
import { checkSources, contextOfTurn } from './source-rules.js';
import { createStructureCheck, type StructureCheck } from './structure-rules.js';
import { takeApart, utf8Bytes } from './structured.js';
import { formsOfTenant } from './tenant-marker.js';
import { TooMuchToExamineError } from './too-much.js';
import { decide, findingsOf, pass, refuse } from './verdict.js';

/** What a filter looks for, and in how much. */
export interface OutputFilterOptions {
  /** Whether personal data (mail addresses, card numbers, …) counts, with severity medium. */
  readonly pii: boolean;
  /** UTF-8 bytes of all texts of one request; more are blocked unexamined. */
  readonly maxBytes: number;
  /** The kinds of credentials to look for, in place of the standard ones. */
  readonly detectors?: readonly Detector[];
  /** Told of a fault that blocks a text. */
  readonly onFault?: FaultObserver;
}

/** Shorter texts hold no credential that any rule knows. */
const MIN_SECRET_LENGTH = 6;
const REDACTED_WHOLE = '[REDACTED:output_filter_error]';

/** What the redactor hides: secrets, not markers, which name no secret. */
const isSecretHit = ({ rule }: Hit): boolean =>
  rule.id !== RULES.tenantMarker.id && rule.severity !== 'medium';

function accepts({ tenant_id: own }: FilterContext): (hit: Hit) => boolean {
  let forms: readonly string[] | null = null;
  return ({ tenant }) =>
    tenant === undefined || (own !== null && !tenant.names((forms ??= formsOfTenant(own))));
}

function redactSecrets(examiner: Examiner, text: string): string {
  const hits = new Hits();
  examineText(examiner, text, hits, isSecretHit);
  return hits.isEmpty ? text : redactHits(text, hits.all());
}

/** What a check needs besides its input. */
interface Checker {
  readonly examiner: Examiner;
  readonly checkStructure: StructureCheck;
  readonly maxBytes: number;
}

function checkAll(input: FilterInput, { examiner, checkStructure, maxBytes }: Checker): FilterVerdict {
  const { text, context } = input;
  const parts = input.structured_output == null ? null : takeApart(input.structured_output);
  const examinedBytes = (input.examined_bytes ?? 0) + utf8Bytes(text) + (parts?.bytes ?? 0);
  if (examinedBytes > maxBytes) return refuse('output_too_large_blocked', examinedBytes);
  const hits = new Hits();
  const accept = accepts(context);
  examineText(examiner, text, hits, accept);
  const redactedText = hits.isEmpty ? text : redactHits(text, hits.all());
  if (parts !== null) checkStructure(parts, context, hits, accept);
  checkSources(context, hits);
  if (hits.isEmpty) return pass(text, examinedBytes);
  const findings = findingsOf(hits.all(), context, (found) => redactSecrets(examiner, found));
  return decide({ findings, text, redactedText, destination: context.destination, examinedBytes });
}

/**
 * Builds the output filter. Everything is compiled here; a check allocates little and runs in time linear in its text.
 */
export function createOutputFilter(options: OutputFilterOptions): OutputFilter {
  const foldTable = createFoldTable();
  const scan = createScanner({
    foldTable,
    detectors: [...(options.detectors ?? standardDetectors), ...(options.pii ? piiDetectors : [])],
    credentialWords,
    vendorNames,
  });
  const examiner: Examiner = {
    scan,
    normalise: createNormaliser(foldTable),
    fold: createFold(foldTable),
    harmless: new HarmlessTexts(),
  };
  const { maxBytes } = options;
  const checker: Checker = { examiner, checkStructure: createStructureCheck(examiner), maxBytes };

  const hasClassificationMarker = (text: string): boolean => {
    const hits = new Hits();
    try {
      examineText(examiner, text, hits, (hit) => hit.rule.id === RULES.classification.id);
    } catch (error) {
      // INVARIANT: a text in which a marker cannot be ruled out counts as one that has it.
      if (error instanceof TooMuchToExamineError) return true;
      throw error;
    }
    return !hits.isEmpty;
  };

  return {
    check: (input) => {
      try {
        return checkAll(input, checker);
      } catch (error) {
        // INVARIANT: a fault inside the filter never lets a text pass.
        const isTooLarge = error instanceof TooMuchToExamineError;
        if (!isTooLarge) tellFault(options.onFault, 'output_filter', error);
        const reason = isTooLarge ? 'output_too_large_blocked' : 'output_filter_error';
        return refuse(reason, input.examined_bytes ?? 0);
      }
    },
    redact: (text) => {
      if (text.length < MIN_SECRET_LENGTH) return text;
      try {
        if (text.length > maxBytes) return REDACTED_WHOLE;
        return redactSecrets(examiner, text);
      } catch {
        return REDACTED_WHOLE;
      }
    },
    contextOf: (turn) => contextOfTurn(turn, { hasClassificationMarker, normalise: examiner.normalise }),
  };
}
