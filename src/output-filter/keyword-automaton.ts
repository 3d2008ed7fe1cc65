/** Every keyword of a set, found in one pass: the classic construction of Aho and Corasick over ASCII, any case. */
export interface KeywordAutomaton {
  /** The next state for `(state << rowBits) | classOf[code]`: small, as it is read for each character of each text. */
  readonly next: Uint16Array;
  /** How many bits the number of a class has. */
  readonly rowBits: number;
  /** The class of an ASCII character; 0 for one that no keyword holds. */
  readonly classOf: Uint8Array;
  /** States from here on are ends of keywords. */
  readonly firstFinal: number;
  /** The keywords (by index) that end at each of those states, from the first of them on; longest first. */
  readonly endings: readonly (readonly number[])[];
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

/** The states that fit the table. */
const MAX_STATES = 65_536;

/**
 * Builds the automaton; the position of a keyword in the list is its index in the results.
 *
 * @throws RangeError for a keyword that is not ASCII, and for more keywords than its table has room for.
 */
export function createKeywordAutomaton(keywords: readonly string[]): KeywordAutomaton {
  const { classOf, count } = classesOf(keywords);
  const root = trieOf(keywords, classOf);
  const order = linkFailures(root);
  if (order.length > MAX_STATES)
    throw new RangeError('the keywords have more states than the table has room for');
  const plain = order.filter((node) => node.keywords.length === 0);
  const final = order.filter((node) => node.keywords.length > 0);
  for (const [index, node] of [...plain, ...final].entries()) node.id = index;
  const rowBits = 32 - Math.clz32(count - 1);
  const next = new Uint16Array(order.length << rowBits);
  for (const node of order) {
    const row = node.id << rowBits;
    // Breadth-first: the row of the failure link is complete before it is copied.
    if (node.fail !== null) {
      const failRow = node.fail.id << rowBits;
      next.copyWithin(row, failRow, failRow + count);
    }
    for (const [symbol, child] of node.children) next[row | symbol] = child.id;
  }
  return {
    next,
    rowBits,
    classOf,
    firstFinal: plain.length,
    endings: final.map(({ keywords: ends }) => ends),
  };
}
