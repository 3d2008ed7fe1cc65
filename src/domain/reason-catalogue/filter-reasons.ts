import { ASK_OPERATOR, at, NONE_NEEDED, type Placements, type ReasonEntry } from './reason-entry.js';

const anyText: Placements = [
  { stage: 'output_filter', event: 'output_filter_blocked' },
  { stage: 'tool_broker', event: 'tool_argument_blocked' },
  { stage: 'tool_result_filter', event: 'tool_result_blocked' },
];

const REMOVE_SECRET = 'remove the secret from the text and rotate it if it is real';

function leak(summary: string, remedy: string = REMOVE_SECRET): ReasonEntry {
  return { placements: anyText, summary, remedy };
}

/** What the output filter says of a text. */
export const FILTER_REASONS = {
  output_allowed: {
    placements: at('output_filter', null),
    summary: 'the text shows no leak',
    remedy: NONE_NEEDED,
  },
  audit_log_redacted_only: {
    placements: at('output_filter', null),
    summary: 'only minor findings; the text is withheld from the log',
    remedy: NONE_NEEDED,
  },
  secret_pattern_blocked: leak('the text contains a credential'),
  private_key_material_blocked: leak('the text contains private key material'),
  jwt_like_token_blocked: leak('the text contains a JSON Web Token'),
  encoded_blob_blocked: leak(
    'the text contains a long encoded blob',
    'send the content in clear, or leave it out',
  ),
  high_entropy_string_blocked: leak('the text contains a random-looking token', 'leave the token out'),
  cross_tenant_output_blocked: leak('the text names another tenant', 'leave data of other tenants out'),
  sensitive_source_external_destination_blocked: leak(
    'sensitive material would leave the organisation',
    'leave sensitive material out, or send it inside',
  ),
  cross_tenant_source_external_destination_blocked: leak(
    "another tenant's material would leave the organisation",
    'leave data of other tenants out',
  ),
  tool_output_external_destination_blocked: leak(
    'unreviewed tool output would leave the organisation',
    'have the output reviewed, or send it inside',
  ),
  sensitive_response_key_blocked: leak(
    'a structured output has a key that names a secret',
    'leave the field out',
  ),
  unknown_response_key_blocked: leak(
    'a structured output has a key that the schema does not allow',
    'send only the allowed keys',
  ),
  sensitive_classification_detected: leak(
    'the text carries a sensitive classification',
    'leave classified material out',
  ),
  personal_data_detected: leak('the text contains personal data', 'leave personal data out'),
  output_too_large_blocked: leak(
    'the text, or what is encoded in it, is more than the filter examines',
    'send less text',
  ),
  output_filter_error: {
    placements: [
      { stage: 'output_filter', event: 'output_filter_blocked' },
      { stage: 'tool_broker', event: 'tool_blocked' },
      { stage: 'tool_result_filter', event: 'tool_result_blocked' },
    ],
    summary: 'the filter failed to run, so the text is withheld',
    remedy: ASK_OPERATOR,
  },
} as const satisfies Record<string, ReasonEntry>;
