/** Payment methods: which may be used, and what happens to a gift card's balance. */
import { roundToCents, sum } from './money.ts';
import type { Order, Payment, PaymentMethod, Refusal, User } from './types.ts';

export function paymentMethodOf(
  user: User,
  paymentMethodId: string,
  refusal: Refusal<'PAYMENT_METHOD_NOT_FOUND'>,
): PaymentMethod {
  const methods = user.payment_methods;
  const method = Object.hasOwn(methods, paymentMethodId) ? methods[paymentMethodId] : undefined;
  return method ?? refusal.fail('PAYMENT_METHOD_NOT_FOUND');
}

/** A gift card must cover the amount; other methods are not checked here. */
export function requireCover(
  method: PaymentMethod,
  amount: number,
  refusal: Refusal<'GIFT_CARD_BALANCE_TOO_LOW'>,
): void {
  if (method.source === 'gift_card' && (method.balance ?? 0) < amount) refusal.fail('GIFT_CARD_BALANCE_TOO_LOW');
}

/** Takes an amount from a method, or gives it back where negative. Only a gift card changes at once. */
export function charge(method: PaymentMethod, amount: number): void {
  if (method.source === 'gift_card') method.balance = roundToCents((method.balance ?? 0) - amount);
}

/** The payment of an order that was paid once and never touched again. */
export function onlyPayment(order: Order): Payment | undefined {
  const [payment, ...others] = order.payment_history;
  return payment?.transaction_type === 'payment' && others.length === 0 ? payment : undefined;
}

/** What every payment method has paid for an order so far, less what it got back; methods even by now are left out. */
export function openPayments(order: Order): Payment[] {
  const ids = [...new Set(order.payment_history.map((payment) => payment.payment_method_id))];
  return ids
    .map((id): Payment => ({ transaction_type: 'payment', amount: paidWith(order, id), payment_method_id: id }))
    .filter((payment) => payment.amount > 0);
}

function paidWith(order: Order, paymentMethodId: string): number {
  const payments = order.payment_history.filter((payment) => payment.payment_method_id === paymentMethodId);
  return sum(payments.map((payment) => (payment.transaction_type === 'payment' ? payment.amount : -payment.amount)));
}
