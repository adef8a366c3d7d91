/** Texts that fit a string schema. */
import { sample, stringMatching } from 'fast-check';

type Keywords = Readonly<Record<string, unknown>>;

const BY_FORMAT: Readonly<Record<string, readonly string[]>> = {
  date: ['2026-01-31'],
  time: ['12:30:00Z'],
  'date-time': ['2026-01-31T12:30:00Z'],
  duration: ['P3D'],
  email: ['someone@example.com', 'a@b.co'],
  'idn-email': ['someone@example.com', 'a@b.co'],
  hostname: ['example.com', 'a.b'],
  'idn-hostname': ['example.com'],
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
  uri: ['https://example.com/', 'a:b'],
  'uri-reference': ['/path', 'a'],
  iri: ['https://example.com/'],
  'iri-reference': ['/path'],
  'uri-template': ['/path/{id}'],
  uuid: ['0b9f5c2e-4d1a-4c6b-9e0f-1a2b3c4d5e6f'],
  'json-pointer': ['/a/b'],
  'relative-json-pointer': ['0'],
  regex: ['^a+$'],
  byte: ['aGVsbG8='],
};

/** The same on every run, on every machine. */
const SEED = 20_260_101;

/** No test should build a text that is longer, in UTF-16 code units; JavaScript has none beyond 2^29. */
export const LONGEST_TEXT = 1_000_000;

/** Candidates, best first; whoever asks has to try them. None where the least is more than a test can bear. */
export function* stringCandidates(schema: Keywords): Generator<string> {
  const { format, pattern, minLength, maxLength } = schema;
  const least = typeof minLength === 'number' ? minLength : 0;
  if (least > LONGEST_TEXT) return;
  const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
  const formatted = typeof format === 'string' && Object.hasOwn(BY_FORMAT, format) ? (BY_FORMAT[format] ?? []) : [];
  // Most formats can be made longer at one of their ends.
  yield* formatted.flatMap((text) => [text, text.padEnd(least, 'a'), text.padStart(least, 'a')]);
  if (typeof pattern === 'string') yield* matching(pattern, least, most);
  yield fitLength('text', least, most);
}

function fitLength(word: string, least: number, most: number): string {
  return word.padEnd(least, word).slice(0, most);
}

/** Texts that patterns often mean, the plainest first; tried before anything is made up. */
const WORDS = [
  'text',
  'Text',
  'TEXT',
  '1',
  '10',
  'text-1',
  'text1',
  'a',
  'A1',
  'en-US',
  '1.0.0',
  '2026-01-31',
  '12:30',
  '+15550100',
  '/path',
  'https://example.com/',
  'someone@example.com',
];

/** Words that match, else the shortest of a fixed number of texts that do, within the bounds. */
function matching(pattern: string, least: number, most: number): readonly string[] {
  const expression = new RegExp(pattern, 'u');
  const fits = (text: string): boolean => text.length >= least && text.length <= most && expression.test(text);
  const words = [...new Set(WORDS.flatMap((word) => [word, fitLength(word, least, most)]))].filter(fits);
  return words.length > 0 ? words.slice(0, 3) : generated(expression, least).filter(fits).slice(0, 3);
}

function generated(expression: RegExp, least: number): readonly string[] {
  try {
    const texts = sample(stringMatching(expression), { seed: SEED, numRuns: 60 });
    const stretched = texts.filter((text) => text !== '' && text.length < least).map((text) => stretch(text, least));
    return [...texts, ...stretched].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  } catch {
    // The pattern uses what cannot be generated from, such as look-behind: the author gives an example.
    return [];
  }
}

/** Short before long, and anything that can be typed before what cannot. */
function rank(text: string): number {
  return text.length + (/^[\x20-\x7e]*$/.test(text) ? 0 : 1_000_000);
}

/** A pattern often repeats one kind of character: then so may the text. */
function stretch(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
