import { compareCodePoints } from '../domain/canonical-json.js';
import type { PolicyDocument, PolicyTool } from './document.js';

interface Invariant {
  readonly tool: string;
  readonly message: string;
  readonly holds: (tool: PolicyTool) => boolean;
}

/** What must be true of a well-known tool wherever a policy lists it, in the order in which it is reported. */
const invariants: readonly Invariant[] = [
  {
    tool: 'run_shell',
    message: 'run_shell must remain disabled (enabled: false)',
    holds: (tool) => !tool.enabled,
  },
  {
    tool: 'send_email',
    message: 'send_email must require human approval',
    holds: (tool) => tool.requires_human_approval,
  },
  {
    tool: 'export_records',
    message: 'export_records must require human approval',
    holds: (tool) => tool.requires_human_approval,
  },
  {
    tool: 'export_records',
    message: "export_records allowed_roles must be ['admin'] only",
    holds: (tool) => tool.allowed_roles.length === 1 && tool.allowed_roles[0] === 'admin',
  },
];

const demoTools = ['read_records', 'send_email', 'export_records', 'delete_records', 'run_shell'];

/** The tools that the demo and its documentation rely on and that this policy does not list; null where none. */
export function missingDemoTools(document: PolicyDocument): string | null {
  const missing = demoTools.filter((name) => !Object.hasOwn(document.tools, name)).sort(compareCodePoints);
  return missing.length === 0 ? null : `missing required demo tools: ${missing.join(', ')}`;
}

/** The first invariant that a policy breaks, in words; null where all hold. */
export function brokenInvariant(document: PolicyDocument): string | null {
  const broken = invariants.find(({ tool, holds }) => {
    const entry = Object.hasOwn(document.tools, tool) ? document.tools[tool] : undefined;
    return entry !== undefined && !holds(entry);
  });
  return broken?.message ?? null;
}
