import type { AllocationInput, RecordPaymentInput, WithholdingInput } from '../gql';

/** The names are those of the input, so that what the server says of them stands at the field. */
export const [withheldBy, withheldOn, withheldAmount] = ['withholding.taxCodeId', 'withholding.base', 'withholding.amount'] as const;
export const taxOfAdvance = 'advance.taxCodeId';

type Given = { [name: string]: string | null | undefined };

/** The tax that is kept back, where one is chosen. */
export function withholding(input: Record<string, unknown>): { withholding?: WithholdingInput } {
  const { [withheldBy]: taxCodeId, [withheldOn]: base, [withheldAmount]: amount } = input as Given;
  return taxCodeId ? { withholding: { taxCodeId, base: base ?? null, amount: amount ?? null } } : {};
}

/** The API's input for what the form holds. An advance settles nothing yet; the amount is the sum of what it settles unless it's said. */
export function paymentInput(input: Record<string, unknown>, allocations: AllocationInput[], applied: string): RecordPaymentInput {
  const { advance, [taxOfAdvance]: taxCodeId, amount, ...rest } = input;
  const plain = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.includes('.')));
  return {
    ...plain,
    ...withholding(rest),
    ...(advance === true ? { advance: { taxCodeId: (taxCodeId ?? null) as string | null } } : { allocations }),
    amount: typeof amount === 'string' ? amount : applied,
  };
}
