import { defineErrors } from './catalogue.ts';

export const analysisErrors = defineErrors({});
