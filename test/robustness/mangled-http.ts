/** HTTP requests that are almost right: their bodies, their headers, their lengths, and how they are cut into pieces. */
import type { Pick } from '../proof/spelling.ts';
import { mangledMessage } from './mangled-json.ts';
import { echoCall, ERAS, headersFor, type Era } from './messages.ts';

type Header = readonly [name: string, value: string];

/** All the bytes of a request; the server is not to wait for more. */
export function mangledRequest(pick: Pick, host: string): Buffer {
  const era = ERAS[pick(2)] ?? 'legacy';
  const body =
    pick(4) === 0 ? Buffer.from(JSON.stringify(echoCall(1, { nonce: 'n' }, era))) : mangledMessage(pick, era);
  const isChunked = pick(4) === 0;
  const framing: Header = isChunked ? ['transfer-encoding', 'chunked'] : ['content-length', String(body.length)];
  const headers = mangleHeaders([['host', host], ['connection', 'close'], ...headersOf(era), framing], pick);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = Buffer.from(`${requestLine(pick)}\r\n${lines}\r\n`, 'latin1');
  return Buffer.concat([head, isChunked ? chunks(body, pick) : body]);
}

const headersOf = (era: Era): readonly Header[] => Object.entries(headersFor(era));

const LINES = [
  'GET /mcp HTTP/1.1',
  'PUT /mcp HTTP/1.1',
  'POST / HTTP/1.1',
  'POST /mcp HTTP/1.0',
  'POST /mcp HTTP/9.9',
  'POST  /mcp HTTP/1.1',
  'POST //mcp HTTP/1.1',
  'POST /mcp/../mcp HTTP/1.1',
  'POST http://evil.example/mcp HTTP/1.1',
  'POST * HTTP/1.1',
  'CONNECT 127.0.0.1:1 HTTP/1.1',
  'OPTIONS /mcp HTTP/1.1',
  'PRI * HTTP/2.0',
  `POST /mcp?${'a'.repeat(9_000)} HTTP/1.1`,
  'POST /mcp?%00%ff HTTP/1.1',
  'POST /operations HTTP/1.1',
  'GET /readyz HTTP/1.1',
  '\x16\x03\x01\x02',
];

function requestLine(pick: Pick): string {
  return pick(6) === 0 ? (LINES[pick(LINES.length)] ?? '') : 'POST /mcp HTTP/1.1';
}

const VALUES = [
  '',
  '-1',
  '0',
  '1e3',
  '0x10',
  '5, 6',
  '99999999999999999999',
  '18446744073709551616',
  'chunked, chunked',
  'gzip, chunked',
  'identity',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json\0',
  '2026-07-28',
  '1999-01-01',
  'tools/list',
  '=?base64?4?=',
  'null',
  '\xff\xfe',
  'a'.repeat(5_000),
  'a\rb',
  'a\nb: c',
];
const EXTRA: readonly Header[] = [
  ['content-length', '3'],
  ['transfer-encoding', 'chunked'],
  ['host', 'evil.example'],
  ['origin', 'http://evil.example'],
  ['expect', '100-continue'],
  ['expect', 'what'],
  ['upgrade', 'websocket'],
  ['connection', 'upgrade, host'],
  ['mcp-session-id', 'x'],
  ['last-event-id', '1'],
  ['content-encoding', 'gzip'],
  ['__proto__', 'x'],
  ['mcp-param-nonce', 'other'],
  [':authority', 'x'],
  ['x', 'y'.repeat(20_000)],
];

function mangleHeaders(headers: readonly Header[], pick: Pick): readonly Header[] {
  const at = pick(headers.length);
  const value = VALUES[pick(VALUES.length)] ?? '';
  switch (pick(6)) {
    case 0:
      return headers.filter((_, index) => index !== at);
    case 1:
      return headers.map(([name, old], index) => [name, index === at ? value : old]);
    case 2:
      return [...headers, EXTRA[pick(EXTRA.length)] ?? ['x', 'y']];
    case 3:
      return pick(20) === 0 ? [...headers, ...Array.from({ length: 3_000 }, (): Header => ['a', 'b'])] : headers;
    default:
      return headers;
  }
}

function chunks(body: Buffer, pick: Pick): Buffer {
  const size = 1 + pick(body.length + 1);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${chunkSize(part.length, pick)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(END_OF_CHUNKS[pick(END_OF_CHUNKS.length)] ?? '')]);
}

const END_OF_CHUNKS = [
  '0\r\n\r\n',
  '0\r\n\r\n',
  '0\r\n\r\n',
  '',
  '0\r\nhost: evil\r\n\r\n',
  '00000\r\n\r\n',
  '-1\r\n\r\n',
];

function chunkSize(length: number, pick: Pick): string {
  const right = length.toString(16);
  const wrong = [
    `${right};a=b`,
    `0${right}`,
    `${right} `,
    'ffffffffffffffff',
    `-${right}`,
    `0x${right}`,
    `${length + 5}`,
  ];
  return pick(8) === 0 ? (wrong[pick(wrong.length)] ?? right) : right;
}
