import { choice, flag, integer, optional } from '../setting.js';

/** The output filter, the agent and the teaching path. */
export const TURN_SETTINGS = {
  outputFilterPii: flag('ACP_OUTPUT_FILTER_PII', false, 'let the output filter look for personal data too'),
  outputFilterMaxBytes: integer(
    'ACP_OUTPUT_FILTER_MAX_BYTES',
    1_048_576,
    { min: 1024, max: 10_485_760 },
    "largest sum of one request's texts that the output filter examines",
  ),

  llmAdapterMode: choice(
    'ACP_LLM_ADAPTER_MODE',
    ['simulated', 'disabled_external'],
    'simulated',
    'the agent: simulated, or none',
    { echo: true },
  ),
  llmProviderName: optional(
    'ACP_LLM_PROVIDER_NAME',
    'label of the provider: logged at start, and nothing else',
  ),
  llmModelName: optional('ACP_LLM_MODEL_NAME', 'label of the model: logged at start, and nothing else'),
  allowLiveLlmCalls: flag(
    'ACP_ALLOW_LIVE_LLM_CALLS',
    false,
    'must stay false: live calls are not implemented',
  ),
  allowLiveExternalTools: flag(
    'ACP_ALLOW_LIVE_EXTERNAL_TOOLS',
    false,
    'must stay false: tools are simulated',
  ),
  allowShellTools: flag('ACP_ALLOW_SHELL_TOOLS', false, 'must stay false: nothing here runs a shell'),
  enableVulnerablePath: flag(
    'ACP_ENABLE_VULNERABLE_PATH',
    { local: true, test: true, production: false },
    'offer the teaching path that shows what an unprotected agent would do',
  ),
} as const;
