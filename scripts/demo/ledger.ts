/** What the fake billing system keeps: invoices, customers, and every effect that a request had. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Effects so far: what a person would find in the billing system afterwards. */
export interface Effects {
  refunds: number;
  creditNotes: number;
  emails: number;
}

type Invoice = {
  readonly id: string;
  readonly customer_id: string;
  readonly status: 'draft' | 'open' | 'paid' | 'void';
  readonly currency: string;
  readonly total_cents: number;
  readonly lines: readonly { readonly description: string; readonly quantity: number; readonly unit_cents: number }[];
  refunded_cents: number;
};

/** A small book of invoices; all of it is invented. */
export class Ledger {
  readonly effects: Effects = { refunds: 0, creditNotes: 0, emails: 0 };
  private readonly invoices = new Map(INVOICES.map((invoice) => [invoice.id, { ...invoice }]));
  private readonly refunds = new Map<string, Json>();
  private readonly emails = new Map(INVOICES.map((invoice) => [invoice.customer_id, 'billing@example.com']));

  getInvoice(id: string): Answer {
    const invoice = this.invoices.get(id);
    return invoice === undefined ? NOT_FOUND : { status: 200, body: { data: invoice } };
  }

  /** A page of a customer's invoices; a cursor is the number of invoices before it. */
  listInvoices(page: { customer: string | null; status: string | null; limit: number; cursor: number }): Answer {
    const found = [...this.invoices.values()].filter(
      (invoice) => invoice.customer_id === page.customer && (page.status === null || invoice.status === page.status),
    );
    const end = page.cursor + page.limit;
    const next = found.length > end ? { next_cursor: String(end) } : {};
    return { status: 200, body: { data: found.slice(page.cursor, end), ...next } };
  }

  /** One refund per key, however often it is asked for. */
  refund(id: string, { key, amount, reason }: { key: string; amount: number; reason: string }): Answer {
    const before = this.refunds.get(key);
    if (before !== undefined) return { status: 201, body: { data: before } };
    const invoice = this.invoices.get(id);
    if (invoice === undefined) return NOT_FOUND;
    if (invoice.status !== 'paid') return { status: 422, body: { code: 'not_paid' } };
    if (amount > invoice.total_cents - invoice.refunded_cents) return { status: 422, body: { code: 'limit_exceeded' } };
    invoice.refunded_cents += amount;
    this.effects.refunds += 1;
    const number = numbered('ref', this.effects.refunds);
    const refund = { id: number, invoice_id: id, amount_cents: amount, reason, status: 'pending' };
    this.refunds.set(key, refund);
    return { status: 201, body: { data: refund } };
  }

  /** The refund made under a key, in a list of its own. */
  findRefunds(key: string | null): Answer {
    const refund = this.refunds.get(key ?? '');
    return { status: 200, body: { data: refund === undefined ? [] : [refund] } };
  }

  addCreditNote(id: string, amount: number, note: string): Answer {
    if (!this.invoices.has(id)) return NOT_FOUND;
    this.effects.creditNotes += 1;
    const creditNote = { id: numbered('cn', this.effects.creditNotes), invoice_id: id, amount_cents: amount, note };
    return { status: 201, body: { data: creditNote } };
  }

  setEmail(customer: string, email: string): Answer {
    if (!this.emails.has(customer)) return NOT_FOUND;
    this.emails.set(customer, email);
    this.effects.emails += 1;
    return { status: 200, body: { data: { id: customer, email } } };
  }
}

const NOT_FOUND: Answer = { status: 404, body: { code: 'not_found' } };

const INVOICES: readonly Invoice[] = [
  {
    id: 'inv_4821abcd',
    customer_id: 'cus_19fe02aa',
    status: 'paid',
    currency: 'EUR',
    total_cents: 12_500,
    refunded_cents: 0,
    lines: [{ description: 'Team plan, one month', quantity: 5, unit_cents: 2_500 }],
  },
  {
    id: 'inv_77d0beef',
    customer_id: 'cus_19fe02aa',
    status: 'open',
    currency: 'EUR',
    total_cents: 4_900,
    refunded_cents: 0,
    lines: [{ description: 'Single plan, one month', quantity: 1, unit_cents: 4_900 }],
  },
  {
    id: 'inv_90aa12cd',
    customer_id: 'cus_5510bb3c',
    status: 'paid',
    currency: 'USD',
    total_cents: 30_000,
    refunded_cents: 0,
    lines: [{ description: 'Onboarding', quantity: 1, unit_cents: 30_000 }],
  },
  {
    id: 'inv_c0ffee42',
    customer_id: 'cus_5510bb3c',
    status: 'paid',
    currency: 'USD',
    total_cents: 90_000,
    refunded_cents: 0,
    lines: [{ description: 'Team plan, one year', quantity: 3, unit_cents: 30_000 }],
  },
];

function numbered(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(8, '0')}`;
}
