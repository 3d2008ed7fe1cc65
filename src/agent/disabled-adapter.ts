import { AdapterError } from '../domain/errors.js';
import type { AgentAdapter } from './adapter.js';

/** The adapter for processes that must not have an agent: it answers no turn. */
export function createDisabledAdapter(): AgentAdapter {
  return {
    model: 'disabled',
    propose() {
      throw new AdapterError('the external agent adapter is disabled');
    },
  };
}
