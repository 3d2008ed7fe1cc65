import type { AgentAdapter } from './adapter.js';
import { NOTHING_TO_DO, SCENARIOS, type SignProvenance } from './scenarios.js';

/** The deterministic agent: it says and proposes what the request's scenario calls for. */
export function createSimulatedAdapter(options: { readonly sign: SignProvenance }): AgentAdapter {
  return {
    model: 'simulated-v1',
    propose(_prompt, request) {
      return SCENARIOS.get(request.scenario)?.(request, options.sign) ?? NOTHING_TO_DO;
    },
  };
}
