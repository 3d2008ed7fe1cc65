import type { Repository, Violation } from './violation.js';

const ROOT_FILES = ['AGENTS.md', 'PROJECT_DOCTRINE.md'];

/** Path segments, compared exactly. */
const SEGMENTS = [
  '.cursor',
  'master-prompts',
  'prompts',
  'prompt-artifacts',
  'chat-logs',
  'cursor-transcripts',
  'conversation-exports',
  'agent-reports',
  'scratchpads',
  'validation-notes',
  'ai-notes',
];

/** Parts of a path, in any case. */
const PATH_PARTS = [
  '.cursor/',
  'master-prompts',
  'prompt-artifacts',
  'cursor-transcripts',
  'conversation-exports',
  'chat-logs',
  'agent-reports',
  'scratchpads',
  'validation-notes',
  'ai-notes',
  'cycle-report',
];

/** Ends of a file's name, in any case. */
const NAME_ENDS = ['.prompt.md', '.prompts.md', '.chat.md', '.transcript.md'];

/** Parts of a file's name, in any case. */
const NAME_PARTS = ['cursor_project_doctrine', 'cycle-report', 'master-prompt', 'chatgpt-'];

/** Finds working prompts, conversations and reports of assistants: they are not part of the project. */
export function findArtefacts({ files }: Repository): Violation[] {
  return files.flatMap((path) => {
    const rule = matchRule(path);
    return rule === null ? [] : [{ path, message: `looks like a working artefact: ${rule}` }];
  });
}

function matchRule(path: string): string | null {
  if (ROOT_FILES.includes(path)) return 'a root file of that name';
  const segments = path.split('/');
  const segment = SEGMENTS.find((forbidden) => segments.includes(forbidden));
  if (segment !== undefined) return `a path segment named ${segment}`;
  const lowerPath = path.toLowerCase();
  const part = PATH_PARTS.find((forbidden) => lowerPath.includes(forbidden));
  if (part !== undefined) return `a path containing ${part}`;
  const name = lowerPath.slice(lowerPath.lastIndexOf('/') + 1);
  const end = NAME_ENDS.find((forbidden) => name.endsWith(forbidden));
  if (end !== undefined) return `a name ending in ${end}`;
  const namePart = NAME_PARTS.find((forbidden) => name.includes(forbidden));
  return namePart === undefined ? null : `a name containing ${namePart}`;
}
