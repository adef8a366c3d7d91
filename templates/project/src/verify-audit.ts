/** `npm run verify-audit -- <file>…` says whether audit files are still as they were written. */
import { verifyAudit } from './kernel/verify-audit.ts';

process.exitCode = await verifyAudit(process.argv.slice(2));
