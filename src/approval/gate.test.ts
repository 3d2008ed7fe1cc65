import { describe, expect, it } from 'vitest';
import type { ApprovalVerdict, ProposedAction } from '../domain/approval.js';
import { createApprovalGate, type ApprovalWorkflow } from './gate.js';
import { actionOf } from '../../tests/helpers/approval-actions.js';

const HARMLESS = { requires_human_approval: false, external_effect: false, destructive: false };

/** A workflow that writes down what it was asked. */
function recordingWorkflow() {
  const asked: string[] = [];
  const filed: ApprovalVerdict = {
    outcome: 'refused',
    reason: 'approval_denied_recently',
    approval_id: null,
    transitions: [],
  };
  const workflow: ApprovalWorkflow = {
    file: (action: ProposedAction, reason) => {
      asked.push(`file ${action.tool_name} ${reason}`);
      return Promise.resolve(filed);
    },
    redeem: (action: ProposedAction, token) => {
      asked.push(`redeem ${action.tool_name} ${token}`);
      return Promise.resolve(filed);
    },
  };
  return { asked, workflow };
}

describe('createApprovalGate', () => {
  it.each([
    ['no reason at all', HARMLESS, false],
    ['the policy', { ...HARMLESS, requires_human_approval: true }, true],
    ['external effect', { ...HARMLESS, external_effect: true }, true],
    ['destructiveness', { ...HARMLESS, destructive: true }, true],
  ])('asks for a human because of %s', (_cause, facts, needed) => {
    const gate = createApprovalGate({ requireToken: false, workflow: null });
    const verdict = gate.check(actionOf(facts), { human_approval: false, approval_token: null });
    expect(verdict).toMatchObject({ outcome: needed ? 'missing' : 'not_required' });
  });

  it('grants by the flag, without a promise, where tokens are not required', () => {
    const gate = createApprovalGate({ requireToken: false, workflow: recordingWorkflow().workflow });
    expect(gate.check(actionOf(), { human_approval: true, approval_token: null })).toEqual({
      outcome: 'granted',
      via: 'flag',
    });
  });

  it('ignores the flag where tokens are required', () => {
    const gate = createApprovalGate({ requireToken: true, workflow: null });
    expect(gate.check(actionOf(), { human_approval: true, approval_token: null })).toMatchObject({
      outcome: 'missing',
      reason: 'approval_token_missing',
    });
  });

  it.each([
    [{ ...HARMLESS, requires_human_approval: true }, 'human_approval_required_by_policy'],
    [{ ...HARMLESS, external_effect: true }, 'human_approval_required_for_high_impact_action'],
    [{ ...HARMLESS, destructive: true }, 'human_approval_required_for_high_impact_action'],
  ])('names the rule that asks: %o is %s', (facts, reason) => {
    const gate = createApprovalGate({ requireToken: false, workflow: null });
    expect(gate.check(actionOf(facts), { human_approval: false, approval_token: null })).toMatchObject({
      reason,
      approval: null,
    });
  });

  it.each([true, false])(
    'judges a token that is present, whatever the flag says (required: %s)',
    async (requireToken) => {
      const { asked, workflow } = recordingWorkflow();
      const gate = createApprovalGate({ requireToken, workflow });
      await gate.check(actionOf(), { human_approval: true, approval_token: 'x' });
      expect(asked).toEqual(['redeem send_email x']);
    },
  );

  it('judges a token that is present even where no human is needed', async () => {
    const { asked, workflow } = recordingWorkflow();
    const gate = createApprovalGate({ requireToken: false, workflow });
    const verdict = await gate.check(actionOf(HARMLESS), { human_approval: true, approval_token: 'x' });
    expect(asked).toEqual(['redeem send_email x']);
    expect(verdict).toMatchObject({ outcome: 'refused' });
  });

  it('knows no token where there is no workflow', () => {
    const gate = createApprovalGate({ requireToken: false, workflow: null });
    expect(gate.check(actionOf(), { human_approval: true, approval_token: 'x' })).toMatchObject({
      outcome: 'refused',
      reason: 'approval_token_unknown',
    });
  });

  it('files what lacks approval', async () => {
    const { asked, workflow } = recordingWorkflow();
    const gate = createApprovalGate({ requireToken: true, workflow });
    await gate.check(actionOf(), { human_approval: true, approval_token: null });
    expect(asked).toEqual(['file send_email approval_token_missing']);
  });
});
