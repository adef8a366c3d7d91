/** The users and orders of the example's shop. All of them are invented. */
import { PRODUCTS } from './catalog.ts';
import { sum } from './money.ts';
import type { Address, Order, OrderItem, Payment, PaymentMethod, User } from './types.ts';

type Place = readonly [address1: string, address2: string, city: string, state: string, zip: string];

const CUSTOMERS: readonly (readonly [firstName: string, lastName: string, number: number, Place, PaymentMethod[]])[] = [
  ['Ada', 'Moreno', 1204, ['12 Cedar Lane', '', 'Portland', 'OR', '97205'], [creditCard(1, 'visa'), giftCard(1, 80)]],
  ['Bela', 'Kovacs', 2231, ['77 Hill Road', 'Apt 4', 'Denver', 'CO', '80203'], [paypal(2)]],
  [
    'Chidi',
    'Okafor',
    3090,
    ['5 Harbor Street', '', 'Boston', 'MA', '02110'],
    [giftCard(3, 1500), creditCard(3, 'visa')],
  ],
  ['Dana', 'Levi', 4417, ['230 Lake Avenue', 'Unit 12', 'Chicago', 'IL', '60611'], [creditCard(4, 'mastercard')]],
  ['Emil', 'Larsen', 5562, ['9 Birch Court', '', 'Seattle', 'WA', '98109'], [paypal(5), giftCard(5, 25.5)]],
  [
    'Farah',
    'Haddad',
    6678,
    ['41 Olive Street', 'Floor 2', 'Austin', 'TX', '78701'],
    [creditCard(6, 'visa'), paypal(6)],
  ],
  ['Grace', 'Nguyen', 7781, ['600 Pine Street', '', 'San Jose', 'CA', '95112'], [giftCard(7, 300)]],
  ['Hugo', 'Silva', 8812, ['18 Palm Drive', 'Suite 3', 'Miami', 'FL', '33130'], [creditCard(8, 'mastercard')]],
  ['Ines', 'Costa', 9034, ['3 River Walk', '', 'Nashville', 'TN', '37201'], [paypal(9), creditCard(9, 'visa')]],
  ['Jonas', 'Weber', 1150, ['88 Maple Street', 'Apt 9', 'Columbus', 'OH', '43215'], [creditCard(10, 'visa')]],
  ['Kira', 'Tanaka', 1267, ['27 Garden Way', '', 'San Diego', 'CA', '92101'], [giftCard(11, 60), paypal(11)]],
  ['Liam', 'Byrne', 1389, ['14 Mill Lane', '', 'Philadelphia', 'PA', '19103'], [creditCard(12, 'mastercard')]],
];

/** What was bought: the name of a product and the position of the variant. */
type Piece = readonly [product: string, position: number];

type Purchase = readonly [id: string, userId: string, Order['status'], paymentMethodId: string, Piece[]];

const PURCHASES: readonly Purchase[] = [
  [
    '#W1000001',
    'ada_moreno_1204',
    'pending',
    'credit_card_0000001',
    [
      ['Desk Lamp', 0],
      ['Notebook', 1],
    ],
  ],
  [
    '#W1000002',
    'ada_moreno_1204',
    'delivered',
    'gift_card_0000001',
    [
      ['Water Bottle', 0],
      ['Water Bottle', 0],
    ],
  ],
  ['#W1000003', 'bela_kovacs_2231', 'pending', 'paypal_0000002', [['Hiking Boots', 0]]],
  ['#W1000004', 'bela_kovacs_2231', 'processed', 'paypal_0000002', [['Rain Jacket', 1]]],
  [
    '#W1000005',
    'chidi_okafor_3090',
    'pending',
    'gift_card_0000003',
    [
      ['Tablet', 0],
      ['Earbuds', 2],
    ],
  ],
  [
    '#W1000006',
    'chidi_okafor_3090',
    'delivered',
    'credit_card_0000003',
    [
      ['Monitor', 0],
      ['Desk Chair', 1],
    ],
  ],
  ['#W1000007', 'dana_levi_4417', 'delivered', 'credit_card_0000004', [['Robot Vacuum', 0]]],
  ['#W1000008', 'emil_larsen_5562', 'pending', 'paypal_0000005', [['Smart Watch', 0]]],
  ['#W1000009', 'emil_larsen_5562', 'delivered', 'gift_card_0000005', [['Tea Kettle', 0]]],
  ['#W1000010', 'farah_haddad_6678', 'cancelled', 'paypal_0000006', [['Tent', 0]]],
  [
    '#W1000011',
    'grace_nguyen_7781',
    'pending',
    'gift_card_0000007',
    [
      ['Yoga Mat', 0],
      ['Dumbbell Set', 0],
    ],
  ],
  ['#W1000012', 'hugo_silva_8812', 'processed', 'credit_card_0000008', [['Espresso Machine', 0]]],
  [
    '#W1000013',
    'ines_costa_9034',
    'pending',
    'paypal_0000009',
    [
      ['Running Shoes', 0],
      ['Backpack', 0],
    ],
  ],
  [
    '#W1000014',
    'jonas_weber_1150',
    'delivered',
    'credit_card_0000010',
    [
      ['Gaming Mouse', 0],
      ['Gaming Mouse', 1],
    ],
  ],
  ['#W1000015', 'kira_tanaka_1267', 'return requested', 'paypal_0000011', [['Chess Set', 0]]],
  ['#W1000016', 'liam_byrne_1389', 'pending', 'credit_card_0000012', [['Bicycle', 0]]],
];

export const USERS: readonly User[] = CUSTOMERS.map(([firstName, lastName, number, place, methods]) => {
  const userId = `${firstName}_${lastName}_${number}`.toLowerCase();
  return {
    user_id: userId,
    name: { first_name: firstName, last_name: lastName },
    address: addressOf(place),
    email: `${firstName}.${lastName}@example.com`.toLowerCase(),
    payment_methods: Object.fromEntries(methods.map((method) => [method.id, method])),
    orders: PURCHASES.filter(([, buyer]) => buyer === userId).map(([orderId]) => orderId),
  };
});

export const ORDERS: readonly Order[] = PURCHASES.map(orderOf);

function orderOf([orderId, userId, status, paymentMethodId, pieces]: Purchase, index: number): Order {
  const items = pieces.map(itemOf);
  const itemIds = items.map((item) => item.item_id);
  const payment: Payment = {
    transaction_type: 'payment',
    amount: sum(items.map((item) => item.price)),
    payment_method_id: paymentMethodId,
  };
  const order: Order = {
    order_id: orderId,
    user_id: userId,
    status,
    address: present(USERS.find((user) => user.user_id === userId)).address,
    items,
    fulfillments: [],
    payment_history: [payment],
  };
  if (['processed', 'delivered', 'return requested'].includes(status)) {
    order.fulfillments.push({ tracking_id: [String(400_000_000_000 + index * 98_765_431)], item_ids: itemIds });
  }
  if (status === 'cancelled') {
    order.payment_history.push({ ...payment, transaction_type: 'refund' });
    order.cancel_reason = 'no longer needed';
  }
  if (status === 'return requested') {
    order.return_items = itemIds;
    order.return_payment_method_id = paymentMethodId;
  }
  return order;
}

function itemOf([name, position]: Piece): OrderItem {
  const product = present(PRODUCTS.find((candidate) => candidate.name === name));
  const variant = present(Object.values(product.variants)[position]);
  const { item_id, price, options } = variant;
  return { name, product_id: product.product_id, item_id, price, options };
}

function addressOf([address1, address2, city, state, zip]: Place): Address {
  return { address1, address2, city, state, country: 'USA', zip };
}

function creditCard(number: number, brand: string): PaymentMethod {
  const id = `credit_card_${sevenDigits(number)}`;
  return { id, source: 'credit_card', brand, last_four: String(4000 + number * 37) };
}

function giftCard(number: number, balance: number): PaymentMethod {
  return { id: `gift_card_${sevenDigits(number)}`, source: 'gift_card', balance };
}

function paypal(number: number): PaymentMethod {
  return { id: `paypal_${sevenDigits(number)}`, source: 'paypal' };
}

function sevenDigits(number: number): string {
  return String(number).padStart(7, '0');
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the seed names a record that does not exist');
  return value;
}
