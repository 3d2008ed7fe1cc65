import {
  leavesOrganisation,
  UNTRUSTED_TOOL_OUTPUT_LABEL,
  type FilterContext,
  type Sensitivity,
  type TurnContext,
} from '../domain/filter.js';
import type { Hits } from './hits.js';
import type { Normaliser } from './normalise.js';
import { RULES } from './rules.js';

const CROSS_TENANT_LABEL = 'retrieved_cross_tenant:';
const SENSITIVE_WORD = /sensitive/i;
const RESTRICTED_WORD = /sensitive|confidential/i;

/** Adds what the text's sources alone forbid: material that may not leave, whatever its words. */
export function checkSources(context: FilterContext, hits: Hits): void {
  if (!leavesOrganisation(context.destination)) return;
  const { source_sensitivity: sensitivity, source_labels: labels } = context;
  if (sensitivity === 'sensitive' || sensitivity === 'restricted') {
    hits.addPlaceless(RULES.sensitiveSource, `sensitivity:${sensitivity}`);
  }
  if (labels.some((label) => label.startsWith(CROSS_TENANT_LABEL))) {
    hits.addPlaceless(RULES.crossTenantSource, 'source:cross_tenant');
  }
  if (labels.includes(UNTRUSTED_TOOL_OUTPUT_LABEL)) {
    hits.addPlaceless(RULES.toolOutputSource, 'source:tool_output');
  }
}

/** How a turn's material is judged: whether a text carries a classification marker, and its plain form. */
export interface MaterialReader {
  readonly hasClassificationMarker: (text: string) => boolean;
  readonly normalise: Normaliser;
}

type SourceContext = Pick<FilterContext, 'source_sensitivity' | 'source_labels'>;

/** The context of a turn without untrusted material, as most are. */
const NO_SOURCES: SourceContext = Object.freeze({
  source_sensitivity: 'public',
  source_labels: Object.freeze([]),
});

/** The sensitivity and labels of texts that were made from a turn's untrusted material. */
export function contextOfTurn(turn: TurnContext, reader: MaterialReader): SourceContext {
  if (turn.retrieved_chunks.length === 0 && turn.tool_output_segments.length === 0) return NO_SOURCES;
  const contains = (text: string, word: RegExp): boolean =>
    word.test(text) || word.test(reader.normalise(text)?.text ?? '');
  const isSensitive = turn.retrieved_chunks.some(
    ({ content, trust }) =>
      reader.hasClassificationMarker(content) || (trust === 'untrusted' && contains(content, SENSITIVE_WORD)),
  );
  const isRestricted = turn.tool_output_segments.some(({ content }) => contains(content, RESTRICTED_WORD));
  const foreign = turn.retrieved_chunks.filter((chunk) => chunk.tenant_id !== turn.tenant_id);
  const labels = new Set(foreign.map((chunk) => `${CROSS_TENANT_LABEL}${chunk.tenant_id}`));
  if (turn.tool_output_segments.length > 0) labels.add(UNTRUSTED_TOOL_OUTPUT_LABEL);
  const sensitivity: Sensitivity = isRestricted ? 'restricted' : isSensitive ? 'sensitive' : 'public';
  return { source_sensitivity: sensitivity, source_labels: [...labels] };
}
