import { defineErrors } from './catalogue.ts';

export const workflowErrors = defineErrors({});
