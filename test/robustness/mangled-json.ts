/** Messages that are almost right: a valid call, changed in one to three ways that have broken parsers before. */
import type { Pick } from '../proof/spelling.ts';
import { echoCall, INITIALIZE, type Era } from './messages.ts';

/** Bytes of one message, without the end of its line. */
export function mangledMessage(pick: Pick, era: Era): Buffer {
  const values = [
    echoCall(pick(1_000), { nonce: `n-${pick(1_000)}`, wait_ms: pick(3) }, era),
    { jsonrpc: '2.0', id: pick(1_000), method: 'tools/list', params: {} },
    { jsonrpc: '2.0', id: pick(1_000), method: 'ping' },
    INITIALIZE,
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: pick(1_000) } },
    { jsonrpc: '2.0', id: pick(1_000), result: {} },
  ];
  const value = values[pick(3) === 0 ? pick(values.length) : 0] ?? {};
  const inside = pick(2) === 0 ? value : replaceSomewhere(value, pick);
  let bytes: Buffer = Buffer.from(rewriteText(JSON.stringify(inside), pick));
  for (let left = pick(3); left > 0; left -= 1) bytes = mangleBytes(bytes, pick);
  return bytes;
}

/** What stands in for a number, a word or a member. As JSON text, because some of it has no value. */
const STRANGE = [
  '1e999',
  '-1e999',
  '123456789012345678901234567890',
  '-0',
  '0.1e-400',
  '""',
  'null',
  'true',
  '[]',
  '{}',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
  `"${'x'.repeat(70_000)}"`,
  '[[[[[[[[[[]]]]]]]]]]',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
  `[${'0,'.repeat(30_000)}0]`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"then":1,"toJSON":1,"length":-1}',
  '"=?base64?AAA?="',
];

/** Some place of a value, at any depth, becomes a mark that `rewriteText` replaces. */
function replaceSomewhere(value: unknown, pick: Pick): unknown {
  if (typeof value !== 'object' || value === null || pick(4) === 0) return MARK;
  const names = Object.keys(value);
  const name = names[pick(names.length)];
  if (name === undefined) return MARK;
  return { ...value, [name]: replaceSomewhere((value as Record<string, unknown>)[name], pick) };
}

const MARK = '@strange@';

function rewriteText(text: string, pick: Pick): string {
  const strange = STRANGE[pick(STRANGE.length)] ?? 'null';
  const marked = text.replace(`"${MARK}"`, () => strange);
  switch (pick(10)) {
    case 0:
      return `[${marked},${marked}]`;
    case 1: // A name twice.
      return marked.replace('{', () => `{"id":${strange},"method":"tools/call",`);
    case 2:
      return marked.replace('"params":{', () => `"params":{"__proto__":${strange},"constructor":${strange},`);
    case 3:
      return marked.replace('"arguments":{', () => `"arguments":{"__proto__":${strange},"nonce":${strange},`);
    case 4:
      return marked.replace(/"jsonrpc":"2.0",?/, '');
    default:
      return marked;
  }
}

const PIECES = ['\0', '\ufeff', '\u2028', '{', '}', '[', ']', '"', '\\', '\\u', ',', '\r', ' '.repeat(100), '\x7f'];
const BROKEN = [0x80, 0xbf, 0xc0, 0xc3, 0xed, 0xf0, 0xf8, 0xff];

function mangleBytes(bytes: Buffer, pick: Pick): Buffer {
  const at = pick(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (pick(6)) {
    case 0:
      return before;
    case 1:
      return after;
    case 2:
      return Buffer.concat([before, Buffer.from(PIECES[pick(PIECES.length)] ?? ''), after]);
    case 3: // No UTF-8, or a sequence that is cut short.
      return Buffer.concat([before, Buffer.from([BROKEN[pick(BROKEN.length)] ?? 0xff]), after]);
    case 4:
      return Buffer.concat([before, after.subarray(1 + pick(8))]);
    default: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << pick(8));
      return flipped;
    }
  }
}
