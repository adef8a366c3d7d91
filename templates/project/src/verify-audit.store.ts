/** `npm run verify-audit` says whether audit in the store is still as it was written; `-- <file>…` says it of files. */
import { parts, server } from './generated/server.ts';
import { inspectKept } from './kernel/audit-store/inspect-kept.ts';
import { verifyAudit } from './kernel/verify-audit.ts';

process.exitCode = await verifyAudit(process.argv.slice(2), () => inspectKept(server, parts));
