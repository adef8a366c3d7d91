/** Texts that fit a string schema. */
import { sample, stringMatching } from 'fast-check';

type Keywords = Readonly<Record<string, unknown>>;

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  time: '12:30:00Z',
  'date-time': '2026-01-31T12:30:00Z',
  duration: 'P3D',
  email: 'someone@example.com',
  'idn-email': 'someone@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/path',
  iri: 'https://example.com/',
  'iri-reference': '/path',
  'uri-template': '/path/{id}',
  uuid: '0b9f5c2e-4d1a-4c6b-9e0f-1a2b3c4d5e6f',
  'json-pointer': '/a/b',
  'relative-json-pointer': '0',
  regex: '^a+$',
  byte: 'aGVsbG8=',
};

/** The same on every run, on every machine. */
const SEED = 20_260_101;

/** Candidates, best first; whoever asks has to try them. */
export function* stringCandidates(schema: Keywords): Generator<string> {
  const { format, pattern, minLength, maxLength } = schema;
  const least = typeof minLength === 'number' ? minLength : 0;
  const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
  if (typeof format === 'string' && Object.hasOwn(BY_FORMAT, format)) yield BY_FORMAT[format] ?? '';
  if (typeof pattern === 'string') yield* matching(pattern, least, most);
  yield fitLength('text', least, most);
}

function fitLength(word: string, least: number, most: number): string {
  return word.padEnd(least, word).slice(0, most);
}

/** The shortest of a fixed number of texts that match, within the bounds. */
function matching(pattern: string, least: number, most: number): readonly string[] {
  try {
    const expression = new RegExp(pattern, 'u');
    const texts = sample(stringMatching(expression), { seed: SEED, numRuns: 60 });
    const stretched = texts.filter((text) => text !== '' && text.length < least).map((text) => stretch(text, least));
    const fitting = [...texts, ...stretched].filter(
      (text) => text.length >= least && text.length <= most && expression.test(text),
    );
    const plain = fitting.filter((text) => /^[\x20-\x7e]*$/.test(text));
    return (plain.length > 0 ? plain : fitting).sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, 3);
  } catch {
    // The pattern uses what cannot be generated from, such as look-behind: the author gives an example.
    return [];
  }
}

/** A pattern often repeats one kind of character: then so may the text. */
function stretch(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
