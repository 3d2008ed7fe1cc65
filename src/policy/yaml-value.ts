import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { PolicyError } from '../domain/errors.js';

/** Bounds on what a file may unfold to; a policy needs a small part of them. */
const yamlLimits = { depth: 64, nodes: 50_000 } as const;

/** A converted node, and how many nodes it unfolds to when its aliases are written out. */
interface Converted {
  readonly value: unknown;
  readonly nodes: number;
}

/**
 * Turns a parsed document into plain values.
 *
 * THREAT: aliases that unfold without bound or contain themselves, keys that collide once they are strings
 * (`1` and `"1"`), `__proto__`, and numbers that lose digits; each is refused, never repaired.
 */
class Converter {
  readonly #anchors = new Map<string, Converted>();

  constructor(readonly lines: LineCounter) {}

  convert(node: unknown, path: readonly string[]): Converted {
    if (path.length > yamlLimits.depth) throw this.#fault(`nested deeper than ${yamlLimits.depth}`, node);
    if (isAlias(node)) return this.#resolve(node.source, node);
    const converted = this.#convertOwn(node, path);
    if (converted.nodes > yamlLimits.nodes) throw this.#fault('too large once unfolded', node);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, converted);
    }
    return converted;
  }

  #convertOwn(node: unknown, path: readonly string[]): Converted {
    if (isMap(node)) return this.#convertMap(node.items, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.convert(item, [...path, String(index)]));
      return {
        value: items.map(({ value }) => value),
        nodes: items.reduce((sum, item) => sum + item.nodes, 1),
      };
    }
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && !(Number.isSafeInteger(value) || isFraction(value))) {
      throw this.#fault('numbers must be finite, and integers safe', node);
    }
    return { value, nodes: 1 };
  }

  #convertMap(pairs: readonly { key: unknown; value: unknown }[], path: readonly string[]): Converted {
    const entries = new Map<string, unknown>();
    let nodes = 1;
    for (const { key: keyNode, value: valueNode } of pairs) {
      const key = isScalar(keyNode) ? keyNode.value : undefined;
      if (typeof key !== 'string') {
        if (path.length === 1 && path[0] === 'tools') throw new PolicyError('tool names must be strings');
        throw this.#fault('mapping keys must be strings', keyNode);
      }
      if (key === '__proto__') throw this.#fault('reserved mapping key', keyNode);
      if (entries.has(key)) throw this.#fault('duplicate mapping key', keyNode);
      const { value, nodes: inside } = this.convert(valueNode, [...path, key]);
      nodes += 1 + inside;
      entries.set(key, value);
    }
    return { value: Object.fromEntries(entries), nodes };
  }

  #resolve(anchor: string, node: Node): Converted {
    const target = this.#anchors.get(anchor);
    if (target === undefined) throw this.#fault('alias without a finished anchor before it', node);
    return target;
  }

  #fault(what: string, node: unknown): PolicyError {
    const offset =
      isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
    return new PolicyError(`policy is not valid YAML: ${what}${lineOf(this.lines, offset)}`);
  }
}

function isFraction(value: number): boolean {
  return Number.isFinite(value) && !Number.isInteger(value);
}

function lineOf(lines: LineCounter, offset: number | undefined): string {
  return offset === undefined ? '' : ` (line ${lines.linePos(offset).line})`;
}

function parseTree(text: string, lines: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      // The converter finds duplicates in linear time; the parser compares every pair of keys.
      uniqueKeys: false,
      prettyErrors: false,
      // A second document is only reported above the level 'silent'.
      logLevel: 'error',
      lineCounter: lines,
    });
  } catch (cause) {
    throw new PolicyError('policy is not valid YAML: too deeply nested', { cause });
  }
}

/**
 * The one value that a YAML 1.2 text (core schema) holds; null where it holds none.
 *
 * @throws PolicyError for a syntax error, a second document, another YAML version, an unknown tag, a duplicate or
 *   non-string key, a number that does not survive, or a text that unfolds beyond the limits
 */
export function parseYamlValue(text: string): unknown {
  const lines = new LineCounter();
  const document = parseTree(text, lines);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const what = problem.code.toLowerCase().replaceAll('_', ' ');
    throw new PolicyError(`policy is not valid YAML: ${what}${lineOf(lines, problem.pos[0])}`);
  }
  if (document.directives.yaml.version !== '1.2') throw new PolicyError('policy must be YAML 1.2');
  return new Converter(lines).convert(document.contents, []).value;
}
