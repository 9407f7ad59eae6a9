import { defineErrors } from './catalogue.ts';

export const modelErrors = defineErrors({});
