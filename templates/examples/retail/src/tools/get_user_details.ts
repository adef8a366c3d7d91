import type { GetUserDetailsHandler } from '../generated/types/get_user_details.ts';
import { findUser } from '../retail/records.ts';

export const handler: GetUserDetailsHandler = ({ user_id }, ctx) => findUser(user_id) ?? ctx.fail('USER_NOT_FOUND');
