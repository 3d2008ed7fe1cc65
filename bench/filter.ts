/**
 * The output filter: throughput on ordinary and hostile texts, growth with length, precision and recall.
 *
 *   npm run bench:filter
 */
import { standardDetectors } from '../src/output-filter/detectors/all.js';
import { createOutputFilter } from '../src/output-filter/filter.js';
import { benignCorpus } from '../tests/fixtures/filter/benign.js';
import { BENIGN_PROSE } from '../tests/fixtures/filter/benign-prose.js';
import {
  allHostileTexts,
  asSent,
  hostilePersonalData,
  hostileTextsFor,
} from '../tests/fixtures/filter/hostile.js';
import { hostileStructures } from '../tests/fixtures/filter/hostile-structures.js';
import { secretCorpus } from '../tests/fixtures/filter/secrets.js';
import { INSIDE as context } from '../tests/helpers/output-filter.js';

const MIB = 1_048_576;
const filter = createOutputFilter({ pii: false, maxBytes: 16 * MIB });

/** What one tool call has checked: what the model said, what it asks the tool for, and what the tool answers. */
const TURN = [
  { text: 'I will read the record r-100 for you now.', context },
  {
    text: '',
    structured_output: {
      tool_name: 'read_records',
      target: 'tenant-a',
      arguments: { record_ids: ['r-100'] },
    },
    context,
  },
  {
    text: 'simulated_read_records',
    structured_output: { tenant_id: 'tenant-a', records: [{ id: 'r-100', value: 'simulated' }] },
    context,
  },
] as const;

/**
 * The best of several runs, in milliseconds of the process's time on a core, collection of garbage included: what the
 * code needs, whatever else the machine does.
 */
function milliseconds(run: () => unknown, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const check = (text: string) => () => filter.check({ text, context });

/** A text of the given length made of the pieces in turn. */
function filled(pieces: readonly string[], length: number): string {
  const once = pieces.join('\n');
  return asSent(`${once}\n`.repeat(Math.ceil(length / (once.length + 1))).slice(0, length));
}

function benign(...kinds: readonly string[]): string[] {
  return benignCorpus(2)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ text }) => text);
}

function reportOrdinary(): void {
  const rows = Object.entries({
    prose: BENIGN_PROSE['english'] ?? [],
    'prose in twenty scripts': Object.values(BENIGN_PROSE).flat(),
    JSON: benign('json_result', 'session_ids', 'pagination'),
    code: benign('code_go', 'code_python', 'code_config', 'stack_trace', 'camel_case'),
    logs: benign('log_line', 'access_log', 'trace'),
    'base64 images': benign('png', 'jpeg', 'gif_markdown'),
  }).map(([name, pieces]) => {
    const text = filled(pieces, MIB);
    const bytes = Buffer.byteLength(text);
    const time = milliseconds(check(text), 15);
    return {
      text: name,
      'ms for 1 MiB': ((time * MIB) / bytes).toFixed(1),
      'MB/s': (bytes / 1000 / time).toFixed(0),
    };
  });
  console.table(rows);
}

function reportSmall(): void {
  const runs = 20_000;
  const text = filled(BENIGN_PROSE['english'] ?? [], 1024);
  const each = (run: () => unknown): string => {
    const time = milliseconds(() => {
      for (let index = 0; index < runs; index += 1) run();
    }, 5);
    return ((time * 1000) / runs).toFixed(2);
  };
  console.table([
    ...['model text', 'tool arguments', 'tool result'].map((name, index) => ({
      call: `check of a turn's ${name}`,
      µs: each(() => filter.check(TURN[index] ?? TURN[0])),
    })),
    { call: 'check of 1 KB of prose', µs: each(check(text)) },
    { call: 'redact of a short id', µs: each(() => filter.redact('r-internal-1')) },
    { call: 'redact of a UUID', µs: each(() => filter.redact('0198a7b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b')) },
  ]);
}

/** What takes how long at a mebibyte and at a quarter of it: linear is 4, and what a cache costs. */
interface Growth {
  readonly text: string;
  readonly 'ms for 1 MiB': number;
  readonly 'times as long for four times the text': number;
}

function growth(text: string, checkOf: (bytes: number) => () => unknown): Growth {
  const short = milliseconds(checkOf(MIB / 4), 5);
  const long = milliseconds(checkOf(MIB), 5);
  return {
    text,
    'ms for 1 MiB': Number(long.toFixed(1)),
    'times as long for four times the text': Number((long / short).toFixed(1)),
  };
}

/** Measured last: a service has one filter, and the runtime makes faster code for what it has seen one of. */
function growthWithPersonalData(): Growth[] {
  const personalData = createOutputFilter({ pii: true, maxBytes: 16 * MIB });
  return hostilePersonalData.map(({ name, make }) =>
    growth(`with personal data: ${name}`, (bytes) => {
      const text = make(bytes);
      return () => personalData.check({ text, context });
    }),
  );
}

function reportHostile(): void {
  const rows = [
    ...allHostileTexts.map(({ name, make }) => growth(name, (bytes) => check(make(bytes)))),
    ...hostileStructures.map(({ name, make }) =>
      growth(`structure: ${name}`, (bytes) => {
        const structured_output = make(bytes);
        return () => filter.check({ text: '', structured_output, context });
      }),
    ),
    ...growthWithPersonalData(),
  ];
  console.table(rows.sort((a, b) => b['ms for 1 MiB'] - a['ms for 1 MiB']).slice(0, 25));
  const ratio = 'times as long for four times the text';
  const worst = rows
    .filter((row) => row['ms for 1 MiB'] >= 4)
    .reduce((a, b) => (b[ratio] > a[ratio] ? b : a));
  console.log(`of ${rows.length}; the largest growth is ${worst[ratio]}, of ${worst.text}`);
}

function reportDetectors(): void {
  const rows = standardDetectors.map((detector) => {
    const texts = hostileTextsFor(detector);
    const longest = texts.map(({ name, make }) => {
      const short = milliseconds(check(make(MIB / 16)), 3);
      return { name, short, ratio: milliseconds(check(make(MIB / 4)), 3) / short };
    });
    const worst = longest.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    return {
      detector: detector.id,
      text: worst.name,
      'worst ratio for four times the text': Number(worst.ratio.toFixed(1)),
    };
  });
  const key = 'worst ratio for four times the text';
  console.log(`${rows.length} detectors, each against its own keywords and examples; the ten worst:`);
  console.table(rows.sort((a, b) => b[key] - a[key]).slice(0, 10));
}

function reportQuality(): void {
  const seeds = [11, 12, 13, 14, 15];
  const secrets = seeds.flatMap((seed) => secretCorpus(seed));
  const harmless = seeds.flatMap((seed) => benignCorpus(seed));
  const isBlocked = ({ text }: { text: string }): boolean => !filter.check({ text, context }).allowed;
  const found = secrets.filter(isBlocked).length;
  const alarms = harmless.filter(isBlocked);
  console.table([
    {
      'secrets found': `${found} of ${secrets.length}`,
      recall: `${((100 * found) / secrets.length).toFixed(2)}%`,
      'false alarms': `${alarms.length} of ${harmless.length}`,
      precision: `${((100 * found) / (found + alarms.length)).toFixed(2)}%`,
    },
  ]);
  for (const { kind, text } of alarms.slice(0, 10))
    console.log(`false alarm: ${kind}: ${text.slice(0, 120)}`);
}

console.log('ordinary texts');
reportOrdinary();
console.log('small calls');
reportSmall();
console.log('precision and recall over the corpora of tests/fixtures/filter');
reportQuality();
console.log('hostile texts, the 25 slowest');
reportHostile();
if (process.argv.includes('--detectors')) reportDetectors();
else console.log('with --detectors: every detector against its own keywords and examples');
