/** What the upstream answers, so that a call succeeds. */
import { pointerTokens, type JsonValue } from '../../../src/kernel/json.ts';
import type { HttpReply } from './loopback.ts';
import type { Subject } from './subject.ts';

export function replyTo(subject: Subject): HttpReply {
  return { status: 200, body: wrap(subject.result ?? {}, pointerTokens(subject.resultAt)) };
}

/** `wrap(1, ['data', '0'])` → `{ data: [1] }` */
function wrap(value: JsonValue, [token, ...rest]: readonly string[]): JsonValue {
  if (token === undefined) return value;
  const inner = wrap(value, rest);
  return token === '0' ? [inner] : { [token]: inner };
}
