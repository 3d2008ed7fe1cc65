import { ownCopy } from '../domain/own-copy.js';

const MAX_TEXTS = 1024;

/**
 * Short texts that were examined in full, in which nothing was found, whatever the context: the names, ids and messages
 * of tools come again and again.
 *
 * INVARIANT: the memory is bounded, whatever texts there are.
 */
export class HarmlessTexts {
  readonly #texts = new Set<string>();

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.add(ownCopy(text));
  }
}
