import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** Why a text has no value that can be relied on; the message names lines and rules, never anything of the text. */
export interface YamlFault {
  readonly code: 'not_yaml' | 'other_version' | 'key_not_string';
  readonly message: string;
  /** The keys that lead to the mapping it is in; empty where it is no part of one. */
  readonly path: readonly string[];
}

/** The value of a text, or why there is none. */
export type YamlResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: YamlFault };

/** Ends a reading; never leaves this file. */
class YamlFaultError extends Error {
  constructor(readonly fault: YamlFault) {
    super(fault.message);
  }
}

function notYaml(message: string): YamlFaultError {
  return new YamlFaultError({ code: 'not_yaml', message, path: [] });
}

/** The bounds of a reading. */
export interface YamlOptions {
  /** How many values and keys the text may unfold to when its aliases are written out. */
  readonly maxNodes: number;
}

const MAX_DEPTH = 64;

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

  constructor(
    readonly lines: LineCounter,
    readonly maxNodes: number,
  ) {}

  convert(node: unknown, path: readonly string[]): Converted {
    if (path.length > MAX_DEPTH) throw this.#fault(`nested deeper than ${MAX_DEPTH}`, node);
    if (isAlias(node)) return this.#resolve(node.source, node);
    const converted = this.#convertOwn(node, path);
    if (converted.nodes > this.maxNodes) throw this.#fault('too large once unfolded', node);
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
        const { message } = this.#fault('mapping keys must be strings', keyNode);
        throw new YamlFaultError({ code: 'key_not_string', message, path });
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

  #fault(what: string, node: unknown): YamlFaultError {
    const offset =
      isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
    return notYaml(`${what}${lineOf(this.lines, offset)}`);
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
  } catch {
    throw notYaml('too deeply nested');
  }
}

function valueOf(text: string, maxNodes: number): unknown {
  const lines = new LineCounter();
  const document = parseTree(text, lines);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const what = problem.code.toLowerCase().replaceAll('_', ' ');
    throw notYaml(`${what}${lineOf(lines, problem.pos[0])}`);
  }
  if (document.directives.yaml.version !== '1.2') {
    throw new YamlFaultError({ code: 'other_version', message: 'must be YAML 1.2', path: [] });
  }
  return new Converter(lines, maxNodes).convert(document.contents, []).value;
}

/**
 * Reads the one value that a YAML 1.2 text (core schema) holds; null where it holds none.
 *
 * Refused are a syntax error, a second document, another YAML version, an unknown tag, a duplicate or non-string key,
 * `__proto__`, a number that does not survive, and a text that unfolds beyond the limits.
 */
export function readYaml(text: string, { maxNodes }: YamlOptions): YamlResult {
  try {
    return { ok: true, value: valueOf(text, maxNodes) };
  } catch (error) {
    if (error instanceof YamlFaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}
