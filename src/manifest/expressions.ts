/** Parses runtime expressions and the texts and templates that hold them. */

/** One parsed expression, e.g. `$args#/invoice_id` → `{ from: 'args', pointer: '/invoice_id' }`. */
export type Expression =
  | { readonly from: 'args'; readonly pointer: string }
  | { readonly from: 'response.body'; readonly pointer: string }
  | { readonly from: 'response.header'; readonly name: string }
  | { readonly from: 'response.status' }
  | { readonly from: 'principal.subject' }
  | { readonly from: 'principal.tenant' }
  | { readonly from: 'operation.key' };

/** Text with expressions: plain strings and expressions, in order. */
export type TextTemplate = readonly (string | Expression)[];

/** JSON with texts and expressions at its leaves. */
export type ValueTemplate =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'text'; readonly text: TextTemplate }
  | { readonly kind: 'array'; readonly items: readonly ValueTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, member: ValueTemplate])[] };
