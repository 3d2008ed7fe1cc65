import type { JsonObject } from '../domain/wire.js';
import { nameOfHidden, neighbourhoodOf } from './characters.js';
import type { StoredAction } from './stored-action.js';

const MAX_WARNINGS = 100;
const PLAIN = /^[\x20-\x7e]*$/;

/** A text in which every character is what it seems, and what was found on the way: name → how often. */
export interface VisibleText {
  readonly text: string;
  readonly hidden: ReadonlyMap<string, number>;
}

const NOTHING_HIDDEN: ReadonlyMap<string, number> = new Map();

function labelOf(character: string, name: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} ${name}`;
}

/**
 * Replaces every character that is invisible, changes direction or order, controls a terminal, or poses as another, by
 * its name in `⟦…⟧`. The brackets themselves are replaced too, so no text can imitate a replacement.
 */
export function makeVisible(text: string): VisibleText {
  if (PLAIN.test(text)) return { text, hidden: NOTHING_HIDDEN };
  const hidden = new Map<string, number>();
  const show = (run: string): string => {
    if (PLAIN.test(run)) return run;
    const around = neighbourhoodOf(run);
    return Array.from(run, (character) => {
      const name = nameOfHidden(character, around);
      if (name === null) return character;
      const label = labelOf(character, name);
      hidden.set(label, (hidden.get(label) ?? 0) + 1);
      return `⟦${label}⟧`;
    }).join('');
  };
  return { text: text.split(' ').map(show).join(' '), hidden };
}

/** Shows values, and collects where what was hidden. */
class Rendering {
  private readonly found: string[] = [];
  private suppressed = 0;

  text(place: string, value: string): string {
    const { text, hidden } = makeVisible(value);
    for (const [label, count] of hidden) {
      if (this.found.length >= MAX_WARNINGS) this.suppressed += 1;
      else this.found.push(`${place}: ${label}${count > 1 ? ` (${count} times)` : ''}`);
    }
    return text;
  }

  value(place: string, value: unknown): unknown {
    if (typeof value === 'string') return this.text(place, value);
    if (Array.isArray(value)) return value.map((item, index) => this.value(`${place}/${index}`, item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const shown = this.text(`${place} (a key)`, key);
        return [shown, this.value(`${place}/${shown}`, item)];
      }),
    );
  }

  warnings(): string[] {
    return this.suppressed === 0 ? this.found : [...this.found, `and ${this.suppressed} more`];
  }
}

/** An action as its approver sees it. */
export interface RenderedAction {
  readonly tool_name: string;
  readonly arguments: unknown;
  readonly target: string | null;
  readonly provenance: unknown;
  /** `<where>: U+<code> <NAME>`, one for each character in each place; at most 100, and then how many more. */
  readonly warnings: string[];
}

/**
 * Shows an action to a human.
 *
 * THREAT: who wrote the arguments may want the approver to read something else than what runs. Nothing is shown but
 * the action itself, never text of the model, and every character in it is what it seems or is named.
 */
export function renderAction(
  action: Pick<StoredAction, 'tool_name' | 'target' | 'provenance'> & { readonly arguments: JsonObject },
): RenderedAction {
  const rendering = new Rendering();
  return {
    tool_name: rendering.text('tool_name', action.tool_name),
    arguments: rendering.value('arguments', action.arguments),
    target: action.target === null ? null : rendering.text('target', action.target),
    provenance: rendering.value('provenance', action.provenance),
    warnings: rendering.warnings(),
  };
}
