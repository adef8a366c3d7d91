/** The bodies of operators' requests. */
import type { IncomingMessage } from 'node:http';

import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { RequestLimits } from '../settings.ts';
import { readJson, UnusableBody } from '../transport/http-body.ts';
import type { Finding } from './desk.ts';
import { badRequest } from './refusals.ts';

/** `{ "executed": true, "result": … }` or `{ "executed": false }`. Rejects with `Refusal` or `UnusableBody`. */
export async function readFinding(request: IncomingMessage, limits: RequestLimits): Promise<Finding> {
  const { executed, result, ...others } = await readObject(request, limits);
  if (typeof executed !== 'boolean' || Object.keys(others).length > 0 || (result !== undefined && !executed)) {
    throw badRequest('Send {"executed": true}, {"executed": true, "result": …} or {"executed": false}.');
  }
  return executed ? { executed, result } : { executed };
}

/** Rejects where something is said that nobody would listen to. */
export async function readNothing(request: IncomingMessage, limits: RequestLimits): Promise<void> {
  if (isEmpty(request)) return;
  if (Object.keys(await readObject(request, limits)).length > 0) throw badRequest('Send no body, or {}.');
}

function isEmpty({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

async function readObject(request: IncomingMessage, limits: RequestLimits): Promise<JsonObject> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new UnusableBody({ status: 415, message: 'Send JSON, and say so: content-type: application/json.' });
  }
  // What was parsed is JSON.
  const body = (await readJson(request, limits)) as JsonValue;
  if (!isJsonObject(body)) throw badRequest('Send a JSON object.');
  return body;
}
