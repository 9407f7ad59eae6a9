import { defineErrors } from './catalogue.ts';

/** Errors of stage 4: compiling the application's SQL, and putting the result on the branch. */
export const compileErrors = defineErrors({
  'compile.application-red': {
    summary: 'With the DynamoDB implementation in it, the application does not build or lint.',
    remedy: 'Read the output; it is a defect of what was generated, so report it, or mend the branch and retry.',
    retryable: false,
  },
  'compile.generated-tests-unrecorded': {
    summary: 'What the data access layer answers on MySQL could not be recorded for the generated tests.',
    remedy:
      'Read the output: the test framework of the application must be able to run a file that imports its data access layer.',
    retryable: false,
  },
});
