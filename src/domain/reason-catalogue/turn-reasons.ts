import { at, NONE_NEEDED, type ReasonEntry } from './reason-entry.js';

/** How a turn ends that no check denied. */
export const TURN_REASONS = {
  // A turn without a tool call.
  no_tool_call: {
    placements: at('complete', 'model_response_allowed'),
    summary: 'the agent proposed no tool call',
    remedy: NONE_NEEDED,
  },
  no_tool_call_vulnerable_path: {
    placements: at('complete', null),
    summary: 'the unprotected agent proposed no tool call',
    remedy: NONE_NEEDED,
  },

  // Allowed, and what came of it.
  explicit_allow_after_policy_checks: {
    placements: [
      { stage: 'simulation', event: 'tool_allowed' },
      { stage: 'authorize', event: 'tool_allowed' },
    ],
    summary: 'every check passed',
    remedy: NONE_NEEDED,
  },
  tool_simulation_failed: {
    placements: at('simulation', 'tool_failed'),
    summary: 'the authorized tool failed while it ran',
    remedy: 'try again',
  },

  // The teaching path.
  would_have_invoked_shell: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have run a shell command',
    remedy: 'use the protected path',
  },
  would_have_sent_email_without_broker: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have sent an e-mail',
    remedy: 'use the protected path',
  },
  would_have_called: {
    placements: at('vulnerable_simulation', 'vulnerable_path_simulation'),
    summary: 'an unprotected agent would have called the tool',
    remedy: 'use the protected path',
    detailSeparator: '_',
  },
} as const satisfies Record<string, ReasonEntry>;
