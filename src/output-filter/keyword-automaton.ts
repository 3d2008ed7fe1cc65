/** Every keyword of a set, found in one pass: the classic construction of Aho and Corasick over ASCII, any case. */
export interface KeywordAutomaton {
  /** The next state for `state + classOf[code]`; states are multiples of the number of classes. */
  readonly next: Int32Array;
  /** The class of an ASCII character; 0 for one that no keyword holds. */
  readonly classOf: Uint8Array;
  /** States from here on are ends of keywords. */
  readonly firstFinal: number;
  /** The keywords (by index) that end at a final state, longest first. */
  readonly endingAt: (state: number) => readonly number[];
  /** The same for each final state in turn: they are `stateStride` apart. */
  readonly endings: readonly (readonly number[])[];
  readonly stateStride: number;
}

interface Node {
  readonly children: Map<number, Node>;
  readonly keywords: number[];
  fail: Node | null;
  id: number;
}

const newNode = (): Node => ({ children: new Map(), keywords: [], fail: null, id: 0 });

function classesOf(keywords: readonly string[]): { classOf: Uint8Array; count: number } {
  const classOf = new Uint8Array(128);
  let count = 1;
  for (const character of new Set(keywords.join('').toLowerCase())) {
    const code = character.charCodeAt(0);
    if (code > 127) throw new RangeError('a keyword must be ASCII');
    classOf[code] = count;
    classOf[character.toUpperCase().charCodeAt(0)] = count;
    count += 1;
  }
  return { classOf, count };
}

function trieOf(keywords: readonly string[], classOf: Uint8Array): Node {
  const root = newNode();
  for (const [index, keyword] of keywords.entries()) {
    let node = root;
    for (const character of keyword) {
      const symbol = classOf[character.charCodeAt(0)] ?? 0;
      let child = node.children.get(symbol);
      if (child === undefined) node.children.set(symbol, (child = newNode()));
      node = child;
    }
    node.keywords.push(index);
  }
  return root;
}

/** Links each node to its longest proper suffix in the trie; returns the nodes in breadth-first order. */
function linkFailures(root: Node): Node[] {
  const order = [root];
  for (const node of order) {
    for (const [symbol, child] of node.children) {
      let fail = node.fail;
      while (fail !== null && !fail.children.has(symbol)) fail = fail.fail;
      child.fail = fail?.children.get(symbol) ?? root;
      child.keywords.push(...child.fail.keywords);
      order.push(child);
    }
  }
  return order;
}

/** Builds the automaton; the position of a keyword in the list is its index in the results. */
export function createKeywordAutomaton(keywords: readonly string[]): KeywordAutomaton {
  const { classOf, count } = classesOf(keywords);
  const root = trieOf(keywords, classOf);
  const order = linkFailures(root);
  const plain = order.filter((node) => node.keywords.length === 0);
  const final = order.filter((node) => node.keywords.length > 0);
  for (const [index, node] of [...plain, ...final].entries()) node.id = index * count;
  const next = new Int32Array(order.length * count);
  for (const node of order) {
    // Breadth-first: the row of the failure link is complete before it is copied.
    if (node.fail !== null) next.copyWithin(node.id, node.fail.id, node.fail.id + count);
    for (const [symbol, child] of node.children) next[node.id + symbol] = child.id;
  }
  const outputs = final.map((node) => node.keywords);
  const firstFinal = plain.length * count;
  return {
    next,
    classOf,
    firstFinal,
    endingAt: (state) => outputs[(state - firstFinal) / count] ?? [],
    endings: outputs,
    stateStride: count,
  };
}
