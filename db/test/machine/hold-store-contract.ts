import { suite } from '@holdfast/infra/testing';
import { BUDGET_RULES } from './budget-rules.ts';
import {
  CONTRACT_RULES,
  type ContractWorld,
  createContractWorld,
  type StoreUnderTest,
} from './contract-rules.ts';
import { FLOW_ORDER_RULES } from './flow-order-rules.ts';

/** Runs every contract rule on one implementation, as a suite of its own. */
export function holdStoreContract(
  name: string,
  open: () => Promise<StoreUnderTest>,
  close: () => Promise<void>,
): void {
  const contract = suite(`hold store contract: ${name}`);
  let world: ContractWorld;
  contract.before(async () => {
    world = createContractWorld(await open());
  });
  contract.after(close);
  for (const { title, proof } of [...CONTRACT_RULES, ...FLOW_ORDER_RULES, ...BUDGET_RULES]) {
    contract(title, () => proof(world));
  }
  contract.run();
}
