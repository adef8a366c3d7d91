/** What the tests know of one tool. Literals, so that a test does not believe what the code under test says. */
import type { JsonObject, JsonValue } from '../../../src/kernel/json.ts';

export interface Subject {
  readonly tool: string;
  /** Scopes that a caller needs, every one. */
  readonly scopes: readonly string[];
  /** Roles of which a caller needs one; none where the list is empty. */
  readonly roles: readonly string[];
  /** Arguments that the tool accepts. */
  readonly arguments: JsonObject;
  /** What the upstream answers such a call with, and so does the tool. Absent: the tool does not answer with a body. */
  readonly result?: JsonValue;
  /** Where in the upstream's body the result stands: a JSON Pointer. */
  readonly resultAt: string;
  /** Where the request has the key that the upstream recognises repeats by; absent: in no place. */
  readonly upstreamKey?: KeyPlace;
  /** What a look-up answers where the effect exists, and what the tool then answers. */
  readonly found?: { readonly body: JsonValue; readonly result: JsonValue };
}

export interface KeyPlace {
  readonly place: 'header' | 'body';
  readonly name: string;
}
