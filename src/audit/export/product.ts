/** How exported events name what made them. The version is that of the event format, not of the program. */
export const PRODUCT = { vendor: 'llm-agent-control-plane', name: 'control-plane', version: '1' } as const;
