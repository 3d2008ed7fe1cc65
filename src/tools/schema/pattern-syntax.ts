/** A regular expression (flag `u`) taken apart, as far as the ways in which it can match matter. */
export type PatternNode =
  | { readonly kind: 'character'; readonly text: string }
  | { readonly kind: 'assertion'; readonly text: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number };

/** An escape that is one character or assertion, surrogate pairs as one. */
const escapeToken =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|.)/suy;
const classToken = /\[(?:[^\]\\]|\\.)*\]/suy;
// eslint-disable-next-line security/detect-unsafe-regex -- three optional parts in a row, no two of which begin alike
const quantifierToken = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;
// eslint-disable-next-line security/detect-unsafe-regex -- reads at most once up to the end of a name
const groupToken = /\((?:\?(?::|<(?![!=])[^>]*>))?/y;
const anyToken = /./suy;

class PatternParser {
  readonly #pattern: string;
  #position = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): PatternNode | null {
    return this.#takeChoice();
  }

  #take(token: RegExp): RegExpExecArray | null {
    token.lastIndex = this.#position;
    const match = token.exec(this.#pattern);
    if (match !== null) this.#position = token.lastIndex;
    return match;
  }

  #takeChoice(): PatternNode | null {
    const options: PatternNode[] = [];
    for (;;) {
      const option = this.#takeSequence();
      if (option === null) return null;
      options.push(option);
      if (this.#pattern[this.#position] !== '|') break;
      this.#position++;
    }
    return options.length === 1 ? (options[0] ?? null) : { kind: 'choice', options };
  }

  #takeSequence(): PatternNode | null {
    const parts: PatternNode[] = [];
    while (
      this.#position < this.#pattern.length &&
      this.#pattern[this.#position] !== '|' &&
      this.#pattern[this.#position] !== ')'
    ) {
      const atom = this.#takeAtom();
      if (atom === null) return null;
      parts.push(this.#takeQuantifier(atom));
    }
    return { kind: 'sequence', parts };
  }

  #takeAtom(): PatternNode | null {
    const next = this.#pattern[this.#position];
    if (next === '(') return this.#takeGroup();
    if (next === '^' || next === '$') {
      this.#position++;
      return { kind: 'assertion', text: next };
    }
    const token = next === '\\' ? escapeToken : next === '[' ? classToken : anyToken;
    const text = this.#take(token)?.[0];
    if (text === undefined || /^\\[1-9k]/.test(text)) return null;
    return /^\\b$/i.test(text) ? { kind: 'assertion', text } : { kind: 'character', text };
  }

  #takeGroup(): PatternNode | null {
    this.#take(groupToken);
    if (this.#pattern[this.#position] === '?') return null;
    const inside = this.#takeChoice();
    this.#position++;
    return inside;
  }

  #takeQuantifier(body: PatternNode): PatternNode {
    const match = this.#take(quantifierToken);
    if (match === null) return body;
    const [text, least, comma, most] = match;
    if (least === undefined) {
      return {
        kind: 'repeat',
        body,
        min: text.startsWith('+') ? 1 : 0,
        max: text.startsWith('?') ? 1 : Infinity,
      };
    }
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? Infinity : Number(most);
    return { kind: 'repeat', body, min, max };
  }
}

/** Takes a pattern apart that the engine accepts; null where it looks around, refers back or changes flags. */
export function parsePattern(pattern: string): PatternNode | null {
  return new PatternParser(pattern).parse();
}
