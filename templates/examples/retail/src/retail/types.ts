/** The shop's records, in the shapes of tau-bench's retail domain. Money is in US dollars. */

export interface Address {
  address1: string;
  address2: string;
  city: string;
  state: string;
  country: string;
  zip: string;
}

export interface PaymentMethod {
  id: string;
  source: 'credit_card' | 'gift_card' | 'paypal';
  /** Credit cards only. */
  brand?: string;
  /** Credit cards only. */
  last_four?: string;
  /** Gift cards only. */
  balance?: number;
}

export interface User {
  user_id: string;
  name: { first_name: string; last_name: string };
  address: Address;
  email: string;
  payment_methods: Record<string, PaymentMethod>;
  orders: string[];
}

export interface Variant {
  item_id: string;
  options: Record<string, string>;
  available: boolean;
  price: number;
}

export interface Product {
  name: string;
  product_id: string;
  /** By item id. */
  variants: Record<string, Variant>;
}

export interface OrderItem {
  name: string;
  product_id: string;
  item_id: string;
  price: number;
  options: Record<string, string>;
}

export interface Payment {
  transaction_type: 'payment' | 'refund';
  amount: number;
  payment_method_id: string;
}

export interface Order {
  order_id: string;
  user_id: string;
  status:
    | 'pending'
    | 'pending (item modified)'
    | 'processed'
    | 'delivered'
    | 'cancelled'
    | 'return requested'
    | 'exchange requested';
  address: Address;
  items: OrderItem[];
  fulfillments: { tracking_id: string[]; item_ids: string[] }[];
  payment_history: Payment[];
  cancel_reason?: string;
  return_items?: string[];
  return_payment_method_id?: string;
  exchange_items?: string[];
  exchange_new_items?: string[];
  exchange_payment_method_id?: string;
  exchange_price_difference?: number;
}

/** Ends a call with one of the errors that its tool declares: the part of a tool's `ctx` that the domain needs. */
export interface Refusal<Code extends string> {
  fail(code: Code): never;
}
