/** A server with operations over HTTP, to be started as a process of its own. */
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import { operationsOverHttp } from '../../../templates/kernel/operations/http.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import { start } from '../../../templates/kernel/start.ts';
import { serveHttp } from '../../../templates/kernel/transport/http.ts';
import { serverWith } from './declaration.ts';

const operationsScope = process.env['OPERATIONS_SCOPE'] || undefined;

await start(serverWith(operationsScope === undefined ? {} : { operationsScope }), {
  http: serveHttp,
  operations: operationsOverHttp,
  writes: writesOn(sqlite),
});
