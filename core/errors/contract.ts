import { defineErrors } from './catalogue.ts';

/** Errors of `migrationContract.json`. */
export const contractErrors = defineErrors({
  'contract.invalid': {
    summary: 'The migration contract is not valid.',
    remedy: 'Correct the places that are named (JSON pointers into the contract), or run stage 2 again.',
    retryable: false,
  },
  'contract.not-buildable': {
    summary: 'The migration contract is valid, but asks for something that a later stage can not build.',
    remedy: 'Take out or change the places that are named; contract/buildable.ts lists what each stage can not build.',
    retryable: false,
  },
});
