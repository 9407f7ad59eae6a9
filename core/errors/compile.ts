import { defineErrors } from './catalogue.ts';

/** Errors of stage 4: compiling the application's SQL, and putting the result on the branch. */
export const compileErrors = defineErrors({
  'compile.application-red': {
    summary: 'With the DynamoDB implementation in it, the application does not build or lint.',
    remedy:
      'Read the output. Where it names a file below by-hand, mend that file on the branch, commit, and retry. Else it is a defect of what was generated: report it; until it is mended, write the method that is named by hand (docs/generated-code.md) and retry.',
    retryable: false,
  },
  'compile.by-hand-unknown': {
    summary: 'A file that is written by hand names no method of the data access layer.',
    remedy:
      'Name it by-hand/<aggregate>/<method> as in stage-03/data-access.json; help for several methods lies in by-hand itself, or in a folder of another name. Commit and retry.',
    retryable: false,
  },
  'compile.generated-tests-unrecorded': {
    summary: 'What the data access layer answers on MySQL could not be recorded for the generated tests.',
    remedy:
      'Read the output: the test framework of the application must be able to run a file that imports its data access layer.',
    retryable: false,
  },
  'compile.differential-unserved': {
    summary: 'The data access layer could not be served for the differential test.',
    remedy:
      'Read the output: the test framework of the application must be able to run a file that imports its data access layer, until the test is over. Mend what it names and retry.',
    retryable: false,
  },
});
