import type { TransferToHumanAgentsHandler } from '../generated/types/transfer_to_human_agents.ts';
import { addHandoff } from '../retail/records.ts';

export const handler: TransferToHumanAgentsHandler = ({ summary }) => ({
  message: 'Transfer successful',
  handoff_id: addHandoff(summary),
});
