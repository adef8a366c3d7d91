/** What every client does at a generated billing server, whichever client it is and however it came. */
import { expect } from 'vitest';

/** A client that is connected, or connects anew for each request. */
export interface Visitor {
  listTools(): Promise<readonly { readonly name: string }[]>;
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly isError?: boolean | undefined;
  readonly content: readonly { readonly type: string; readonly text?: string | undefined }[];
  readonly structuredContent?: unknown;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

const REFUND = { invoice_id: 'inv_4821abcd', amount_cents: 2500, reason: 'damaged' };

/** Lists the tools, reads, fails in two ways, and asks for one refund twice. Expects the right answer to each. */
export async function visit(visitor: Visitor): Promise<void> {
  const names = (await visitor.listTools()).map(({ name }) => name);
  expect(names).toEqual(['get_invoice', 'list_invoices', 'issue_refund', 'get_operation_status']);

  const invoice = await visitor.callTool('get_invoice', { invoice_id: 'inv_4821abcd' });
  expect(invoice.isError ?? false).toBe(false);
  expect(invoice.structuredContent).toMatchObject({ id: 'inv_4821abcd', status: 'paid' });
  expect(JSON.parse(textOf(invoice))).toEqual(invoice.structuredContent);

  const missing = await visitor.callTool('get_invoice', { invoice_id: 'inv_00000000' });
  expect(missing.isError).toBe(true);
  expect(JSON.parse(textOf(missing))).toMatchObject({
    ok: false,
    error: { code: 'INVOICE_NOT_FOUND', category: 'not_found', retryable: false, retry: 'after_fix', executed: 'no' },
  });

  const misspelt = await visitor.callTool('get_invoice', { invoice_id: 'invoice 4821', verbose: true });
  expect(misspelt.isError).toBe(true);
  const { error } = JSON.parse(textOf(misspelt));
  expect(error.category).toBe('invalid_input');
  expect(error.violations.map(({ field }: { readonly field: string }) => field).sort()).toEqual([
    '/invoice_id',
    '/verbose',
  ]);

  const first = await visitor.callTool('issue_refund', REFUND);
  expect(first.structuredContent).toMatchObject({ invoice_id: REFUND.invoice_id, amount_cents: REFUND.amount_cents });
  const again = await visitor.callTool('issue_refund', REFUND);
  expect(again._meta?.['hardened-mcp/replayed']).toBe(true);
  expect(first._meta?.['hardened-mcp/replayed']).toBeUndefined();
  expect(textOf(again)).toBe(textOf(first));
}

function textOf({ content: [block] }: ToolAnswer): string {
  return block?.text ?? '';
}
